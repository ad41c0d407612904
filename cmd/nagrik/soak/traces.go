package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/redis/go-redis/v9"
)

// checkTraces looks for words of people where none may be. A word of a tip's may be in the memory of the
// Redis for tips while the tip is written, and sealed in the records; other words in the main Redis too;
// none in the clear in the records' files or a log.
func (w *world) checkTraces(ctx context.Context, f *findings) error {
	secret := map[string]bool{}
	finished := map[string]bool{}
	for _, t := range w.tipStories() {
		secret[t.mark] = true
		finished[t.mark] = t.told
	}
	all := map[string]bool{}
	for _, c := range w.citizens {
		all[c.self.mark] = true
		for _, t := range c.stories {
			all[t.mark] = true
		}
		for _, a := range c.added {
			all[a.mark] = true
			secret[a.mark] = a.code != ""
			finished[a.mark] = a.code != "" && a.told
		}
	}
	for _, e := range w.errands() {
		all[e.mark] = true
	}
	if err := w.tips.do(ctx, func(c *redis.Client) error { return checkTipsRedis(ctx, c, finished, f) }); err != nil {
		return fmt.Errorf("looking into the Redis for tips: %w", err)
	}
	inRedis := map[string]bool{}
	for _, dir := range []string{w.dir, w.postgres.data()} {
		err := filepath.WalkDir(dir, func(path string, at fs.DirEntry, err error) error {
			if err != nil || !at.Type().IsRegular() {
				return err
			}
			content, err := os.ReadFile(path)
			if err != nil {
				return err
			}
			redis := strings.HasPrefix(path, filepath.Join(w.dir, "redis")+string(filepath.Separator))
			for _, mark := range marksIn(content) {
				switch {
				case redis && secret[mark]:
					f.traces = append(f.traces, fmt.Sprintf("%s in %s", mark, path))
				case redis:
					inRedis[mark] = true
				case all[mark]:
					f.openWords = append(f.openWords, fmt.Sprintf("%s in %s", mark, path))
				}
			}
			return nil
		})
		if err != nil && !errors.Is(err, fs.ErrNotExist) {
			return fmt.Errorf("looking through the files: %w", err)
		}
	}
	f.ordinaryWords = len(inRedis)
	return nil
}

// marksIn are the marks in a file's content, each once.
func marksIn(content []byte) (marks []string) {
	for {
		i := bytes.Index(content, []byte("zq"))
		if i < 0 {
			return marks
		}
		content = content[i:]
		if found := markForm.Find(content[:min(len(content), markLength)]); found != nil && !slices.Contains(marks, string(found)) {
			marks = append(marks, string(found))
		}
		content = content[2:]
	}
}

// checkTipsRedis looks for what is left of tips: an unfinished one goes by itself, after a while.
func checkTipsRedis(ctx context.Context, c *redis.Client, finished map[string]bool, f *findings) error {
	keys, err := c.Keys(ctx, "*").Result()
	if err != nil {
		return err
	}
	for _, key := range keys {
		value, err := c.Get(ctx, key).Bytes()
		if errors.Is(err, redis.Nil) {
			continue
		}
		if err != nil {
			return err
		}
		f.tipsInRedis++
		for _, mark := range marksIn(value) {
			if finished[mark] {
				f.leftTips = append(f.leftTips, mark)
			}
		}
	}
	return nil
}
