package main

import (
	"bytes"
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"
	"github.com/redis/go-redis/v9"
)

// start is an update that Telegram may post.
const start = `{"update_id":7,"message":{"message_id":1,"date":1790000000,"chat":{"id":700100200300,"type":"private"},` +
	`"from":{"id":700100200300,"is_bot":false},"text":"/start"}}`

// Malformed, huge, deep, foreign and unsigned webhooks are refused with an empty body and change nothing.
func TestBadWebhooks(t *testing.T) {
	t.Parallel()
	w := newTown(t, "TELEGRAM_WEBHOOK_SECRET="+hookSecret)
	before := w.kept()
	deep := strings.Replace(start, `"/start"`, strings.Repeat("[", 10_000)+strings.Repeat("]", 10_000), 1)
	for name, c := range map[string]struct {
		secret, body string
		status       int
	}{
		"no secret":           {"", start, http.StatusUnauthorized},
		"wrong secret":        {hookSecret + "x", start, http.StatusUnauthorized},
		"part of the secret":  {hookSecret[:5], start, http.StatusUnauthorized},
		"malformed, unsigned": {"", "{", http.StatusUnauthorized},
		"huge, unsigned":      {"", strings.Repeat("x", 2<<20), http.StatusUnauthorized},
		"empty":               {hookSecret, "", http.StatusBadRequest},
		"no JSON":             {hookSecret, "hello", http.StatusBadRequest},
		"half":                {hookSecret, start[:80], http.StatusBadRequest},
		"another type":        {hookSecret, `[1,2,3]`, http.StatusBadRequest},
		"without an id":       {hookSecret, `{"message":{"text":"/start"}}`, http.StatusBadRequest},
		"wrong types":         {hookSecret, `{"update_id":"7","message":"/start"}`, http.StatusBadRequest},
		"deep":                {hookSecret, deep, http.StatusBadRequest},
		"bytes":               {hookSecret, "\xff\xfe\x00", http.StatusBadRequest},
		"huge":                {hookSecret, strings.Replace(start, "/start", strings.Repeat("क", 1<<20), 1), http.StatusRequestEntityTooLarge},
	} {
		t.Run(name, func(t *testing.T) {
			status, body := w.post(http.MethodPost, c.secret, c.body)
			if status != c.status || body != "" {
				t.Errorf("answer %d %q, not %d and an empty body", status, body, c.status)
			}
		})
	}
	for _, method := range []string{http.MethodGet, http.MethodPut, http.MethodDelete} {
		if status, body := w.post(method, hookSecret, start); status != http.StatusMethodNotAllowed || body != "" {
			t.Errorf("%s: answer %d %q", method, status, body)
		}
	}
	if after := w.kept(); after != before {
		t.Errorf("bad webhooks changed what is kept:\n%s\nwas\n%s", after, before)
	}
	w.checkLogs()
}

// The same update again gets the same reply and changes nothing more.
func TestRepeatedWebhook(t *testing.T) {
	t.Parallel()
	w := newTown(t, "TELEGRAM_WEBHOOK_SECRET="+hookSecret)
	status, first := w.post(http.MethodPost, hookSecret, start)
	if status != http.StatusOK || !strings.Contains(first, "sendMessage") {
		t.Fatalf("answer %d %q", status, first)
	}
	before := w.kept()
	for range 3 {
		if status, again := w.post(http.MethodPost, hookSecret, start); status != http.StatusOK || !strings.Contains(again, "sendMessage") {
			t.Errorf("the same update again: %d %q", status, again)
		}
	}
	if after := w.kept(); after != before {
		t.Errorf("a repeated webhook changed what is kept:\n%s\nwas\n%s", after, before)
	}
}

// post calls the webhook.
func (w *town) post(method, secret, body string) (status int, answer string) {
	w.t.Helper()
	r, err := http.NewRequestWithContext(w.t.Context(), method, w.program.public+"/webhook/telegram", bytes.NewBufferString(body))
	if err != nil {
		w.t.Fatal(err)
	}
	r.Header.Set("Content-Type", "application/json")
	if secret != "" {
		r.Header.Set("X-Telegram-Bot-Api-Secret-Token", secret)
	}
	got, err := http.DefaultClient.Do(r)
	if err != nil {
		w.t.Fatal(err)
	}
	defer func() { _ = got.Body.Close() }()
	text, err := io.ReadAll(got.Body)
	if err != nil {
		w.t.Fatal(err)
	}
	return got.StatusCode, string(text)
}

// kept tells how much is in each table, and every value in Redis.
func (w *town) kept() string {
	w.t.Helper()
	ctx := w.t.Context()
	db, err := pgx.Connect(ctx, w.setting("DATABASE_URL"))
	if err != nil {
		w.t.Fatal(err)
	}
	defer func() { _ = db.Close(ctx) }()
	rows, _ := db.Query(ctx, "select tablename::text from pg_tables where schemaname = 'public' and tablename not like 'river%' order by 1")
	tables, err := pgx.CollectRows(rows, pgx.RowTo[string])
	if err != nil {
		w.t.Fatal(err)
	}
	var all strings.Builder
	for _, table := range tables {
		var n int
		if err := db.QueryRow(ctx, "select count(*) from "+pgx.Identifier{table}.Sanitize()).Scan(&n); err != nil {
			w.t.Fatal(err)
		}
		fmt.Fprintln(&all, table, n)
	}
	options, err := redis.ParseURL(w.setting("REDIS_URL"))
	if err != nil {
		w.t.Fatal(err)
	}
	client := redis.NewClient(options)
	defer func() { _ = client.Close() }()
	keys := client.Scan(ctx, 0, "*", 1000).Iterator()
	for keys.Next(ctx) {
		value, err := client.Dump(ctx, keys.Val()).Result()
		if err != nil {
			w.t.Fatal(err)
		}
		fmt.Fprintf(&all, "%x %x\n", keys.Val(), value)
	}
	if err := keys.Err(); err != nil {
		w.t.Fatal(err)
	}
	return all.String()
}

// setting is what a variable of the program's environment says.
func (w *town) setting(name string) (value string) {
	for _, line := range w.env {
		if v, ok := strings.CutPrefix(line, name+"="); ok {
			value = v
		}
	}
	return value
}
