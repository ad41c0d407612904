package dialogs

import (
	"fmt"
	"strings"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"github.com/redis/go-redis/v9"

	"nagrik/store/embedded/testdb"
)

// BenchmarkTurn is a Load and a Save of one chat after the other, alone and by
// 64 chats at once, over shared writes (as Store does) and over the plain pool.
func BenchmarkTurn(b *testing.B) {
	for _, shared := range []bool{true, false} {
		for _, chats := range []int{1, 64} {
			b.Run(fmt.Sprintf("shared=%v/chats=%d", shared, chats), func(b *testing.B) {
				client := connect(b, testdb.Redis(b))
				s := newStore(b, client, Options{})
				if !shared {
					s.shared = client
				}
				content := strings.Repeat("क", 180)
				var n atomic.Int64
				cpu := cpuTime()
				b.ResetTimer()
				b.SetParallelism((chats + 1) / 2) // times GOMAXPROCS
				if chats == 1 {
					for range b.N {
						turn(b, s, "7", content)
					}
				} else {
					b.RunParallel(func(pb *testing.PB) {
						chat := fmt.Sprint(n.Add(1))
						for pb.Next() {
							turn(b, s, chat, content)
						}
					})
				}
				b.StopTimer()
				b.ReportMetric(float64((cpuTime()-cpu).Microseconds())/float64(b.N), "cpu-µs/op")
			})
		}
	}
}

func turn(b *testing.B, s *Store, chat, content string) {
	state, err := s.Load(b.Context(), "telegram", chat)
	if err == nil {
		var ok bool
		if _, ok, err = s.Save(b.Context(), "telegram", chat, Token(state), stateOf(content), SaveOptions{}); err == nil && !ok {
			b.Fatal("a conflict")
		}
	}
	if err != nil {
		b.Fatal(err)
	}
}

// BenchmarkRoundTrip is what the fastest command costs alone, to compare with.
func BenchmarkRoundTrip(b *testing.B) {
	client := connect(b, testdb.Redis(b))
	for _, c := range []struct {
		name string
		ping redis.Cmdable
	}{{"shared", pipelined(client)}, {"pool", client}} {
		b.Run(c.name, func(b *testing.B) {
			for range b.N {
				if err := c.ping.Exists(b.Context(), "x").Err(); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

// cpuTime is what this process has used of the processor; Redis is another one.
func cpuTime() time.Duration {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		return 0
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}
