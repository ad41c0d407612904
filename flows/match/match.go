// Package match finds what was lost among what was found: things and persons, in citizens' filings and the police's records.
//
// [Matcher.Match] is a job for each new filing and record. A number that both sides have makes a pair at once. Else the store
// narrows down what may fit ([store.Store.Candidates]), [Subjects] reads whom or what each side tells of, and [Compare] says
// how alike they are. Whatever is likely goes to the officers of both sides, who decide; nobody else hears before.
package match

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"

	"nagrik/store"
)

// Matcher matches one side at a time, in any number of replicas at once.
type Matcher struct {
	Store   *store.Store
	Around  Around
	Observe func(kind, outcome string) // counts for the metrics; may be nil
}

// proposals is how many likely pairs of one side are proposed in one go: more would say that nothing is known of it.
const proposals = 3

// Match matches a side that waits for it.
func (m *Matcher) Match(ctx context.Context, side store.Side) error {
	c, err := m.Store.SideContent(ctx, side)
	if errors.Is(err, store.ErrNotFound) || err == nil && !c.Waits() {
		return nil
	}
	if err != nil {
		return fmt.Errorf("matching: %w", err)
	}
	if err := m.match(ctx, c); err != nil {
		return fmt.Errorf("matching: %w", err)
	}
	return m.Store.Matched(ctx, c)
}

func (m *Matcher) match(ctx context.Context, c store.SideContent) error {
	subjects := m.subjects(c)
	if c.Over {
		subjects = nil
	}
	var features []store.Features
	var ids []store.Identifier
	for _, s := range subjects {
		features = append(features, m.features(s))
		ids = append(ids, s.Strong...)
	}
	if err := m.Store.KeepFeatures(ctx, c, features, ids); err != nil || len(subjects) == 0 {
		return err
	}
	pairs, err := m.byNumber(ctx, c, subjects, ids)
	if err != nil {
		return err
	}
	likely, err := m.byLikeness(ctx, c, subjects)
	if err != nil {
		return err
	}
	made, err := m.Store.ProposeMatches(ctx, append(pairs, likely...)) // of a pair that is in both the number counts
	for range made {
		m.observe(subjects[0].Kind, "proposed")
	}
	return err
}

// features are what a subject is narrowed down by.
func (m *Matcher) features(s Subject) store.Features {
	f := s.features()
	f.Around = m.Around[s.District]
	return f
}

func (m *Matcher) subjects(c store.SideContent) []Subject {
	subjects, err := Subjects(c)
	if err != nil { // it would be no more readable tomorrow
		m.observe(c.Kind, "unreadable")
	}
	return subjects
}

// byNumber are the pairs with whatever has an identifier of the side's.
func (m *Matcher) byNumber(ctx context.Context, c store.SideContent, subjects []Subject, ids []store.Identifier) ([]store.NewMatch, error) {
	if subjects[0].Kind == store.MatchPerson { // a phone or a vehicle is not the person
		return nil, nil
	}
	others, err := m.Store.SameNumber(ctx, c, subjects[0].Lost, ids)
	if err != nil {
		return nil, err
	}
	var pairs []store.NewMatch
	for _, o := range others {
		theirs := m.subjects(o)
		for _, s := range subjects {
			i := slices.IndexFunc(theirs, func(t Subject) bool { return shared(s.Strong, t.Strong) })
			if i >= 0 {
				pairs = append(pairs, pair(c, s, o, theirs[i], Score{Points: 100, Alike: []string{byNumber}}))
				break
			}
		}
	}
	return pairs, nil
}

func shared(a, b []store.Identifier) bool {
	return slices.ContainsFunc(a, func(id store.Identifier) bool { return slices.Contains(b, id) })
}

// byLikeness are the likely pairs of the side, the best first.
func (m *Matcher) byLikeness(ctx context.Context, c store.SideContent, subjects []Subject) ([]store.NewMatch, error) {
	var pairs []store.NewMatch
	for _, s := range subjects {
		others, err := m.Store.Candidates(ctx, c, m.features(s))
		if err != nil {
			return nil, err
		}
		for _, o := range others {
			if o.Side == c.Side {
				continue
			}
			for _, t := range m.subjects(o) {
				if score := m.compare(s, t); score.Likely(s.Kind) && !conflict(s.Strong, t.Strong) {
					pairs = append(pairs, pair(c, s, o, t, score))
				}
			}
		}
	}
	slices.SortStableFunc(pairs, func(a, b store.NewMatch) int { return cmp.Compare(b.Score, a.Score) })
	return pairs[:min(proposals, len(pairs))], nil
}

// compare compares two subjects, whichever was lost.
func (m *Matcher) compare(a, b Subject) Score {
	if !a.Lost {
		a, b = b, a
	}
	return Compare(a, b, m.Around.near)
}

// conflict says whether two things have numbers of a kind that differ: then no likeness makes them one.
func conflict(a, b []store.Identifier) bool {
	for _, x := range a {
		for _, y := range b {
			if x.Kind == y.Kind && x.Kind != "phone" && !shared(a, b) {
				return true
			}
		}
	}
	return false
}

func pair(c store.SideContent, s Subject, o store.SideContent, t Subject, score Score) store.NewMatch {
	if !s.Lost {
		c, s, o, t = o, t, c, s
	}
	return store.NewMatch{
		Lost: c.Filing, LostN: s.N, Found: o.Side, FoundN: t.N, Person: s.Kind == store.MatchPerson, Body: t.Body,
		Exact: score.Alike[0] == byNumber, Score: score.Points, Alike: score.Alike,
	}
}

func (m *Matcher) observe(kind, outcome string) {
	if m.Observe != nil {
		m.Observe(kind, outcome)
	}
}
