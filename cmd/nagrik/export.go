package main

import (
	"context"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"
	"time"

	"nagrik/bot"
	"nagrik/flows"
	"nagrik/flows/sheets"
	"nagrik/store"
)

// exportCommands take records out of the program.
type exportCommands struct {
	Filings exportFilingsCommand `cmd:"" help:"Write citizens' filings as CSV or JSON lines, for their entry in CCTNS."`
}

type exportFilingsCommand struct {
	Settings `embed:"" group:"Settings"`
	From     string `placeholder:"DAY" help:"Filed on this day or later, such as 2026-03-14."`
	To       string `placeholder:"DAY" help:"Filed on this day or earlier."`
	District string `placeholder:"CODE" help:"Only this police district's, 4 digits."`
	Format   string `default:"csv" placeholder:"FORMAT" help:"csv (for spreadsheets) or jsonl. Unset: csv."`
	Output   string `placeholder:"FILE" help:"Write to this file, which only this account reads. Unset: standard output."`
}

// Help documents the columns; indented lines are printed as they stand.
func (*exportFilingsCommand) Help() string {
	return "The export has names, phones and accounts of citizens in the clear, so the audit says who made it. Sensitive filings and secret tips are " +
		"left out, and counted. In CSV (UTF-8 with a mark) a cell that a spreadsheet would take for a formula has an apostrophe in front.\n\n" +
		"    " + strings.ReplaceAll(strings.TrimSpace(sheets.ExportHelp()), "\n", "\n    ")
}

// Run writes the export, and on standard error what it is and what it lacks.
func (c *exportFilingsCommand) Run(ctx context.Context) error {
	if !slices.Contains(sheets.Formats, c.Format) {
		return wrong("--format %q is none of %s", c.Format, strings.Join(sheets.Formats, ", "))
	}
	span, err := c.span()
	if err != nil {
		return err
	}
	if err := c.complete(); err != nil {
		return err
	}
	return withRecords(ctx, &c.Settings, newLog(os.Stderr, &c.Settings), func(records *store.Store) error {
		directory, err := records.Directory(ctx)
		if err != nil {
			return err
		}
		exporter := &sheets.Exporter{Store: records, Places: flows.NewStations(directory), Zone: india, By: operator()}
		if _, ok := exporter.Places.District(c.District); c.District != "" && !ok {
			return wrong("--district %q is no police district's code: the first four digits of the codes of its stations", c.District)
		}
		fmt.Fprintln(os.Stderr, "the export has names, phones and accounts of citizens in the clear: keep it from others, and delete it when it is entered")
		var n store.Exported
		err = c.write(func(to io.Writer) (err error) {
			n, err = exporter.Export(ctx, to, c.Format, span)
			return err
		})
		if err != nil {
			return fmt.Errorf("exporting: %w", err)
		}
		fmt.Fprintf(os.Stderr, "exported %d filings; left out: %d sensitive ones, %d secret tips\n", n.Filings, n.Sensitive, n.Tips)
		return nil
	})
}

// span reads the first and the last day, in India.
func (c *exportFilingsCommand) span() (store.ExportRange, error) {
	r := store.ExportRange{District: c.District}
	for _, limit := range []struct {
		flag, value string
		into        *time.Time
		more        int
	}{{"--from", c.From, &r.From, 0}, {"--to", c.To, &r.Until, 1}} {
		if limit.value == "" {
			continue
		}
		day, ok := bot.TableDay(limit.value)
		at, err := time.ParseInLocation(time.DateOnly, day, india)
		if !ok || err != nil {
			return r, wrong("%s %q is no day; an example: 2026-03-14", limit.flag, limit.value)
		}
		*limit.into = at.AddDate(0, 0, limit.more)
	}
	if !r.From.IsZero() && !r.Until.IsZero() && !r.From.Before(r.Until) {
		return r, wrong("--from %s is after --to %s", c.From, c.To)
	}
	return r, nil
}

// write has the export written: to standard output, or to a file that is there whole or not at all.
func (c *exportFilingsCommand) write(export func(io.Writer) error) error {
	if c.Output == "" {
		return export(os.Stdout)
	}
	part := c.Output + ".part"
	file, err := os.OpenFile(part, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return err
	}
	err = export(file)
	if closed := file.Close(); err == nil {
		err = closed
	}
	if err == nil {
		err = os.Rename(part, c.Output)
	}
	if err != nil {
		_ = os.Remove(part) // half of an export is worse than none
	}
	return err
}
