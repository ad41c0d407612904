package dialogs

import (
	"bytes"
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"

	"github.com/alicebob/miniredis/v2"
	"github.com/redis/go-redis/v9"
)

func TestConnectReadsEveryKindOfAddress(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ url, addr, user, password string }{
		{"redis://localhost", "localhost:6379", "", ""},
		{"redis://:secret@redis:6380/3", "redis:6380", "", "secret"},
		{"rediss://bot:secret@redis.example:6380", "redis.example:6380", "bot", "secret"},
		{"unix:///run/redis.sock?db=3", "/run/redis.sock", "", ""},
	} {
		client, err := Connect(c.url, ConnectOptions{})
		if err != nil {
			t.Errorf("%s: %v", c.url, err)
			continue
		}
		defer client.Close()
		o := client.(*redis.Client).Options()
		if o.Addr != c.addr || o.Username != c.user || o.Password != c.password {
			t.Errorf("%s: %s of user %q", c.url, o.Addr, o.Username)
		}
		if wantDB := strings.HasSuffix(c.url, "3"); (o.DB == 3) != wantDB {
			t.Errorf("%s: database %d", c.url, o.DB)
		}
		if wantTLS := strings.HasPrefix(c.url, "rediss"); (o.TLSConfig != nil) != wantTLS {
			t.Errorf("%s: TLS %v, want %v", c.url, o.TLSConfig != nil, wantTLS)
		}
	}

	for _, url := range []string{
		"redis://bot:secret@h1:6379,h2:6380,h3:6381",
		"redis://bot:secret@h1:6379,redis://h2:6380,redis://bot:secret@h3:6381/",
	} {
		client, err := Connect(url, ConnectOptions{})
		if err != nil {
			t.Errorf("%s: %v", url, err)
			continue
		}
		defer client.Close()
		o := client.(*redis.ClusterClient).Options()
		if got := strings.Join(o.Addrs, " "); got != "h1:6379 h2:6380 h3:6381" || o.Username != "bot" || o.Password != "secret" {
			t.Errorf("%s: nodes %s of user %q", url, got, o.Username)
		}
	}

	client, err := Connect("redis://:secret@h1:26379,h2:26379/2?master_name=nagrik", ConnectOptions{})
	if err != nil {
		t.Fatal(err)
	}
	defer client.Close()
	if o := client.(*redis.Client).Options(); o.Addr != "FailoverClient" || o.DB != 2 {
		t.Errorf("with a master's name: %s, database %d, want Sentinel and 2", o.Addr, o.DB)
	}
}

// TestACluster is one of a single node: the commands take the way of a Cluster.
func TestACluster(t *testing.T) {
	t.Parallel()
	addr := miniredis.RunT(t).Addr()
	client := connect(t, "redis://"+addr+","+addr)
	if _, ok := client.(*redis.ClusterClient); !ok {
		t.Fatalf("two addresses are a %T", client)
	}
	b := newShelf()
	s := newStore(t, client, Options{Backup: b})
	var wg sync.WaitGroup
	for i := range 50 {
		wg.Go(func() {
			chat := fmt.Sprint(i)
			first, second := stateOf("1"), stateOf("2")
			_, ok1, err1 := s.Save(t.Context(), "telegram", chat, nil, first, SaveOptions{})
			_, ok2, err2 := s.Save(t.Context(), "telegram", chat, Token(first), second, SaveOptions{Copy: KeepCopy})
			s.recent.remove(s.key("telegram", chat))
			got, err3 := s.Load(t.Context(), "telegram", chat)
			if err := errors.Join(err1, err2, err3); err != nil || !ok1 || !ok2 || !bytes.Equal(got, second) {
				t.Errorf("saved %v and %v, loaded %q: %v", ok1, ok2, got, err)
			}
		})
	}
	wg.Wait()
	if err := s.Close(t.Context()); err != nil || b.len() != 50 {
		t.Errorf("%d of 50 drafts were copied: %v", b.len(), err)
	}
	if wait, err := NewLimiter(client, hash).Allow(t.Context(), PerBot, "bot"); wait != 0 || err != nil {
		t.Errorf("the limiter says %v, %v", wait, err)
	}
}

func TestAWrongAddressIsSaidWithoutItsPassword(t *testing.T) {
	t.Parallel()
	for _, url := range []string{
		"", "localhost:6379", "http://secret@localhost", "redis://bot:secret@host:port", "redis://bot:secret@h1:1,,h2:2",
		"redis://bot:s%zecret@host", "redis://:secret@host/one", "redis://:secret@host?no_such=secret", "redis://:secret@host?%zz",
	} {
		client, err := Connect(url, ConnectOptions{})
		if err == nil {
			client.Close()
			t.Errorf("%q: no error", url)
		} else if strings.Contains(err.Error(), "ecret") {
			t.Errorf("%q: the error shows the password: %v", url, err)
		}
	}
}
