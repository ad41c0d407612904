package main

import (
	"errors"
	"fmt"
	"net"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/jackc/pgx/v5/pgxpool"

	"nagrik/store/dialogs"
	"nagrik/store/seal"
)

// Settings are what an operator may set. All are text here and are checked by complete, because
// kong's own errors repeat the value, which may be a secret.
type Settings struct {
	DatabaseURL    string `env:"DATABASE_URL" placeholder:"URL" help:"Postgres (secret). Unset: a trial Postgres under DATA_DIR."`
	RedisURL       string `env:"REDIS_URL" placeholder:"URL" help:"Redis, Cluster (addresses with commas between) or Sentinel (?master_name=) (secret). Unset: a trial Redis."`
	TipsRedisURL   string `env:"TIPS_REDIS_URL" placeholder:"URL" help:"A Redis that keeps nothing, for tips being written (secret). Unset: REDIS_URL if that one keeps nothing, else there are no tips; in a trial one of its own."`
	DataDir        string `env:"DATA_DIR" placeholder:"FOLDER" help:"Trial databases, and evidence files when MEDIA_URL is unset. Unset: .data."`
	MediaURL       string `env:"MEDIA_URL" placeholder:"URL" help:"Where evidence files are kept, file://… or s3://… (secret). Unset: file://$$DATA_DIR/media."`
	ListenAddr     string `env:"LISTEN_ADDR" placeholder:"HOST:PORT" help:"Web chat and webhooks. Unset: 127.0.0.1:8080. Port 0 takes a free one."`
	AdminAddr      string `env:"ADMIN_ADDR" placeholder:"HOST:PORT" help:"Metrics, health and pprof. Unset: 127.0.0.1:9090."`
	PublicURL      string `env:"PUBLIC_URL" placeholder:"URL" help:"How the world reaches LISTEN_ADDR, for links. Unset: http://$$LISTEN_ADDR."`
	TelegramToken  string `env:"TELEGRAM_TOKEN" placeholder:"TOKEN" help:"The bot's token (secret). Unset: no Telegram."`
	TelegramAPI    string `env:"TELEGRAM_API_URL" name:"telegram-api-url" placeholder:"URL" help:"Unset: https://api.telegram.org."`
	TelegramSecret string `env:"TELEGRAM_WEBHOOK_SECRET" name:"telegram-webhook-secret" placeholder:"WORD" help:"Receive by webhook, and know Telegram by this word (secret). Unset: long polling."`
	SMSURL         string `env:"SMS_URL" name:"sms-url" placeholder:"URL" help:"HTTP gateway for codes, a URL with {phone} and {code} in it (secret). Unset: the trial run shows codes on standard output; otherwise none are sent."`
	SecretKey      string `env:"SECRET_KEY" placeholder:"BASE64" help:"Key-encryption key, base64 of 32 bytes (secret). Required with DATABASE_URL; unset: made and kept in DATA_DIR."`
	LogLevel       string `env:"LOG_LEVEL" placeholder:"LEVEL" help:"debug, info, warn or error. Unset: info."`
	LogFormat      string `env:"LOG_FORMAT" placeholder:"FORMAT" help:"text or json. Unset: text on a terminal, else json."`
}

const officialTelegram = "https://api.telegram.org"

// trial says whether this is a trial run: nothing that is kept is anybody's real record.
func (s *Settings) trial() bool { return s.DatabaseURL == "" }

// setting is one variable: its default, how a value is checked, and what a right one looks like.
type setting struct {
	name     string
	value    *string
	secret   bool
	standard string // the default, "" if being unset means something of its own
	check    func(value string) error
	example  string
}

