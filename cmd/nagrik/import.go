package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/user"
	"path/filepath"
	"strings"
	"time"

	"nagrik/flows"
	"nagrik/flows/sheets"
	"nagrik/locales"
	"nagrik/store"
	"nagrik/store/media"
)

type importCommand struct {
	Settings `embed:"" group:"Settings"`
	Kind     string `arg:"" help:"What the file lists."`
	File     string `arg:"" help:"CSV with a header; - reads standard input."`
	DryRun   bool   `help:"Check the whole file and write nothing."`
}

// Help documents the columns; indented lines are printed as they stand.
func (*importCommand) Help() string {
	var b strings.Builder
	b.WriteString("All lines are checked, and kept all or none: each wrong one is reported with its number and reason. A second import of the " +
		"same file changes nothing; a line that has changed corrects its entry; what is not in the file stays.\n\n" +
		"A file is UTF-8 (with or without a mark) or UTF-16, with commas, semicolons or tabs. Columns may stand in any order; those with a " +
		"star must be there and filled.\n\n")
	for _, k := range sheets.Kinds {
		b.WriteString("    " + strings.ReplaceAll(strings.TrimSpace(k.Help()), "\n", "\n    ") + "\n\n")
	}
	return strings.TrimSpace(b.String())
}

// Run imports a file.
func (c *importCommand) Run(ctx context.Context) error {
	kind, ok := sheets.KindNamed(c.Kind)
	if !ok {
		var known []string
		for _, k := range sheets.Kinds {
			known = append(known, k.Name)
		}
		return wrong("%q is none of %s; nagrik help import tells their columns", c.Kind, strings.Join(known, ", "))
	}
	if err := c.complete(); err != nil {
		return err
	}
	file, size, err := openList(c.File)
	if err != nil {
		return err
	}
	defer file.Close()
	return withRecords(ctx, &c.Settings, newLog(os.Stderr, &c.Settings), func(records *store.Store) error {
		importer, err := newImporter(ctx, &c.Settings, records)
		if err != nil {
			return err
		}
		importer.DryRun = c.DryRun
		importer.By = operator()
		if c.File != "-" {
			folder, err := os.OpenRoot(filepath.Dir(c.File))
			if err != nil {
				return fmt.Errorf("opening the folder of the list: %w", err)
			}
			defer func() { _ = folder.Close() }()
			importer.photosFrom(sheets.InFolder(folder.FS()))
		}
		bar := newProgress(os.Stderr, size)
		importer.Progress = bar.show
		report, err := importer.Import(ctx, kind, file)
		bar.end()
		if err != nil {
			return importFailed(err)
		}
		return c.tell(kind, report)
	})
}

// openList opens the file; the size is 0 where nobody knows it.
func openList(name string) (file io.ReadCloser, size int64, err error) {
	if name == "-" {
		return io.NopCloser(os.Stdin), 0, nil
	}
	f, err := os.Open(name)
	if err != nil {
		return nil, 0, fmt.Errorf("opening the list: %w", err)
	}
	info, err := f.Stat()
	if err == nil && info.IsDir() {
		err = errors.New("it is a folder")
	}
	if err != nil {
		_ = f.Close()
		return nil, 0, fmt.Errorf("opening the list: %w", err)
	}
	return f, info.Size(), nil
}

// importer is a sheets.Importer that may take pictures in.
type importer struct {
	sheets.Importer
	library *media.Library
}

func newImporter(ctx context.Context, s *Settings, records *store.Store) (*importer, error) {
	texts, err := locales.Load()
	if err != nil {
		return nil, fmt.Errorf("reading the texts: %w", err)
	}
	directory, err := records.Directory(ctx)
	if err != nil {
		return nil, err
	}
	bucket, err := media.OpenBucket(s.MediaURL)
	if err != nil {
		return nil, fmt.Errorf("MEDIA_URL: %w", err)
	}
	return &importer{
		Importer: sheets.Importer{
			Store: records, Places: flows.NewStations(directory), Texts: texts, Now: func() time.Time { return time.Now().In(india) },
		},
		library: media.New(bucket, records.Keys()),
	}, nil
}

// photosFrom lets lists name pictures.
func (i *importer) photosFrom(open func(name string) (io.ReadCloser, error)) {
	i.Photo = (&sheets.Photos{Open: open, Store: i.Store, Library: i.library, DryRun: i.DryRun}).Take
}

// importFailed says what an operator can do.
func importFailed(err error) error {
	var file *sheets.FileError
	switch {
	case errors.As(err, &file):
		return fmt.Errorf("nothing was imported: %w", file)
	case errors.Is(err, store.ErrImportRuns):
		return errors.New("another import is running; try again when it has ended")
	case errors.Is(err, context.Canceled):
		return errors.New("nothing was imported: it was stopped")
	}
	return fmt.Errorf("nothing was imported: %w", err)
}

// tell writes what became of the file: wrong lines on standard error, the sum on standard output.
func (c *importCommand) tell(kind sheets.Kind, r sheets.Report) error {
	for _, p := range r.Problems {
		fmt.Fprintln(os.Stderr, p)
	}
	if r.Wrong > 0 {
		return fmt.Errorf("nothing was imported: %d of %d lines are wrong%s", r.Wrong, r.Lines, map[bool]string{true: "; the first are shown"}[r.Wrong > len(r.Problems)])
	}
	did := "imported"
	if c.DryRun {
		did = "checked, nothing written:"
	}
	fmt.Printf("%s %s: %d lines: %d new, %d changed, %d as they were\n", did, kind.Name, r.Lines, r.New, r.Changed, r.Same)
	if r.Left > 0 {
		fmt.Printf("%d were left as the desk has them: it withdrew or registered them itself\n", r.Left)
	}
	if r.Restricted > 0 {
		fmt.Printf("%d are not to be published, by their sections, though the file does not say so\n", r.Restricted)
	}
	if kind.Name == "stations" && r.New+r.Changed > 0 && !c.DryRun {
		fmt.Println("programs that serve know them after their next start")
	}
	return nil
}

// operator names who is at the command line, for the audit.
func operator() string {
	if me, err := user.Current(); err == nil {
		return "cli:" + me.Username
	}
	return fmt.Sprintf("cli:%d", os.Getuid())
}
