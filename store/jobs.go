package store

import (
	"context"
	"time"
)

// DeliverArgs is the job that sends one notice. Jobs hold ids only.
type DeliverArgs struct {
	Notice int64 `json:"notice"`
}

// Kind names the job in River's tables.
func (DeliverArgs) Kind() string { return "deliver" }

// JobOptions are for RunJobs; the zero value is good.
type JobOptions struct {
	Workers int           // notices sent at once, 100 if 0
	Sweep   time.Duration // how often lost jobs are looked for, 15 s if 0
}

// RunJobs works the jobs until stop: deliver sends one notice (Claim, send,
// Sent or Failed) and returns an error only if it could not come to an end,
// to be called again after 1, 3, 10, 30, then every 60 s. A sweeper makes lost
// jobs anew. stop waits for the notices in hand.
func (s *Store) RunJobs(ctx context.Context, deliver func(ctx context.Context, notice int64) error, o JobOptions) (stop func(context.Context) error, err error) {
	return nil, nil
}
