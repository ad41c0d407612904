package media

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path"
	"time"
)

// folder is a bucket in a directory. os.Root keeps every name inside of it.
type folder struct{ root *os.Root }

const (
	unfinished = "unfinished" // subdirectory of files being written
	staleAfter = time.Hour    // what a crash left there goes after this time
)

func openFolder(name string) (*folder, error) {
	if name == "" {
		return nil, errors.New("MEDIA_URL names no folder, such as file:///var/lib/nagrik/media")
	}
	if err := os.MkdirAll(name, 0o700); err != nil {
		return nil, fmt.Errorf("making media folder: %w", err)
	}
	root, err := os.OpenRoot(name)
	if err != nil {
		return nil, fmt.Errorf("opening media folder: %w", err)
	}
	f := &folder{root}
	if err := f.sweep(time.Now().Add(-staleAfter)); err != nil {
		return nil, errors.Join(fmt.Errorf("sweeping media folder: %w", err), root.Close())
	}
	return f, nil
}

// sweep removes the unfinished files of before a time. Younger ones may be in
// the hands of another replica.
func (f *folder) sweep(before time.Time) error {
	if err := f.root.MkdirAll(unfinished, 0o700); err != nil {
		return err
	}
	entries, err := fs.ReadDir(f.root.FS(), unfinished)
	if err != nil {
		return err
	}
	for _, entry := range entries {
		info, err := entry.Info()
		if err != nil || !info.ModTime().Before(before) {
			continue // gone, or young
		}
		if err := f.root.Remove(path.Join(unfinished, entry.Name())); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return err
		}
	}
	return nil
}

func (f *folder) Put(ctx context.Context, name string, data []byte) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	temp, err := f.write(data)
	if err != nil {
		return errors.Join(err, f.remove(temp))
	}
	if err := f.publish(temp, name); err != nil {
		return errors.Join(err, f.remove(temp))
	}
	return nil
}

// write puts data on the disk under a name that nobody reads.
func (f *folder) write(data []byte) (temp string, err error) {
	temp = path.Join(unfinished, rand.Text())
	file, err := f.root.OpenFile(temp, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return temp, err
	}
	_, err = file.Write(data)
	return temp, errors.Join(err, file.Sync(), file.Close())
}

// publish gives a written file its name, and makes the name survive a crash.
func (f *folder) publish(temp, name string) error {
	dir := path.Dir(name)
	if _, err := f.root.Stat(dir); errors.Is(err, fs.ErrNotExist) {
		if err := f.root.MkdirAll(dir, 0o700); err != nil {
			return err
		}
		for parent := path.Dir(dir); ; parent = path.Dir(parent) {
			if err := f.sync(parent); err != nil {
				return err
			}
			if parent == "." {
				break
			}
		}
	}
	if err := f.root.Rename(temp, name); err != nil {
		return err
	}
	// Of when a file came, the hour is enough: a tip's photo must not be found by its second.
	hour := time.Now().Truncate(time.Hour)
	if err := f.root.Chtimes(name, hour, hour); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	return f.sync(dir)
}

// sync makes the names in a directory survive a crash.
func (f *folder) sync(dir string) error {
	d, err := f.root.Open(dir)
	if err != nil {
		return err
	}
	return errors.Join(d.Sync(), d.Close())
}

func (f *folder) remove(name string) error {
	if err := f.root.Remove(name); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	return nil
}

func (f *folder) Get(ctx context.Context, name string) ([]byte, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	file, err := f.root.Open(name)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, ErrNotFound
	}
	if err != nil {
		return nil, err
	}
	data, err := io.ReadAll(io.LimitReader(file, maxObject))
	return data, errors.Join(err, file.Close())
}

func (f *folder) Delete(ctx context.Context, name string) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	if _, err := f.root.Stat(path.Dir(name)); errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err := f.remove(name); err != nil {
		return err
	}
	return f.sync(path.Dir(name))
}
