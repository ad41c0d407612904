package main

import (
	"context"
	"net"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"github.com/redis/go-redis/v9"

	"nagrik/bot"
)

// metrics are the program's numbers. Labels are words of this program only: never anything that
// came with a message.
type metrics struct {
	registry *prometheus.Registry

	turned  *prometheus.CounterVec
	took    *prometheus.HistogramVec
	effects *prometheus.CounterVec
	notices *prometheus.CounterVec
	actions *prometheus.CounterVec
	matches *prometheus.CounterVec
	aside   *prometheus.CounterVec
	crashes prometheus.Counter
	tripped prometheus.Counter
	codes   *prometheus.CounterVec
	updates *prometheus.HistogramVec
	calls   *prometheus.HistogramVec
}

// turnBuckets are seconds: a turn without effects takes 1 or 2 ms, 80 ms is the aim for the slowest.
var turnBuckets = []float64{.001, .002, .005, .01, .02, .04, .08, .16, .32, .64, 1.3, 2.5, 5, 10, 30}

func newMetrics() *metrics {
	counter := func(name, help string, labels ...string) *prometheus.CounterVec {
		return prometheus.NewCounterVec(prometheus.CounterOpts{Namespace: "nagrik", Name: name, Help: help}, labels)
	}
	seconds := func(name, help string, labels ...string) *prometheus.HistogramVec {
		return prometheus.NewHistogramVec(prometheus.HistogramOpts{Namespace: "nagrik", Name: name, Help: help, Buckets: turnBuckets}, labels)
	}
	m := &metrics{
		registry: prometheus.NewRegistry(),
		turned:   counter("turns_total", "Messages handled, by channel, kind of message, and outcome: answered, silent or failed.", "channel", "kind", "outcome"),
		took:     seconds("turn_seconds", "Time to handle a message, without the channel's own.", "channel"),
		effects:  counter("effects_total", "What turns did beyond talking: filings, verifications, repeats, ...", "effect"),
		notices:  counter("notices_total", "Attempts to send a notice, by kind and outcome.", "kind", "outcome"),
		matches:  counter("matches_total", "Pairs of lost and found, by kind and outcome.", "kind", "outcome"),
		actions:  counter("officer_actions_total", "What officers did at the desk, by action and outcome.", "action", "outcome"),
		aside:    counter("put_aside_total", "Messages given up because they failed again and again.", "channel", "kind"),
		crashes:  prometheus.NewCounter(prometheus.CounterOpts{Namespace: "nagrik", Name: "panics_total", Help: "Turns that panicked."}),
		tripped: prometheus.NewCounter(prometheus.CounterOpts{
			Namespace: "nagrik", Name: "redis_trips_total",
			Help: "Round trips to Redis. Divided by nagrik_turns_total: trips a turn.",
		}),
		codes:   counter("codes_total", "One-time codes to phones, by outcome: sent, failed or limited.", "outcome"),
		updates: seconds("telegram_update_seconds", "Updates from Telegram, by result.", "result"),
		calls:   seconds("telegram_call_seconds", "Calls to the Bot API, by method and result.", "method", "result"),
	}
	m.registry.MustRegister(m.turned, m.took, m.effects, m.notices, m.actions, m.matches, m.aside, m.crashes, m.tripped, m.codes, m.updates, m.calls,
		collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}))
	return m
}

// turns counts and times the messages that h handles. The channels log the failures.
func (m *metrics) turns(h bot.Handler) bot.Handler {
	return func(ctx context.Context, message bot.Message) (bot.Reply, error) {
		begun := time.Now()
		reply, err := h(ctx, message)
		outcome := "answered"
		switch {
		case err != nil:
			outcome = "failed"
		case reply.Empty():
			outcome = "silent"
		}
		m.turned.WithLabelValues(message.Chat.Channel, message.Kind(), outcome).Inc()
		m.took.WithLabelValues(message.Chat.Channel).Observe(time.Since(begun).Seconds())
		return reply, err
	}
}

func (m *metrics) effect(event string) { m.effects.WithLabelValues(event).Inc() }

func (m *metrics) match(kind, outcome string) { m.matches.WithLabelValues(kind, outcome).Inc() }

func (m *metrics) notice(kind, outcome string) { m.notices.WithLabelValues(kind, outcome).Inc() }

func (m *metrics) telegramUpdate(result string, took time.Duration) {
	m.updates.WithLabelValues(result).Observe(took.Seconds())
}

func (m *metrics) telegramCall(method, result string, took time.Duration) {
	m.calls.WithLabelValues(method, result).Observe(took.Seconds())
}

// trips counts the round trips of a Redis client: a pipeline is one.
func (m *metrics) trips() redis.Hook { return tripCounter{m.tripped} }

type tripCounter struct{ count prometheus.Counter }

// DialHook is redis.Hook's.
func (t tripCounter) DialHook(next redis.DialHook) redis.DialHook {
	return func(ctx context.Context, network, address string) (net.Conn, error) {
		return next(ctx, network, address)
	}
}

// ProcessHook is redis.Hook's.
func (t tripCounter) ProcessHook(next redis.ProcessHook) redis.ProcessHook {
	return func(ctx context.Context, command redis.Cmder) error {
		t.count.Inc()
		return next(ctx, command)
	}
}

// ProcessPipelineHook is redis.Hook's.
func (t tripCounter) ProcessPipelineHook(next redis.ProcessPipelineHook) redis.ProcessPipelineHook {
	return func(ctx context.Context, commands []redis.Cmder) error {
		t.count.Inc()
		return next(ctx, commands)
	}
}
