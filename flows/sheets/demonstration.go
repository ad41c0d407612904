package sheets

import (
	"bytes"
	"context"
	"embed"
	"fmt"
	"io"
	"io/fs"
	"path"
	"strings"

	"nagrik/flows/paper"
)

// demonstration has records that are made up, and say so in their own texts, for a trial alone.
//
//go:embed demonstration/*.csv
var demonstration embed.FS

// Demonstrate imports the records of a trial, as lists of the police are. Once they are there it changes
// nothing.
func (m *Importer) Demonstrate(ctx context.Context) error {
	for _, kind := range Kinds {
		file, err := demonstration.Open(path.Join("demonstration", kind.Name+".csv"))
		if err != nil {
			continue // there are none of this kind
		}
		report, err := m.Import(ctx, kind, file)
		if err == nil && report.Wrong > 0 {
			err = fmt.Errorf("%s", report.Problems[0])
		}
		if err != nil {
			return fmt.Errorf("importing the demonstration's %s: %w", kind.Name, err)
		}
	}
	return nil
}

// Specimens are the pictures that the demonstration's lists name: drawn, and of nobody.
type Specimens struct{ Press *paper.Press }

// Open draws a picture: "person-3.png" is an outline with the words for a sample and the number 3.
func (s Specimens) Open(name string) (io.ReadCloser, error) {
	what, number, ok := strings.Cut(strings.TrimSuffix(name, ".png"), "-")
	if !ok || what != "person" && what != "thing" {
		return nil, fs.ErrNotExist
	}
	data, err := s.Press.Specimen(number, what == "person")
	if err != nil {
		return nil, err
	}
	return io.NopCloser(bytes.NewReader(data)), nil
}
