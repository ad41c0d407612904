package main

import (
	"context"
	"fmt"
	"os"

	"nagrik/store"
)

type migrateCommand struct {
	Settings `embed:"" group:"Settings"`
}

// Run migrates the database of DATABASE_URL, or the trial's.
func (c *migrateCommand) Run(ctx context.Context) (err error) {
	if err := c.complete(); err != nil {
		return err
	}
	up := &started{log: newLog(os.Stderr, &c.Settings)}
	defer func() {
		if stopped := up.stop(); err == nil {
			err = stopped
		}
	}()
	address, err := postgresURL(ctx, &c.Settings, joined, up)
	if err != nil {
		return err
	}
	kek, err := keyEncryptionKey(&c.Settings, up.log)
	if err != nil {
		return err
	}
	if err := store.Migrate(ctx, address, kek); err != nil {
		return fmt.Errorf("migrating: %w", err)
	}
	fmt.Println("the database is up to date")
	return nil
}
