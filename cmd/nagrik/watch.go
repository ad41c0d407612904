package main

import (
	"context"
	"time"

	"github.com/prometheus/client_golang/prometheus"
)

// watch adds the numbers that are read when they are asked for.
func (m *metrics) watch(c *conversation) {
	gauge := func(name, help string, read func() float64) {
		m.registry.MustRegister(prometheus.NewGaugeFunc(prometheus.GaugeOpts{Namespace: "nagrik", Name: name, Help: help}, read))
	}
	count := func(name, help string, labels prometheus.Labels, read func() uint64) {
		m.registry.MustRegister(prometheus.NewCounterFunc(prometheus.CounterOpts{Namespace: "nagrik", Name: name, Help: help, ConstLabels: labels},
			func() float64 { return float64(read()) }))
	}
	for event, read := range map[string]func() uint64{
		"cached":    func() uint64 { return c.dialogs.Stats().Cached },
		"read":      func() uint64 { return c.dialogs.Stats().Read },
		"conflict":  func() uint64 { return c.dialogs.Stats().Conflicts },
		"restored":  func() uint64 { return c.dialogs.Stats().Restored },
		"kept":      func() uint64 { return c.dialogs.Stats().Kept },
		"dropped":   func() uint64 { return c.dialogs.Stats().Dropped },
		"kept_lost": func() uint64 { return c.dialogs.Stats().Lost },
	} {
		count("dialogs_total", "Loads of dialogs from this process (cached) and from Redis (read), saves that found a newer state (conflict), and copies of drafts.",
			prometheus.Labels{"event": event}, read)
	}
	pool := c.records.Pool()
	gauge("postgres_connections", "Open connections of this process to Postgres.", func() float64 { return float64(pool.Stat().TotalConns()) })
	gauge("postgres_connections_busy", "Of these, how many are in use.", func() float64 { return float64(pool.Stat().AcquiredConns()) })
	gauge("postgres_connections_limit", "How many there may be.", func() float64 { return float64(pool.Stat().MaxConns()) })
	count("postgres_waits_total", "How often a query had to wait for a connection.", nil, func() uint64 { return uint64(pool.Stat().EmptyAcquireCount()) })
	gauge("redis_connections", "Open connections of this process to Redis.", func() float64 { return float64(c.redis.PoolStats().TotalConns) })
	gauge("texts_missing", "Texts that were asked for and are missing in their language, or could not be filled in.", func() float64 {
		missing := 0
		for _, n := range c.texts.Missing() {
			missing += n
		}
		return float64(missing)
	})
	m.registry.MustRegister(&queue{c})
}

// queue reads the jobs and notices of all replicas from Postgres.
type queue struct{ c *conversation }

var (
	queueJobs = prometheus.NewDesc("nagrik_jobs", "Jobs in River's queue, by state: available, running, retryable, scheduled.", []string{"state"}, nil)
	queueAge  = prometheus.NewDesc("nagrik_jobs_oldest_seconds", "How long the oldest job that could run has been waiting.", nil, nil)
	queueSent = prometheus.NewDesc("nagrik_notices", "Notices of the last day and all that are not sent, by kind, state and reason.", []string{"kind", "state", "reason"}, nil)
	postgres  = prometheus.NewDesc("nagrik_postgres_up", "Whether Postgres answered just now.", nil, nil)
)

// Describe is prometheus.Collector's.
func (q *queue) Describe(all chan<- *prometheus.Desc) {
	for _, d := range []*prometheus.Desc{queueJobs, queueAge, queueSent, postgres} {
		all <- d
	}
}

// queueTime bounds how long a scrape waits for Postgres.
const queueTime = 3 * time.Second

// Collect is prometheus.Collector's. Without Postgres there are no numbers of the queue.
func (q *queue) Collect(out chan<- prometheus.Metric) {
	ctx, cancel := context.WithTimeout(context.Background(), queueTime)
	defer cancel()
	gauge := func(d *prometheus.Desc, value float64, labels ...string) {
		out <- prometheus.MustNewConstMetric(d, prometheus.GaugeValue, value, labels...)
	}
	jobs, oldest, err := q.c.records.JobCounts(ctx)
	if err != nil {
		gauge(postgres, 0)
		return
	}
	gauge(postgres, 1)
	for _, state := range []string{"available", "running", "retryable", "scheduled"} {
		gauge(queueJobs, float64(jobs[state]), state)
	}
	gauge(queueAge, oldest)
	notices, err := q.c.records.NoticeCounts(ctx)
	if err != nil {
		return
	}
	for _, n := range notices {
		gauge(queueSent, float64(n.Count), n.Kind, n.State, n.Reason)
	}
}
