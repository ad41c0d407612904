package dialogs

import (
	"testing"
	"time"

	"github.com/alicebob/miniredis/v2"
	"github.com/redis/go-redis/v9"
)

func TestTheLimiterLetsBurstsThroughAndThenTheRate(t *testing.T) {
	t.Parallel()
	server := miniredis.RunT(t)
	now := time.Date(2026, 1, 5, 10, 0, 0, 0, time.UTC)
	server.SetTime(now)
	client := connect(t, "redis://"+server.Addr())
	one, two := NewLimiter(client, hash), NewLimiter(client, hash) // two replicas
	allow := func(l *Limiter, chat string) time.Duration {
		t.Helper()
		wait, err := l.Allow(t.Context(), PerGroup, "telegram", chat)
		if err != nil {
			t.Fatal(err)
		}
		return wait
	}
	for i := range 3 {
		if wait := allow(one, "-100"); wait != 0 {
			t.Errorf("event %d of the burst waits %v", i+1, wait)
		}
	}
	const every = time.Minute / 18
	near := func(got, want time.Duration) bool { return (got - want).Abs() < time.Millisecond }
	for range 2 { // a refusal costs nothing
		if wait := allow(two, "-100"); !near(wait, every) {
			t.Errorf("the fourth event waits %v, want %v", wait, every)
		}
	}
	if wait := allow(two, "-200"); wait != 0 {
		t.Errorf("another group waits %v", wait)
	}
	server.SetTime(now.Add(every + time.Millisecond))
	if wait := allow(two, "-100"); wait != 0 {
		t.Errorf("after its wait the fourth event waits %v", wait)
	}
	if wait := allow(one, "-100"); !near(wait, every-time.Millisecond) {
		t.Errorf("the fifth event waits %v, want %v", wait, every-time.Millisecond)
	}

	n, at := 0, now.Add(time.Hour)
	for range 60 * 20 { // an hour later: a minute, asked every 50 ms
		server.SetTime(at)
		if allow(one, "-300") == 0 {
			n++
		}
		at = at.Add(50 * time.Millisecond)
	}
	if n != 18+2 {
		t.Errorf("%d events in a minute, want 18 and the burst's 2", n)
	}
}

func TestTheLimiterOnRedis(t *testing.T) {
	onBoth(t, func(t *testing.T, client redis.UniversalClient) {
		l := NewLimiter(client, hash)
		hourly := Rate{Count: 1, Per: time.Hour}
		if wait, err := l.Allow(t.Context(), hourly, "bot"); wait != 0 || err != nil {
			t.Errorf("the first event: %v, %v", wait, err)
		}
		wait, err := l.Allow(t.Context(), hourly, "bot")
		if wait <= 30*time.Minute || wait > time.Hour || err != nil {
			t.Errorf("the second event waits %v, %v, want about an hour", wait, err)
		}
		keys := client.Keys(t.Context(), "l:*").Val()
		if len(keys) != 1 {
			t.Fatalf("keys %q, want one", keys)
		}
		if ttl := client.PTTL(t.Context(), keys[0]).Val(); ttl <= 0 || ttl > time.Hour {
			t.Errorf("the limiter's key lives %v, want an hour at most", ttl)
		}
		if _, err := l.Allow(t.Context(), Rate{}, "bot"); err == nil {
			t.Error("a rate of nothing is no error")
		}
	})
}
