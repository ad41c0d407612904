package main

import (
	"context"
	"fmt"
	"log/slog"
	"strings"

	"nagrik/store"
)

// openRecords opens the records. A trial's are made and brought up to date first; others have to be
// up to date (nagrik migrate).
func openRecords(ctx context.Context, s *Settings, share sharing, up *started) (*store.Store, error) {
	address, err := postgresURL(ctx, s, share, up)
	if err != nil {
		return nil, err
	}
	kek, err := keyEncryptionKey(s, up.log)
	if err != nil {
		return nil, err
	}
	if s.trial() {
		if err := store.Migrate(ctx, address, kek); err != nil {
			return nil, fmt.Errorf("making the trial's records: %w", err)
		}
	}
	records, err := store.Open(ctx, address, kek, store.Options{Log: up.log})
	if err != nil {
		return nil, fmt.Errorf("opening the records: %w", err)
	}
	up.add("records", func(context.Context) error { records.Close(); return nil })
	if err := records.LoadReference(ctx); err != nil {
		return nil, err
	}
	return records, nil
}

// withRecords runs a short command on the records.
func withRecords(ctx context.Context, s *Settings, log *slog.Logger, do func(*store.Store) error) (err error) {
	up := &started{log: log}
	defer func() {
		if stopped := up.stop(); err == nil {
			err = stopped
		}
	}()
	records, err := openRecords(ctx, s, joined, up)
	if err != nil {
		return err
	}
	return do(records)
}

// warnOfLogs says which settings of Postgres would write people's data into its log. Only whoever runs
// it can change them.
func warnOfLogs(ctx context.Context, c *conversation) error {
	settings, err := c.records.LogsValues(ctx)
	if err == nil && len(settings) > 0 {
		c.log.Warn("Postgres is set to write people's data into its log", "reason", "set "+strings.Join(settings, ", "))
	}
	return err
}
