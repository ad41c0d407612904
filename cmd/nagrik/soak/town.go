package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"os/exec"
	"strings"
	"sync"
	"time"

	"nagrik/bot/telegram/telegramtest"
	"nagrik/flows"
	"nagrik/store"
)

// station is a police station with its officers. Every third has no group: its cards go to the
// officers' private chats.
type station struct {
	code, name string
	label      string // as a review shows it
	sho, desk  *officer
	group      *telegramtest.Group // nil: none
	work       *work
	n          int        // which of the town's it is
	town       []*station // all there are
}

// First ids of the people and groups; Telegram's groups have negative ones.
const (
	citizenIDs = 700_000_000
	elderIDs   = 750_000_000
	officerIDs = 900_000_000
	groupIDs   = -500_000_000
)

// findStations chooses stations whose name alone says which is meant.
func findStations(n int) ([]*station, error) {
	directory, err := store.EmbeddedDirectory()
	if err != nil {
		return nil, err
	}
	all := flows.NewStations(directory).All()
	var chosen []*station
	for _, s := range directory.Stations {
		if len(chosen) == n {
			break
		}
		if s.Kind != "territorial" || strings.ContainsAny(s.NameHI, "0123456789()") {
			continue
		}
		if found, sure := all.Find("hi", s.NameHI, 1); sure && found[0].ID == s.Code {
			chosen = append(chosen, &station{code: s.Code, name: s.NameHI, label: found[0].Label})
		}
	}
	if len(chosen) < n {
		return nil, fmt.Errorf("only %d stations have a name of their own", len(chosen))
	}
	return chosen, nil
}

// another is another station of the town.
func (s *station) another(rnd *rand.Rand) *station {
	i := rnd.IntN(len(s.town) - 1)
	if i >= s.n {
		i++
	}
	return s.town[i]
}

// people gives a station its officers, and a group to two of three.
func (s *station) people(w *world, n int) {
	newOfficer := func(id int, name string) *officer {
		rnd := rand.New(rand.NewPCG(w.o.seed, uint64(2000+id)))
		return &officer{speaker: newSpeaker(w.telegram.Person(int64(officerIDs+id), name), w, rnd), station: s}
	}
	s.n, s.town = n, w.stations
	s.sho, s.desk = newOfficer(2*n, "थानाध्यक्ष"), newOfficer(2*n+1, "मुंशी")
	if n%3 != 2 {
		s.group = w.telegram.Group(int64(groupIDs-n), s.name+" थाना")
	}
}

// command runs a short command of the program and returns what it printed.
func command(ctx context.Context, binary string, env []string, args ...string) (string, error) {
	cmd := exec.CommandContext(ctx, binary, args...)
	cmd.Env = env
	var complaint bytes.Buffer
	cmd.Stderr = &complaint
	out, err := cmd.Output()
	if err != nil {
		return "", fmt.Errorf("nagrik %s: %w: %s", strings.Join(args, " "), err, complaint.String())
	}
	return string(out), nil
}

// enlist invites the officers of all stations by the command line, and has them redeem their codes
// and bind their groups on Telegram.
func enlist(ctx context.Context, w words, stations []*station, binary string, env []string) error {
	ctx, cancel := context.WithTimeout(ctx, 5*time.Minute)
	defer cancel()
	var wait sync.WaitGroup
	failures := make([]error, len(stations))
	two := make(chan struct{}, 2) // processes at a time
	for i, s := range stations {
		wait.Go(func() {
			failures[i] = s.enlist(ctx, w, func(args ...string) (string, error) {
				two <- struct{}{}
				defer func() { <-two }()
				return command(ctx, binary, env, append([]string{"officer", "invite", "--station", s.code}, args...)...)
			})
		})
	}
	wait.Wait()
	return errors.Join(failures...)
}

func (s *station) enlist(ctx context.Context, w words, invite func(args ...string) (string, error)) error {
	code := func(args ...string) (string, error) {
		out, err := invite(args...)
		if err != nil {
			return "", err
		}
		words := strings.Fields(out)
		if len(words) < 2 || words[0] != "code:" {
			return "", fmt.Errorf("no code in %q", out)
		}
		return words[1], nil
	}
	for role, officer := range map[string]*officer{"sho": s.sho, "desk_officer": s.desk} {
		err := insist(ctx, func() (string, error) { return code("--role", role) }, func(ctx context.Context, code string) error {
			officer.Say("/start inv_" + code)
			_, err := officer.Wait(ctx, w.phrase("desk.welcome."+role))
			return err
		})
		if err != nil {
			return fmt.Errorf("inviting an officer of %s: %w", s.code, err)
		}
	}
	if s.group == nil {
		return nil
	}
	err := insist(ctx, func() (string, error) { return code("--group") }, func(ctx context.Context, code string) error {
		s.group.Say(s.sho.Person, "/bind "+code)
		_, err := s.group.Wait(ctx, w.phrase("desk.group.bound"))
		return err
	})
	if err != nil {
		return fmt.Errorf("binding the group of %s: %w", s.code, err)
	}
	return nil
}

// insist tries again with a new code: where the answer to a code was lost, the code is spent.
func insist(ctx context.Context, invite func() (code string, err error), try func(context.Context, string) error) error {
	var err error
	for range 4 {
		code, failed := invite()
		if failed != nil {
			return failed
		}
		patient, cancel := context.WithTimeout(ctx, 30*time.Second)
		err = try(patient, code)
		cancel()
		if err == nil || ctx.Err() != nil {
			return err
		}
	}
	return err
}
