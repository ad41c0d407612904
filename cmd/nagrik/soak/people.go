package main

import (
	"bytes"
	"context"
	"image"
	"image/jpeg"
	"maps"
	"math/rand/v2"
	"slices"
	"strings"
)

// populate makes the stations with their officers, and citizens who have not said anything yet.
func (w *world) populate(ctx context.Context, binary string) (err error) {
	if w.stations, err = findStations(min(max(6, w.o.dialogs/2), 30)); err != nil {
		return err
	}
	var photo bytes.Buffer
	if err := jpeg.Encode(&photo, image.NewRGBA(image.Rect(0, 0, 64, 48)), nil); err != nil {
		return err
	}
	w.photo = photo.Bytes()
	for i, s := range w.stations {
		s.people(w, i)
	}
	if err := enlist(ctx, w.words, w.stations, binary, w.env); err != nil {
		return err
	}
	for told := 0; told < w.o.dialogs; {
		c := w.newCitizen(len(w.citizens), told)
		w.citizens = append(w.citizens, c)
		told += len(c.stories)
	}
	return nil
}

// newCitizen makes the nth citizen, with a story for each service in turn, whatever the seed, and for some
// a second one, as people who are known by then. told is how many stories there are already.
func (w *world) newCitizen(n, told int) *citizen {
	rnd := rand.New(rand.NewPCG(w.o.seed, 1000+uint64(n)))
	c := &citizen{self: newPerson(rnd), town: w.stations}
	c.speaker = newSpeaker(w.telegram.Person(int64(citizenIDs+n), c.self.name), w, rnd)
	services := slices.Sorted(maps.Keys(tellers))
	for i, other := range rnd.Perm(len(services))[:1+rnd.IntN(2)] {
		service := services[n%len(services)]
		if i > 0 {
			service = services[other]
		}
		if told+len(c.stories) == w.o.dialogs || i > 0 && !comesAfter(c.stories[0].service, service) {
			break
		}
		t := c.newStory(rnd, service, w.stations[(told+len(c.stories))%len(w.stations)])
		c.stories = append(c.stories, t)
		switch {
		case service == byRelative && chance(rnd, .8): // else the elder has no phone
			w.elders = append(w.elders, w.newElder(t, len(w.elders)))
		case service == byRelative:
			t.skip("elder.phone")
		case service == "verification" && told+len(c.stories) < w.o.dialogs && chance(rnd, .6):
			c.stories = append(c.stories, c.nextTenant(rnd, t))
		}
	}
	return c
}

// comesAfter says whether a citizen can tell a story of another service after the first one: it is then
// asked as it would be of anybody. Whoever is registered as a senior is asked only the days of a journey.
func comesAfter(first, second string) bool {
	return first != strings.Fields(second)[0] && !(first == "senior_registration" && second == "travel_alert")
}

func (w *world) newElder(t *story, n int) *elder {
	e := &elder{asked: make(chan string, 1)}
	e.speaker = newSpeaker(w.telegram.Person(int64(elderIDs+n), "बुज़ुर्ग"), w, rand.New(rand.NewPCG(w.o.seed, 3000+uint64(n))))
	t.names(e)
	return e
}