func (s *Settings) all() []setting {
	return []setting{
		{"DATABASE_URL", &s.DatabaseURL, true, "", checkDatabaseURL, "postgres://nagrik:password@localhost:5432/nagrik"},
		{"REDIS_URL", &s.RedisURL, true, "", checkRedisURL, "redis://localhost:6379/0"},
		{"TIPS_REDIS_URL", &s.TipsRedisURL, true, "", checkRedisURL, "redis://localhost:6380/0"},
		{"DATA_DIR", &s.DataDir, false, ".data", checkFolder, ".data"},
		{"MEDIA_URL", &s.MediaURL, true, "", checkMediaURL, "file:///var/lib/nagrik/media"},
		{"LISTEN_ADDR", &s.ListenAddr, false, "127.0.0.1:8080", checkAddr, "127.0.0.1:8080"},
		{"ADMIN_ADDR", &s.AdminAddr, false, "127.0.0.1:9090", checkAddr, "127.0.0.1:9090"},
		{"PUBLIC_URL", &s.PublicURL, false, "", checkPublicURL, "https://nagrik.example.in"},
		{"TELEGRAM_TOKEN", &s.TelegramToken, true, "", matches(`^[0-9]+:[A-Za-z0-9_-]+$`, "it is no bot token"), "123456:ABC-DEF1234ghIkl-zyx57W2v1u123ew11"},
		{"TELEGRAM_API_URL", &s.TelegramAPI, false, officialTelegram, checkWebURL, officialTelegram},
		{"TELEGRAM_WEBHOOK_SECRET", &s.TelegramSecret, true, "", matches(`^[A-Za-z0-9_-]{1,256}$`, "only letters, digits, _ and - are allowed, 256 at most"), "the output of `openssl rand -hex 32`"},
		{"SMS_URL", &s.SMSURL, true, "", checkSMSURL, "https://sms.example.in/send?key=KEY&to={phone}&code={code}"},
		{"SECRET_KEY", &s.SecretKey, true, "", checkSecretKey, "the output of `openssl rand -base64 32`"},
		{"LOG_LEVEL", &s.LogLevel, false, "info", oneOf("debug", "info", "warn", "error"), "info"},
		{"LOG_FORMAT", &s.LogFormat, false, "", oneOf("text", "json"), "json"},
	}
}

// complete reads the files that secrets lie in, puts in the defaults and refuses what is wrong, with the
// variable's name, what was wrong and an example.
func (s *Settings) complete() error {
	for _, v := range s.all() {
		refuse := func(problem error) error {
			return wrong("%s: %w; an example: %s", v.name, problem, v.example)
		}
		if file := os.Getenv(v.name + "_FILE"); v.secret && file != "" {
			if *v.value != "" {
				return wrong("%s and %s_FILE are both set; unset one of them", v.name, v.name)
			}
			text, err := os.ReadFile(file)
			if err != nil {
				return wrong("%s_FILE: %w; an example: /run/secrets/%s", v.name, err, strings.ToLower(v.name))
			}
			if *v.value = strings.TrimSpace(string(text)); *v.value == "" {
				return refuse(fmt.Errorf("the file %s is empty", file))
			}
		}
		if *v.value == "" {
			*v.value = v.standard
		}
		if *v.value == "" {
			continue
		}
		if err := v.check(*v.value); err != nil {
			return refuse(err)
		}
	}
	return s.fit()
}

// fit checks the settings against each other.
func (s *Settings) fit() error {
	switch {
	case !s.trial() && s.SecretKey == "":
		return wrong("SECRET_KEY: it is required with DATABASE_URL; an example: the output of `openssl rand -base64 32`, kept for as long as the database")
	case s.TelegramSecret != "" && s.TelegramToken == "":
		return wrong("TELEGRAM_WEBHOOK_SECRET: it is set, but TELEGRAM_TOKEN is not; an example: TELEGRAM_TOKEN=123456:ABC-DEF1234ghIkl-zyx57W2v1u123ew11")
	case s.TelegramSecret != "" && s.TelegramAPI == officialTelegram && !strings.HasPrefix(s.PublicURL, "https://"):
		return wrong("PUBLIC_URL: Telegram calls https addresses only, and TELEGRAM_WEBHOOK_SECRET asks it to call; an example: https://nagrik.example.in")
	}
	s.TelegramAPI = strings.TrimRight(s.TelegramAPI, "/")
	s.PublicURL = strings.TrimRight(s.PublicURL, "/")
	if s.MediaURL != "" {
		return nil
	}
	dir, err := filepath.Abs(s.DataDir)
	if err != nil {
		return wrong("DATA_DIR: %w; an example: .data", err)
	}
	s.MediaURL = (&url.URL{Scheme: "file", Path: filepath.Join(dir, "media")}).String()
	return nil
}

