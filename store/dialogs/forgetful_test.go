package dialogs

import (
	"errors"
	"slices"
	"testing"
	"time"

	"github.com/alicebob/miniredis/v2"
	"github.com/redis/go-redis/v9"

	"nagrik/store/embedded"
)

func TestRemembers(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		options embedded.Options
		set     [2]string
		want    []string
	}{
		"a trial's":           {embedded.Options{}, [2]string{}, []string{`appendonly "no"`}},
		"one that forgets":    {embedded.Options{Forgetful: true}, [2]string{}, nil},
		"one of the tests":    {embedded.Options{Fast: true}, [2]string{}, nil},
		"one with snapshots":  {embedded.Options{Forgetful: true}, [2]string{"save", "3600 1"}, []string{`save ""`}},
		"one with a slow log": {embedded.Options{Forgetful: true}, [2]string{"slowlog-log-slower-than", "10000"}, []string{`slowlog-log-slower-than "-1"`}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			server, err := embedded.StartRedis(t.Context(), t.TempDir(), c.options)
			if err != nil {
				t.Fatal(err)
			}
			t.Cleanup(func() { _ = server.Stop(t.Context()) })
			options, err := redis.ParseURL(server.URL())
			if err != nil {
				t.Fatal(err)
			}
			client := redis.NewClient(options)
			defer func() { _ = client.Close() }()
			if c.set[0] != "" {
				if err := client.ConfigSet(t.Context(), c.set[0], c.set[1]).Err(); err != nil {
					t.Fatal(err)
				}
			}
			if got, err := Remembers(t.Context(), client); err != nil || !slices.Equal(got, c.want) {
				t.Errorf("to be set: %q, %v, want %q", got, err, c.want)
			}
		})
	}
	t.Run("one that does not tell", func(t *testing.T) {
		t.Parallel()
		if got, err := Remembers(t.Context(), connect(t, "redis://"+miniredis.RunT(t).Addr())); !errors.Is(err, ErrUnknown) {
			t.Errorf("%q, %v", got, err)
		}
	})
}

// TestNothingRemembered: a Store without a cache holds nothing of a dialog in this process.
func TestNothingRemembered(t *testing.T) {
	onBoth(t, func(t *testing.T, client redis.UniversalClient) {
		s := newStore(t, client, Options{Cache: -1, Prefix: "s:", TTL: 30 * time.Minute})
		state := stateOf("1")
		mustSave(t, s, "7", nil, state, SaveOptions{})
		if n := len(s.recent.entries); n != 0 {
			t.Errorf("%d dialogs are remembered", n)
		}
		if got := load(t, s, "7"); string(got) != string(state) || len(s.recent.entries) != 0 {
			t.Errorf("loaded %q, %d remembered", got, len(s.recent.entries))
		}
		if other := load(t, newStore(t, client, Options{}), "7"); other != nil {
			t.Errorf("under the ordinary prefix there is %q", other)
		}
		mustSave(t, s, "7", Token(state), nil, SaveOptions{Delete: true})
		if n := client.DBSize(t.Context()).Val(); n != 0 {
			t.Errorf("%d keys are left", n)
		}
	})
}

// TestReload asks Redis although this process remembers the dialog.
func TestReload(t *testing.T) {
	onBoth(t, func(t *testing.T, client redis.UniversalClient) {
		here, there := newStore(t, client, Options{}), newStore(t, client, Options{})
		state, next := stateOf("1"), stateOf("2")
		mustSave(t, here, "7", nil, state, SaveOptions{})
		mustSave(t, there, "7", Token(state), next, SaveOptions{})
		if got := load(t, here, "7"); string(got) != string(state) {
			t.Fatalf("remembered %q", got)
		}
		got, err := here.Reload(t.Context(), "telegram", "7")
		if err != nil || string(got) != string(next) {
			t.Errorf("reloaded %q, %v", got, err)
		}
	})
}
