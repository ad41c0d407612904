package main

import (
	"context"
	"errors"

	"nagrik/flows/sheets"
	"nagrik/store"
)

// demonstrate gives a trial a few records to look at; each says in its own text that it is a sample.
// Records that are anybody's never get any.
func demonstrate(ctx context.Context, c *conversation) error {
	if !c.settings.trial() {
		return errors.New("made-up records are for a trial alone")
	}
	importer, err := newImporter(ctx, c.settings, c.records)
	if err != nil {
		return err
	}
	importer.By = "demonstration"
	importer.photosFrom(sheets.Specimens{Press: c.services.Papers.Press}.Open)
	err = importer.Demonstrate(ctx)
	if errors.Is(err, store.ErrImportRuns) { // an operator's; the next start brings them
		return nil
	}
	return err
}
