package main

import (
	"context"
	"fmt"
	"math/rand/v2"
	"slices"
	"sync"
	"syscall"
	"time"
)

// storm kills things at random.
type storm struct {
	seed     uint64
	replicas []*replica
	postgres *postgres
	redis    *redisServer
	tips     *redisServer

	kills, postgresKills, redisKills, tipsKills, flushes int
}

// blow kills until ctx ends, at most for a time. Each server is started again a moment later, also
// the last one.
func (s *storm) blow(ctx context.Context, length time.Duration) error {
	var wait sync.WaitGroup
	defer wait.Wait()
	wait.Go(func() { s.killReplicas(ctx) })
	return s.killServers(ctx, length)
}

// killReplicas kills a replica every half to whole second.
func (s *storm) killReplicas(ctx context.Context) {
	rnd := rand.New(rand.NewPCG(s.seed, 3))
	for sleep(ctx, time.Duration(500+rnd.IntN(500))*time.Millisecond) {
		if s.replicas[rnd.IntN(len(s.replicas))].kill() {
			s.kills++
		}
	}
}

// killServers kills Postgres and Redis now and then, and has Redis lose all it knows.
func (s *storm) killServers(ctx context.Context, length time.Duration) error {
	type blow struct {
		at   time.Duration
		does func(context.Context, *rand.Rand) error
	}
	rnd := rand.New(rand.NewPCG(s.seed, 4))
	var plan []blow
	for _, kind := range []struct {
		once time.Duration
		does func(context.Context, *rand.Rand) error
	}{{18 * time.Second, s.killPostgres}, {18 * time.Second, s.killRedis}, {36 * time.Second, s.killTips}, {36 * time.Second, s.flushRedis}} {
		times := max(1, int(length/kind.once))
		part := length / time.Duration(times)
		for i := range times { // one in each part: not all at the end by bad luck
			plan = append(plan, blow{part*time.Duration(i) + time.Duration(rnd.Int64N(int64(part*8/10))), kind.does})
		}
	}
	slices.SortFunc(plan, func(a, b blow) int { return int(a.at - b.at) })
	begun := time.Now()
	for _, next := range plan {
		if !sleep(ctx, next.at-time.Since(begun)) {
			return nil
		}
		if err := next.does(ctx, rnd); err != nil && ctx.Err() == nil {
			return err
		}
	}
	return nil
}

// sleep waits; it is false if ctx ended.
func sleep(ctx context.Context, d time.Duration) bool {
	select {
	case <-time.After(d):
		return ctx.Err() == nil
	case <-ctx.Done():
		return false
	}
}

func (s *storm) killPostgres(_ context.Context, rnd *rand.Rand) error {
	s.postgresKills++
	if err := s.postgres.kill(pick(rnd, syscall.SIGKILL, syscall.SIGQUIT)); err != nil {
		return err
	}
	return startAgain("Postgres", rnd, s.postgres.start)
}

func (s *storm) killRedis(_ context.Context, rnd *rand.Rand) error {
	s.redisKills++
	if err := s.redis.kill(); err != nil {
		return err
	}
	return startAgain("Redis", rnd, s.redis.start)
}

func (s *storm) killTips(_ context.Context, rnd *rand.Rand) error {
	s.tipsKills++
	if err := s.tips.kill(); err != nil {
		return err
	}
	return startAgain("the Redis for tips", rnd, s.tips.start)
}

func (s *storm) flushRedis(ctx context.Context, _ *rand.Rand) error {
	s.flushes++
	return s.redis.flush(ctx)
}

// startAgain starts a server that was killed, after up to a second.
func startAgain(name string, rnd *rand.Rand, start func(context.Context) error) error {
	time.Sleep(time.Duration(rnd.IntN(1000)) * time.Millisecond)
	if err := start(context.Background()); err != nil {
		return fmt.Errorf("starting %s after it was killed: %w", name, err)
	}
	return nil
}
