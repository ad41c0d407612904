package main

import (
	"context"
	"errors"
	"fmt"
	"net"
	"os"
	"runtime/debug"
	"sync/atomic"

	"nagrik/store"
)

type serveCommand struct {
	Settings `embed:"" group:"Settings"`
}

// gcPercent lets the small heap of live data (about 30 MB) grow to five times its size between
// collections: memory that every server has, for a tenth of the processor time of a turn.
const gcPercent = 400

// Run serves until ctx ends.
func (s *serveCommand) Run(ctx context.Context) error {
	if err := s.complete(); err != nil {
		return err
	}
	up := &started{log: newLog(os.Stderr, &s.Settings)}
	debug.SetGCPercent(gcPercent)
	err := s.serve(ctx, up)
	if err != nil && ctx.Err() != nil {
		up.log.Info("stopped while starting", "error", err)
		err = nil
	}
	return errors.Join(err, up.stop())
}

// serve starts everything in order. What it notes in up is stopped in reverse, the turns in hand first.
func (s *serveCommand) serve(ctx context.Context, up *started) error {
	public, err := listen("public", s.ListenAddr)
	if err != nil {
		return err
	}
	up.add("public address", func(context.Context) error { return closed(public) })
	admin, err := listen("admin", s.AdminAddr)
	if err != nil {
		return err
	}
	up.add("admin address", func(context.Context) error { return closed(admin) })
	publicURL := s.addressOf(public.Addr().String())
	s.PublicURL = publicURL // with the port that was really taken

	c, err := openConversation(ctx, &s.Settings, alone, up)
	if err != nil {
		return err
	}
	if err := warnOfLogs(ctx, c); err != nil {
		return err
	}
	if s.trial() {
		if err := demonstrate(ctx, c); err != nil {
			return err
		}
	}
	channels, err := openChannels(c, publicURL, up)
	if err != nil {
		return err
	}
	desk := newDesk(c, channels.list())
	if err := sendNotices(ctx, c, desk, up); err != nil {
		return err
	}
	up.background("stray evidence", func(ctx context.Context) { forgetStrays(ctx, c) })
	up.background("open questions", func(ctx context.Context) {
		c.asks.Watch(ctx, func(err error) { c.log.Error("reading the open questions failed", "error", err) })
	})
	handler := c.safely(desk.Route(c.asks.Route(c.engine.Handle)))

	failures := make(chan error, 2)
	failed := func(err error) { failures <- err }
	var stopping atomic.Bool
	serveHTTP("admin", admin, adminHandler(c, &stopping), up, failed)
	serveHTTP("public", public, channels.handler(c, handler), up, failed, channels.web.Stop, channels.desk.Stop)
	channels.receiveTelegram(c, publicURL, handler, up)
	up.add("readiness", func(context.Context) error { stopping.Store(true); return nil })

	// Scripts read these two lines.
	fmt.Println("public", publicURL)
	fmt.Println("admin http://" + admin.Addr().String())
	if s.trial() {
		if err := showTrial(ctx, c, publicURL); err != nil {
			return err
		}
	}
	c.log.Info("serving")
	select {
	case <-ctx.Done():
		c.log.Info("stopping")
		return nil
	case err := <-failures:
		return err
	}
}

// closed closes a listener that its server may have closed before.
func closed(l net.Listener) error {
	if err := l.Close(); !errors.Is(err, net.ErrClosed) {
		return err
	}
	return nil
}

// demonstration is where the demonstration officer serves: Kotwali in Patna.
var demonstration = store.Seat{Role: store.SHO, Station: "5117044"}

// showTrial prints where the web chat is and one-time links for a demonstration officer.
func showTrial(ctx context.Context, c *conversation, publicURL string) error {
	links, err := invite(ctx, c.settings, c.records, demonstration, false, publicURL)
	if err != nil {
		return fmt.Errorf("inviting the demonstration officer: %w", err)
	}
	fmt.Printf("TRIAL run: nothing here is a real record; its databases are in %s\n", c.settings.DataDir)
	fmt.Printf("TRIAL web chat of citizens: %s/\n", publicURL)
	fmt.Printf("TRIAL officer, SHO of Kotwali in Patna:\n%s\n", links)
	return nil
}
