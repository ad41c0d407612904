package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"sync"
	"time"
)

// stopTime is how long a stop may take, a little less than the 30 s that operators are promised.
const stopTime = 28 * time.Second

// started is what was started and has to be stopped, the last one first.
type started struct {
	log   *slog.Logger
	steps []step
}

type step struct {
	name string
	stop func(context.Context) error
}

// add notes how to stop what was just started.
func (s *started) add(name string, stop func(context.Context) error) {
	s.steps = append(s.steps, step{name, stop})
}

// background runs f beside everything else, until the stop ends f's context.
func (s *started) background(name string, f func(context.Context)) {
	ctx, cancel := context.WithCancel(context.Background())
	var running sync.WaitGroup
	running.Go(func() { f(ctx) })
	s.add(name, func(context.Context) error {
		cancel()
		running.Wait()
		return nil
	})
}

// stop stops everything in reverse order. A step that fails does not keep the others from being done.
func (s *started) stop() error {
	ctx, cancel := context.WithTimeout(context.Background(), stopTime)
	defer cancel()
	var failed []error
	for _, step := range slices.Backward(s.steps) {
		begun := time.Now()
		if err := step.stop(ctx); err != nil {
			failed = append(failed, fmt.Errorf("stopping %s: %w", step.name, err))
		}
		s.log.Debug("stopped", "step", step.name, "took", time.Since(begun))
	}
	s.steps = nil
	return errors.Join(failed...)
}
