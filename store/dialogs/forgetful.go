package dialogs

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"

	"github.com/redis/go-redis/v9"
)

// forgetful is what a Redis must be set to so that nothing of a deleted value is left: no log of
// writes, no snapshots, no log of slow commands, which holds their arguments.
var forgetful = []struct{ setting, value string }{
	{"appendonly", "no"}, {"save", ""}, {"slowlog-log-slower-than", "-1"},
}

// ErrUnknown says that a Redis server does not tell its settings.
var ErrUnknown = errors.New("the Redis server does not tell its settings (CONFIG GET)")

// Remembers asks a Redis, all nodes of a Cluster, by which of its settings something is left of what
// is deleted, and returns those as they would have to be: `appendonly no`. None means that it forgets.
func Remembers(ctx context.Context, client redis.UniversalClient) (settings []string, err error) {
	cluster, ok := client.(*redis.ClusterClient)
	if !ok {
		return remembers(ctx, client)
	}
	var mu sync.Mutex
	err = cluster.ForEachShard(ctx, func(ctx context.Context, node *redis.Client) error {
		found, err := remembers(ctx, node)
		mu.Lock()
		defer mu.Unlock()
		for _, s := range found {
			if !slices.Contains(settings, s) {
				settings = append(settings, s)
			}
		}
		return err
	})
	return settings, err
}

func remembers(ctx context.Context, node redis.Cmdable) (settings []string, err error) {
	for _, f := range forgetful {
		got, err := node.ConfigGet(ctx, f.setting).Result()
		var refused redis.Error
		if errors.As(err, &refused) {
			return nil, ErrUnknown
		}
		if err != nil {
			return nil, fmt.Errorf("asking Redis for its settings: %w", err)
		}
		value, known := got[f.setting]
		if !known {
			return nil, ErrUnknown
		}
		if value != f.value {
			settings = append(settings, fmt.Sprintf("%s %q", f.setting, f.value))
		}
	}
	return settings, nil
}
