package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"

	"nagrik/store/embedded/testdb"
	"nagrik/store/seal"
)

// Every wrong setting stops the start with one line that names the variable and shows an example, and
// never repeats what may be a secret.
func TestWrongSettings(t *testing.T) {
	t.Parallel()
	folder := t.TempDir()
	file := func(name, text string) string {
		path := filepath.Join(folder, name)
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		return path
	}
	const token = "TELEGRAM_TOKEN=123456:canary_canary_canary"
	for name, c := range map[string]struct {
		settings []string
		variable string
	}{
		"no Postgres address":      {[]string{"DATABASE_URL=mysql://canary@localhost/x"}, "DATABASE_URL"},
		"unreadable Postgres":      {[]string{"DATABASE_URL=postgres://u:canary@localhost:x/y"}, "DATABASE_URL"},
		"database without a key":   {[]string{"DATABASE_URL=postgres://u:canary@localhost/y"}, "SECRET_KEY"},
		"no Redis address":         {[]string{"REDIS_URL=localhost:6379?canary"}, "REDIS_URL"},
		"foreign Redis address":    {[]string{"REDIS_URL=http://canary@localhost"}, "REDIS_URL"},
		"foreign Redis for tips":   {[]string{"TIPS_REDIS_URL=http://canary@localhost"}, "TIPS_REDIS_URL"},
		"data folder is a file":    {[]string{"DATA_DIR=" + file("data", "")}, "DATA_DIR"},
		"media elsewhere":          {[]string{"MEDIA_URL=ftp://canary@host/folder"}, "MEDIA_URL"},
		"no address to listen at":  {[]string{"LISTEN_ADDR=8080"}, "LISTEN_ADDR"},
		"no such port":             {[]string{"LISTEN_ADDR=127.0.0.1:70000"}, "LISTEN_ADDR"},
		"no admin address":         {[]string{"ADMIN_ADDR=localhost:http"}, "ADMIN_ADDR"},
		"public address no URL":    {[]string{"PUBLIC_URL=nagrik.example.in"}, "PUBLIC_URL"},
		"public address with path": {[]string{"PUBLIC_URL=https://example.in/nagrik"}, "PUBLIC_URL"},
		"token of another kind":    {[]string{"TELEGRAM_TOKEN=canary"}, "TELEGRAM_TOKEN"},
		"API address no URL":       {[]string{"TELEGRAM_API_URL=api.telegram.org"}, "TELEGRAM_API_URL"},
		"secret with a space":      {[]string{token, "TELEGRAM_WEBHOOK_SECRET=canary canary"}, "TELEGRAM_WEBHOOK_SECRET"},
		"secret without a bot":     {[]string{"TELEGRAM_WEBHOOK_SECRET=canary"}, "TELEGRAM_WEBHOOK_SECRET"},
		"webhook without https":    {[]string{token, "TELEGRAM_WEBHOOK_SECRET=canary"}, "PUBLIC_URL"},
		"gateway without code":     {[]string{"SMS_URL=https://sms.example.in/?key=canary&to={phone}"}, "SMS_URL"},
		"short key":                {[]string{"SECRET_KEY=Y2FuYXJ5"}, "SECRET_KEY"},
		"key of another kind":      {[]string{"SECRET_KEY=canary!"}, "SECRET_KEY"},
		"log level":                {[]string{"LOG_LEVEL=loud"}, "LOG_LEVEL"},
		"log format":               {[]string{"LOG_FORMAT=xml"}, "LOG_FORMAT"},
		"secret file missing":      {[]string{"SECRET_KEY_FILE=" + filepath.Join(folder, "none")}, "SECRET_KEY_FILE"},
		"secret file empty":        {[]string{"TELEGRAM_TOKEN_FILE=" + file("empty", "\n")}, "TELEGRAM_TOKEN"},
		"secret file wrong":        {[]string{"TELEGRAM_TOKEN_FILE=" + file("wrong", "canary")}, "TELEGRAM_TOKEN"},
		"secret twice":             {[]string{token, "TELEGRAM_TOKEN_FILE=" + file("token", "1:canary")}, "TELEGRAM_TOKEN"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			code, stdout, stderr := command(t, environment(t, c.settings...), "", "serve")
			switch {
			case code != exitWrong:
				t.Errorf("exit code %d, not %d", code, exitWrong)
			case stdout != "" || strings.Count(stderr, "\n") != 1:
				t.Errorf("not one line on standard error: %q %q", stdout, stderr)
			case !strings.HasPrefix(stderr, "nagrik: "+c.variable):
				t.Errorf("%q does not begin with %s", stderr, c.variable)
			case !strings.Contains(stderr, "example") && !strings.Contains(stderr, "unset one"):
				t.Errorf("%q shows no example", stderr)
			case strings.Contains(stderr, "canary"):
				t.Errorf("%q repeats a secret", stderr)
			}
		})
	}
}

