package dialogs

import (
	"context"
	"encoding/base64"
	"fmt"
	"time"

	"github.com/redis/go-redis/v9"
)

// Rate is how often something may happen: Count times in Per on average, and
// Burst at once after a pause (at least 1).
type Rate struct {
	Count int
	Per   time.Duration
	Burst int
}

// Telegram's limits for what a bot sends, with room for the replies it gives
// beside (core.telegram.org/bots/faq: 30 a second, 1 a second to a chat, 20 a
// minute to a group).
var (
	PerBot   = Rate{Count: 25, Per: time.Second, Burst: 25}
	PerChat  = Rate{Count: 1, Per: time.Second, Burst: 1}
	PerGroup = Rate{Count: 18, Per: time.Minute, Burst: 3}
)

// Limiter counts for all replicas together, in Redis and by its clock.
type Limiter struct {
	shared redis.Cmdable
	key    func(parts ...string) []byte
}

// NewLimiter makes a Limiter; key hashes what is limited, as in [Options].
func NewLimiter(client redis.UniversalClient, key func(parts ...string) []byte) *Limiter {
	return &Limiter{shared: pipelined(client), key: key}
}

// allowScript is GCRA: KEYS[1] holds the moment (in µs) at which the next
// event would be on time. ARGV: µs between events, µs that a burst may be early.
var allowScript = redis.NewScript(`
local t = redis.call('TIME')
local now = t[1] * 1000000 + t[2]
local due = tonumber(redis.call('GET', KEYS[1]) or 0)
if due < now then due = now end
local wait = due - ARGV[2] - now
if wait > 0 then return wait end
due = due + ARGV[1]
redis.call('SET', KEYS[1], string.format('%.0f', due), 'PX', math.ceil((due - now) / 1000))
return 0`)

// Allow takes one event of what parts name (such as "bot" and its id), and
// returns 0, or takes none and returns how long to wait before trying again.
func (l *Limiter) Allow(ctx context.Context, r Rate, parts ...string) (time.Duration, error) {
	if err := ctx.Err(); err != nil {
		return 0, fmt.Errorf("asking the limiter: %w", err)
	}
	if r.Count < 1 || r.Per <= 0 {
		return 0, fmt.Errorf("asking the limiter: a rate of %d in %v", r.Count, r.Per)
	}
	every := r.Per.Microseconds() / int64(r.Count)
	early := every * int64(max(r.Burst, 1)-1)
	name := "l:" + base64.RawURLEncoding.EncodeToString(l.key(parts...)[:16])
	wait, err := allowScript.Run(ctx, l.shared, []string{name}, every, early).Int64()
	if err != nil {
		return 0, fmt.Errorf("asking the limiter: %w", err)
	}
	return time.Duration(wait) * time.Microsecond, nil
}
