package flows

import (
	"strconv"

	"nagrik/bot"
)

// ElderMore is what a registration may say beyond the least: all of it may be left blank.
type ElderMore struct {
	Phone     string   `json:",omitempty"` // a second one
	Spouse    string   `json:",omitempty"`
	Children  []Child  `json:",omitempty"`
	Second    Contact  // another one to be told
	Neighbour Contact  // told when a greeting stays without an answer
	Doctor    string   `json:",omitempty"` // or hospital
	Health    string   `json:",omitempty"` // illnesses and medicine
	Mobility  string   `json:",omitempty"`
	Blood     string   `json:",omitempty"`
	Helpers   []Helper `json:",omitempty"`
	VisitTime string   `json:",omitempty"` // when a visit is welcome
	Language  string   `json:",omitempty"` // that the elder speaks
}

// Child is a son or a daughter.
type Child struct {
	Name  string
	City  string `json:",omitempty"`
	Phone string `json:",omitempty"`
}

// Helper is somebody who works or lives in the house.
type Helper struct {
	Kind     string
	Name     string
	Verified string // by the police: "verified", "unverified", "unknown"
}

const (
	maxChildren = 5
	maxHelpers  = 4
)

// ask asks for more of those who want to tell it.
func (m *ElderMore) ask(q *bot.Questions) {
	more := false
	q.Yes(&more, "more", bot.Optional, bot.Hidden)
	if !more {
		return
	}
	m.Neighbour.askOptional(q, "neighbour")
	m.Second.askOptional(q, "second")
	q.Text(&m.Phone, "second_phone", bot.Phone, bot.Optional)
	q.Text(&m.Spouse, "spouse", bot.Name, bot.Optional)
	m.askChildren(q)
	q.Text(&m.Doctor, "doctor", bot.Length(2, 200), bot.Optional)
	q.Text(&m.Health, "health", bot.Length(3, 500), bot.Optional)
	q.Choice(&m.Mobility, "mobility", []string{"walks", "stick", "wheelchair", "bed"}, bot.Optional)
	q.Choice(&m.Blood, "blood", []string{"a_pos", "b_pos", "o_pos", "ab_pos", "a_neg", "b_neg", "o_neg", "ab_neg"}, bot.Optional)
	m.askHelpers(q)
	q.Text(&m.VisitTime, "visit_time", bot.Printed(2, 60), bot.Optional)
	q.Choice(&m.Language, "language", []string{"hindi", "bhojpuri", "maithili", "magahi", "angika", "urdu", "bengali", "misc"}, bot.Optional)
}

// askOptional asks for somebody who may be left out.
func (c *Contact) askOptional(q *bot.Questions, key string) {
	q.Text(&c.Name, key+".name", bot.Name, bot.Optional)
	if c.Name != "" {
		q.Text(&c.Phone, key+".phone", bot.Phone, bot.Optional)
	}
}

func (m *ElderMore) askChildren(q *bot.Questions) {
	m.Children = nil
	some := false
	q.Yes(&some, "children", bot.Optional, bot.Hidden)
	for i := 1; some && i <= maxChildren; i++ {
		var c Child
		key := "children." + strconv.Itoa(i)
		q.Text(&c.Name, key+".name", bot.Name)
		q.Text(&c.City, key+".city", bot.Printed(2, 60), bot.Optional)
		q.Text(&c.Phone, key+".phone", bot.Phone, bot.Optional)
		m.Children = append(m.Children, c)
		some = false
		if i < maxChildren {
			q.Yes(&some, key+".more", bot.Hidden)
		}
	}
}

func (m *ElderMore) askHelpers(q *bot.Questions) {
	m.Helpers = nil
	some := false
	q.Yes(&some, "helpers", bot.Optional, bot.Hidden)
	for i := 1; some && i <= maxHelpers; i++ {
		var h Helper
		key := "helpers." + strconv.Itoa(i)
		q.Choice(&h.Kind, key+".kind", []string{"servant", "driver", "tenant", "misc"})
		q.Text(&h.Name, key+".name", bot.Name, bot.Optional)
		q.Choice(&h.Verified, key+".verified", []string{"verified", "unverified", "unknown"})
		m.Helpers = append(m.Helpers, h)
		some = false
		if i < maxHelpers {
			q.Yes(&some, key+".more", bot.Hidden)
		}
	}
}
