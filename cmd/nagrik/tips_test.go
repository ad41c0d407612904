package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"nagrik/store/embedded"
	"nagrik/store/embedded/testdb"
)

// keepingRedis starts a Redis that keeps what it is told, as Redis does unless it is told otherwise.
func keepingRedis(t *testing.T) *embedded.Redis {
	t.Helper()
	server, err := embedded.StartRedis(t.Context(), t.TempDir(), embedded.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = server.Stop(t.Context()) })
	return server
}

// menuOf is the first page that a citizen sees.
func menuOf(t *testing.T, p *program) string {
	t.Helper()
	return newVisitor(t, p).say("मेनू")
}

// TestTipsNeedARedisThatForgets: a Redis that keeps what is deleted is refused for tips, and they are off
// without another one.
func TestTipsNeedARedisThatForgets(t *testing.T) {
	t.Parallel()
	keeping := keepingRedis(t)
	t.Run("refused", func(t *testing.T) {
		t.Parallel()
		code, _, stderr := command(t, append(configured(t), "TIPS_REDIS_URL="+keeping.URL()), "", "serve")
		last := strings.TrimSpace(stderr[strings.LastIndex(strings.TrimSpace(stderr), "\n")+1:])
		for _, want := range []string{"nagrik: TIPS_REDIS_URL: ", `appendonly "no"`, "an example: redis-server"} {
			if code != exitWrong || !strings.Contains(last, want) {
				t.Errorf("exit code %d, complaint %q, without %q", code, stderr, want)
			}
		}
	})
	t.Run("off", func(t *testing.T) {
		t.Parallel()
		p := serve(t, append(configured(t), "REDIS_URL="+keeping.URL()))
		if menu := menuOf(t, p); strings.Contains(menu, "गोपनीय सूचना") || !strings.Contains(menu, "शिकायत") {
			t.Errorf("the menu is %s", menu)
		}
		log := p.log.String()
		if strings.Count(log, "tips are off") != 1 || !strings.Contains(log, "set TIPS_REDIS_URL") || !strings.Contains(log, "appendonly") {
			t.Errorf("the log says %s", log)
		}
	})
	t.Run("on, apart", func(t *testing.T) {
		t.Parallel()
		p := serve(t, append(configured(t), "REDIS_URL="+keeping.URL(), "TIPS_REDIS_URL="+testdb.Redis(t)))
		if menu := menuOf(t, p); !strings.Contains(menu, "गोपनीय सूचना") {
			t.Errorf("the menu is %s", menu)
		}
		if log := p.log.String(); strings.Contains(log, "tips are off") {
			t.Errorf("the log says %s", log)
		}
	})
	t.Run("on, together", func(t *testing.T) {
		t.Parallel()
		if menu := menuOf(t, serve(t, configured(t))); !strings.Contains(menu, "गोपनीय सूचना") {
			t.Errorf("the menu is %s", menu)
		}
	})
}

// TestTrialKeepsNoTips: a trial has a Redis of its own for tips, with nothing in its folder.
func TestTrialKeepsNoTips(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	p := serve(t, environment(t, "DATA_DIR="+dir))
	v := newVisitor(t, p)
	v.say("गुप्त सूचना देनी है", "नई सूचना", "शराब", "नहीं", "कनारी टोला में रोज़ रात को शराब बनती है और बिकती है।")
	if !strings.Contains(v.page, "कब होता है") {
		t.Fatalf("the page is %s", v.page)
	}
	p.stop()
	var kept []string
	err := filepath.WalkDir(filepath.Join(dir, "tips"), func(path string, d os.DirEntry, err error) error {
		if err == nil && !d.IsDir() && !strings.HasSuffix(path, ".lock") && !strings.HasSuffix(path, ".log") {
			kept = append(kept, path)
		}
		return err
	})
	if err != nil || len(kept) > 0 {
		t.Errorf("kept %v, %v", kept, err)
	}
}

// A Postgres that writes values into its log is complained of.
func TestPostgresThatLogsValues(t *testing.T) {
	t.Parallel()
	p := serve(t, configured(t))
	if log := p.log.String(); strings.Contains(log, "people's data") {
		t.Errorf("the tests' own Postgres is complained of: %s", log)
	}
	env := configured(t)
	address := strings.TrimPrefix(env[len(env)-3], "DATABASE_URL=")
	if strings.Contains(address, "?") {
		address += "&"
	} else {
		address += "?"
	}
	env = append(env, "DATABASE_URL="+address+"options=-c%20log_parameter_max_length_on_error%3D64")
	p = serve(t, env)
	if log := p.log.String(); !strings.Contains(log, "people's data") || !strings.Contains(log, "log_parameter_max_length_on_error = 0") {
		t.Errorf("the log says %s", log)
	}
}