func TestWrongUse(t *testing.T) {
	t.Parallel()
	for _, args := range [][]string{
		{},
		{"dance"},
		{"serve", "--loud"},
		{"serve", "now"},
		{"understand", "--as", "mind"},
		{"understand", "--as", "date-past", "--now", "today"},
		{"officer"},
		{"officer", "invite"},
		{"officer", "invite", "--role", "king"},
		{"officer", "invite", "--group"},
		{"officer", "invite", "--role", "sho", "--station", "1"},
		{"officer", "invite", "--role", "sp", "--district", "1"},
		{"officer", "revoke"},
		{"officer", "revoke", "me"},
	} {
		t.Run(strings.Join(args, " "), func(t *testing.T) {
			t.Parallel()
			code, stdout, stderr := command(t, configured(t), "", args...)
			if code != exitWrong || stdout != "" || strings.Count(stderr, "\n") != 1 {
				t.Errorf("exit code %d, output %q, complaint %q", code, stdout, stderr)
			}
		})
	}
}

// A start on records that do not fit fails with one line that says what to do.
func TestWrongRecords(t *testing.T) {
	t.Parallel()
	older := testdb.Database(t)
	db, err := pgx.Connect(t.Context(), older)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := db.Exec(t.Context(), "delete from goose_db_version where version_id = (select max(version_id) from goose_db_version)"); err != nil {
		t.Fatal(err)
	}
	if err := db.Close(t.Context()); err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct {
		settings []string
		says     string
	}{
		"older schema":     {[]string{"DATABASE_URL=" + older, "SECRET_KEY=" + testKey.String()}, "nagrik migrate"},
		"another key":      {[]string{"DATABASE_URL=" + testdb.Database(t), "SECRET_KEY=" + seal.NewKEK().String()}, "SECRET_KEY"},
		"nobody answers":   {[]string{"DATABASE_URL=postgres://u:canary@127.0.0.1:1/x", "SECRET_KEY=" + testKey.String()}, "connect"},
		"no Redis answers": {[]string{"DATABASE_URL=" + testdb.Database(t), "SECRET_KEY=" + testKey.String(), "REDIS_URL=redis://:canary@127.0.0.1:1"}, "Redis"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			env := append(environment(t, "REDIS_URL="+testdb.Redis(t)), c.settings...)
			code, _, stderr := command(t, env, "", "serve")
			lines := strings.Split(strings.TrimSpace(stderr), "\n")
			last := lines[len(lines)-1]
			if code != exitFailed || !strings.HasPrefix(last, "nagrik: ") || !strings.Contains(last, c.says) || strings.Contains(stderr, "canary") {
				t.Errorf("exit code %d, complaint %q", code, stderr)
			}
		})
	}
}

func TestMigrate(t *testing.T) {
	t.Parallel()
	env := configured(t)
	if out := must(t, env, "migrate"); !strings.Contains(out, "up to date") {
		t.Errorf("migrate printed %q", out)
	}
}
