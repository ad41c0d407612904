package flows

import (
	"context"
	"strings"
	"time"

	"nagrik/bot"
	"nagrik/store"
)

// StrangerList is the list of unidentified bodies (अज्ञात शव), or of persons who were found alive and whom nobody knows: a
// family looks for one of their own. Photos come after a warning, and never those of a child.
type StrangerList struct {
	list recordList

	Looks    Description
	Since    bot.When
	District string
	What     string
}

// newBodyList and newPersonList are the lists with their records.
func newBodyList(r *Records) *StrangerList {
	return &StrangerList{list: recordList{records: r, service: "body_list", kind: store.RecordBody}}
}

func newPersonList(r *Records) *StrangerList {
	return &StrangerList{list: recordList{records: r, service: "person_list", kind: store.RecordPerson}}
}

// Prepare loads what was searched for.
func (s *StrangerList) Prepare(ctx context.Context, v bot.Visit) error {
	if v.Citizen == "" {
		return nil
	}
	search := placeSearch(v)
	if search != nil {
		search.What, search.Age = v.Answer("look.sex"), aboutAge(v.Answer("look.age"))
	}
	err := s.list.prepare(ctx, v, search)
	if v.Answer("what") == "photo" && v.Answer("seen") == "" {
		s.list.show(ctx)
	}
	return err
}

// guessed is by how many years the police may be wrong about an age.
const guessed = 5

// aboutAge is the age that an answer to Description.askAge stands for, with room for wrong guesses; nil for none.
func aboutAge(answer string) *store.AgeRange {
	age := exactly(answer)
	for _, b := range ageBands {
		if b.id == answer {
			age = &b.Range
		}
	}
	if age == nil {
		return nil
	}
	return &store.AgeRange{Low: age.Low - guessed, High: age.High + guessed}
}

// Ask names the questions.
func (s *StrangerList) Ask(q *bot.Questions) {
	q.Verify()
	s.list.sayGone(q)
	q.Choice(&s.Looks.Sex, "look.sex", sexes, bot.Optional, bot.With("Child", false))
	s.Looks.askAge(q, ageBands, bot.Optional)
	q.Date(&s.Since, "since", bot.Past, bot.Optional)
	askAnyDistrict(q, &s.District, s.list.records.Stations)
	if !s.list.ask(q) {
		return
	}
	open := []string{"know", "done"}
	first := open
	if s.list.hasFace() {
		first = append([]string{"photo"}, open...)
	}
	q.Choice(&s.What, "what", first, bot.With("Card", s.list.card()), bot.With("Photo", s.list.hasFace()),
		bot.With("Child", s.list.picked != nil && s.list.picked.known.Looks.child()))
	if s.What == "photo" {
		q.Choice(&s.What, "seen", open, bot.Showing(s.list.photos))
	}
	if s.What == "know" {
		q.Continue("identification")
	}
}

// File says where the search ended.
func (s *StrangerList) File(context.Context, bot.Filing) (bot.Outcome, error) {
	return s.list.outcome(), nil
}

// askAnyDistrict asks for a district, or for the whole state. It is the last question before a list.
func askAnyDistrict(q *bot.Questions, into *string, stations *Stations) {
	q.Pick(into, "district", stations.Districts(), bot.Or(anywhere))
}

// placeSearch is the search by the answers to "since" and "district"; nil until the district is told.
func placeSearch(v bot.Visit) *store.RecordSearch {
	district := v.Answer("district")
	if district == "" {
		return nil
	}
	search := &store.RecordSearch{District: district}
	if district == anywhere {
		search.District = ""
	}
	if day, _, _ := strings.Cut(v.Answer("since"), "T"); day != "" {
		search.Since, _ = time.Parse(time.DateOnly, day)
	}
	return search
}
