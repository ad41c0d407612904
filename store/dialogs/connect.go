package dialogs

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/url"
	"strings"
	"time"

	"github.com/redis/go-redis/v9"
)

// ConnectOptions say how to reach Redis.
type ConnectOptions struct {
	// Timeout of dialling, of one read and of one write; 300 ms. A slower Redis
	// is as one that is away: the channel delivers the message again.
	Timeout time.Duration
	// Log takes what the client has to say; it is one for the whole process.
	// nil leaves it as it is.
	Log *slog.Logger
}

// Connect returns a client for the Redis of a URL and connects when it is first
// used:
//
//	redis://user:password@host:6379/0        one server
//	rediss://host:6380                       with TLS
//	unix:///run/redis.sock?db=1
//	redis://host1:6379,host2:6379            nodes of a Cluster
//	redis://host1:26379,host2:26379/0?master_name=nagrik   Sentinels
//
// The user, password and settings of the first address are those of all.
// Errors never show the URL, which may hold a password.
func Connect(rawURL string, o ConnectOptions) (redis.UniversalClient, error) {
	first, others, master, err := splitURL(rawURL)
	if err != nil {
		return nil, err
	}
	parsed, err := redis.ParseURL(first)
	if err != nil {
		if wrong := (*url.Error)(nil); errors.As(err, &wrong) {
			return nil, errors.New("the Redis address cannot be read; an example: redis://localhost:6379/0")
		}
		return nil, fmt.Errorf("the Redis address: %w", err)
	}
	if o.Timeout == 0 {
		o.Timeout = 300 * time.Millisecond
	}
	if o.Log != nil {
		redis.SetLogger(clientLog{o.Log})
	}
	return redis.NewUniversalClient(&redis.UniversalOptions{
		Addrs:      append([]string{parsed.Addr}, others...),
		MasterName: master,
		DB:         parsed.DB, Username: parsed.Username, Password: parsed.Password,
		TLSConfig: parsed.TLSConfig,

		DialTimeout: o.Timeout, ReadTimeout: o.Timeout, WriteTimeout: o.Timeout,
		PoolTimeout: o.Timeout, DialerRetries: 1, MaxRetries: 1,
		ContextTimeoutEnabled: true,
		PoolSize:              16, // few: most commands are shared
		DisableIdentity:       true,

		AutoPipelineOptions: redis.DefaultBlockingAutoPipelineOptions(),
	}), nil
}

// splitURL takes the first address, the further ones and the Sentinels' master
// name out of a URL.
func splitURL(raw string) (first string, others []string, master string, err error) {
	scheme, rest, ok := strings.Cut(raw, "://")
	if !ok {
		return "", nil, "", errors.New("the Redis address has no scheme; an example: redis://localhost:6379/0")
	}
	rest, rawQuery, _ := strings.Cut(rest, "?")
	query, err := url.ParseQuery(rawQuery)
	if err != nil {
		return "", nil, "", errors.New("the Redis address has settings after ? that cannot be read")
	}
	master = query.Get("master_name")
	query.Del("master_name")
	path := ""
	if scheme != "unix" {
		hosts := strings.Split(rest, ",")
		for i, h := range hosts {
			if _, after, full := strings.Cut(h, "://"); full {
				h = after
			}
			if i > 0 {
				h = h[strings.LastIndexByte(h, '@')+1:]
			}
			h, p, _ := strings.Cut(h, "/")
			if p != "" {
				path = "/" + p
			}
			if h == "" {
				return "", nil, "", errors.New("the Redis address has an empty host; an example: redis://host1:6379,host2:6379")
			}
			hosts[i] = h
		}
		rest, others = hosts[0], hosts[1:]
	}
	first = scheme + "://" + rest + path
	if len(query) > 0 {
		first += "?" + query.Encode()
	}
	return first, others, master, nil
}

// pipelined returns the commands of a client such that those of concurrent
// turns share a connection and a write: 64 chats at once do 2 to 2.5 times the
// turns with less than half the processor time of the plain pool, and a lone
// command is not held back (5 µs more; see BenchmarkTurn). Such commands do not
// look at their context: the client's timeouts bound them.
func pipelined(client redis.UniversalClient) redis.Cmdable {
	if shared, err := client.AutoPipeline(); err == nil {
		return shared
	}
	return client
}

// clientLog passes the client's complaints on. They speak of connections,
// never of commands.
type clientLog struct{ log *slog.Logger }

// Printf is what go-redis calls.
func (l clientLog) Printf(ctx context.Context, format string, v ...any) {
	l.log.WarnContext(ctx, "redis client", "message", fmt.Sprintf(format, v...))
}