// address is how the world reaches the program that listens at LISTEN_ADDR.
func (s *Settings) address() string { return s.addressOf(s.ListenAddr) }

// addressOf is address for the address that is really listened at.
func (s *Settings) addressOf(listening string) string {
	if s.PublicURL != "" {
		return s.PublicURL
	}
	host, port, _ := net.SplitHostPort(listening) // complete has checked it
	if ip := net.ParseIP(host); host == "" || ip != nil && ip.IsUnspecified() {
		host = "localhost"
	}
	return "http://" + net.JoinHostPort(host, port)
}

func checkDatabaseURL(value string) error {
	if !strings.HasPrefix(value, "postgres://") && !strings.HasPrefix(value, "postgresql://") {
		return errors.New("it does not begin with postgres://")
	}
	if _, err := pgxpool.ParseConfig(value); err != nil {
		return errors.New("it cannot be read as the address of a Postgres database")
	}
	return nil
}

func checkRedisURL(value string) error {
	client, err := dialogs.Connect(value, dialogs.ConnectOptions{})
	if err != nil {
		return err
	}
	return client.Close()
}

func checkFolder(value string) error {
	if info, err := os.Stat(value); err == nil && !info.IsDir() {
		return errors.New("it is a file, not a folder")
	}
	return nil
}

func checkMediaURL(value string) error {
	u, err := url.Parse(value)
	switch {
	case err != nil:
		return errors.New("it cannot be read as a URL")
	case u.Scheme == "file" && u.Host == "" && u.Path != "", u.Scheme == "s3" && u.Host != "":
		return nil
	}
	return errors.New("it is neither file:///FOLDER nor s3://KEY:SECRET@HOST/BUCKET")
}

func checkAddr(value string) error {
	_, port, err := net.SplitHostPort(value)
	if err != nil {
		return errors.New("it is no HOST:PORT")
	}
	if n, err := strconv.Atoi(port); err != nil || n < 0 || n > 65535 {
		return errors.New("its port is not a number from 0 to 65535")
	}
	return nil
}

func checkWebURL(value string) error {
	u, err := url.Parse(value)
	if err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Host == "" {
		return errors.New("it is no http or https address")
	}
	return nil
}

func checkPublicURL(value string) error {
	if err := checkWebURL(value); err != nil {
		return err
	}
	if u, _ := url.Parse(value); strings.Trim(u.Path, "/") != "" || u.RawQuery != "" || u.Fragment != "" || u.User != nil {
		return errors.New("it has more than scheme, host and port: the program stands at the root of its host")
	}
	return nil
}

func checkSMSURL(value string) error {
	if !strings.Contains(value, "{phone}") || !strings.Contains(value, "{code}") {
		return errors.New("it lacks {phone} or {code}")
	}
	return checkWebURL(strings.NewReplacer("{phone}", "0", "{code}", "0", "{lang}", "hi").Replace(value))
}

func checkSecretKey(value string) error {
	_, err := seal.ParseKEK(value)
	if err != nil {
		return errors.New(strings.TrimPrefix(err.Error(), "SECRET_KEY "))
	}
	return nil
}

func matches(pattern, problem string) func(string) error {
	form := regexp.MustCompile(pattern)
	return func(value string) error {
		if !form.MatchString(value) {
			return errors.New(problem)
		}
		return nil
	}
}

func oneOf(words ...string) func(string) error {
	return func(value string) error {
		if !slices.Contains(words, value) {
			return fmt.Errorf("%q is none of %s", value, strings.Join(words, ", "))
		}
		return nil
	}
}
