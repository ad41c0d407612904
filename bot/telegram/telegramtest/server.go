// Package telegramtest is a Telegram to test against: a Bot API server, the people and groups that
// write to the bot, and the delivery of their updates as Telegram does it.
//
// Updates of one chat come in order, pressed buttons of one person on a lane of their own beside
// them; an update is offered again until the bot accepts it, and the next of its lane only then.
// The reply may ride in the answer to an update. What Telegram would refuse is refused. Everything
// is on record. It is real enough for the end-to-end tests, the soak and the benchmark.
package telegramtest

import (
	"context"
	"math/rand/v2"
	"net"
	"net/http"
	"strconv"
	"sync"
	"time"
)

// Config is how a Server behaves; the zero value is a Telegram without trouble.
type Config struct {
	Token    string // default "1000042:telegramtest"; the number is the bot's id
	Username string // default "nagrik_test_bot"
	Seed     uint64 // of everything random

	FirstUpdate, FirstMessage int64 // the ids before the first, 0 for 500,000 and 100

	// Speed is how many of Telegram's seconds pass in one of ours, 0 for 1: of the waits between
	// deliveries, the life of updates, and a group's minute. retry_after is whole real seconds.
	Speed       float64
	Connections int           // to the webhook when setWebhook does not say, 0 for 40
	Latency     time.Duration // of each call of the API
	PerGroup    int           // messages a minute to one group, 0 for 20

	// Shares from 0 to 1 of what goes wrong.
	Busy  float64 // sends that are answered 429
	Fail  float64 // calls that are answered 502 and not carried out
	Cut   float64 // calls that are carried out and whose answer is lost
	Lost  float64 // accepted updates whose acceptance is lost: not carried out, delivered again
	Twice float64 // accepted updates that are delivered once more

	Forget bool // keep counters and the newest messages of each chat only: for long runs
}

// Server is the Bot API and all that is behind it. Make one with New or Start.
type Server struct {
	URL string // of the API, set by Start

	token  string // fixed, so that requests may be checked without the lock
	cfg    Config
	botID  int64
	ctx    context.Context
	stop   context.CancelFunc
	work   sync.WaitGroup
	http   *http.Server
	client *http.Client

	mu          sync.Mutex
	rnd         *rand.Rand
	updateID    int64
	messageID   int64
	fileID      int64
	chats       map[int64]*chat
	persons     map[int64]*Person
	files       map[string][]byte
	queries     map[string]*query
	lanes       map[string]*lane
	hook        *webhook
	allowed     []string
	poll        chan struct{} // closed to end an older getUpdates
	arrived     chan struct{} // closed when an update arrives
	connections chan struct{}
	lastError   string
	lastErrorAt time.Time
	deliveries  map[int64]*Delivery
	order       []int64
	calls       []Call
	counts      map[string]int
}

// New makes a server that is an http.Handler. Close ends its deliveries.
func New(cfg Config) *Server {
	if cfg.Token == "" {
		cfg.Token = "1000042:telegramtest"
	}
	if cfg.Username == "" {
		cfg.Username = "nagrik_test_bot"
	}
	if cfg.Speed <= 0 {
		cfg.Speed = 1
	}
	if cfg.Connections <= 0 {
		cfg.Connections = 40
	}
	if cfg.PerGroup <= 0 {
		cfg.PerGroup = 20
	}
	if cfg.FirstUpdate == 0 {
		cfg.FirstUpdate = 500_000
	}
	if cfg.FirstMessage == 0 {
		cfg.FirstMessage = 100
	}
	s := &Server{
		token: cfg.Token, cfg: cfg, botID: leadingNumber(cfg.Token), rnd: rand.New(rand.NewPCG(cfg.Seed, 1)),
		updateID: cfg.FirstUpdate, messageID: cfg.FirstMessage,
		chats: map[int64]*chat{}, persons: map[int64]*Person{}, files: map[string][]byte{},
		queries: map[string]*query{}, lanes: map[string]*lane{}, arrived: make(chan struct{}),
		deliveries: map[int64]*Delivery{}, counts: map[string]int{},
	}
	transport := http.DefaultTransport.(*http.Transport).Clone()
	transport.MaxIdleConns, transport.MaxIdleConnsPerHost, transport.Proxy = 0, 100, nil
	s.client = &http.Client{Transport: transport, Timeout: max(s.real(60*time.Second), 5*time.Second)}
	s.ctx, s.stop = context.WithCancel(context.Background())
	return s
}

// Start makes a server that listens on a free port of the loopback interface, at URL.
func Start(cfg Config) (*Server, error) {
	s := New(cfg)
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, err
	}
	s.URL = "http://" + listener.Addr().String()
	s.http = &http.Server{Handler: s, ReadHeaderTimeout: 10 * time.Second}
	s.work.Add(1)
	go func() {
		defer s.work.Done()
		_ = s.http.Serve(listener)
	}()
	return s, nil
}

// Close ends everything that is under way and waits for it.
func (s *Server) Close() {
	s.stop()
	if s.http != nil {
		_ = s.http.Close()
	}
	s.work.Wait()
	s.client.CloseIdleConnections()
}

// Token is the bot's token.
func (s *Server) Token() string { return s.token }

// Change changes how the server behaves from now on, as when trouble begins or ends. Token,
// Username, Seed and Connections stay as they were.
func (s *Server) Change(change func(*Config)) {
	s.mu.Lock()
	defer s.mu.Unlock()
	kept := s.cfg
	change(&s.cfg)
	s.cfg.Token, s.cfg.Username, s.cfg.Seed, s.cfg.Connections = kept.Token, kept.Username, kept.Seed, kept.Connections
}

// config is a copy of the present behaviour.
func (s *Server) config() Config {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.cfg
}

// real is how long some time of Telegram's takes.
func (s *Server) real(d time.Duration) time.Duration {
	return time.Duration(float64(d) / s.cfg.Speed)
}

// chance is true in this share of the times. The caller holds the lock.
func (s *Server) chance(share float64) bool { return share > 0 && s.rnd.Float64() < share }

// pause waits, and is false if the server was closed meanwhile.
func (s *Server) pause(d time.Duration) bool {
	if d <= 0 {
		return s.ctx.Err() == nil
	}
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return true
	case <-s.ctx.Done():
		return false
	}
}

func leadingNumber(s string) int64 {
	end := 0
	for end < len(s) && s[end] >= '0' && s[end] <= '9' {
		end++
	}
	n, _ := strconv.ParseInt(s[:end], 10, 64)
	return n
}
