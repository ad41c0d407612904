package sheets

import (
	"bufio"
	"context"
	"encoding/csv"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"
	"time"

	"nagrik/bot"
	"nagrik/flows"
	"nagrik/store"
)

// Exporter writes filings for their entry in CCTNS.
type Exporter struct {
	Store  *store.Store
	Places *flows.Stations
	Zone   *time.Location
	By     string // for the audit: who does it
}

// Formats are the forms of an export: for people and for programs.
var Formats = []string{"csv", "jsonl"}

// exported is a filing as it is written: a row of CSV, without form, or an object of JSON lines.
type exported struct {
	Number       string          `json:"number"`
	Service      string          `json:"service"`
	Status       store.Status    `json:"status"`
	FiledAt      string          `json:"filed_at"`
	ClosedAt     string          `json:"closed_at,omitempty"`
	Station      string          `json:"station,omitempty"`
	StationName  string          `json:"station_name,omitempty"`
	District     string          `json:"district"`
	DistrictName string          `json:"district_name"`
	Urgent       bool            `json:"urgent"`
	FIR          string          `json:"fir,omitempty"`
	ZeroFIR      string          `json:"zero_fir,omitempty"`
	Name         string          `json:"name,omitempty"`
	Father       string          `json:"father,omitempty"`
	Gender       string          `json:"gender,omitempty"`
	Phone        string          `json:"phone,omitempty"`
	Address      string          `json:"address,omitempty"`
	Pin          string          `json:"pin,omitempty"`
	Files        int             `json:"files"`
	Answers      []bot.Shown     `json:"answers"`
	Form         json.RawMessage `json:"form,omitempty"`
}

// exportColumn is a column of the CSV, and a member of the JSON.
type exportColumn struct {
	name, what string
	cell       func(*exported) string
}

var exportColumns = []exportColumn{
	{"number", "of the filing, as its citizen has it", func(e *exported) string { return e.Number }},
	{"service", "id of the service: complaint, lost_property...", func(e *exported) string { return e.Service }},
	{"status", "received, acknowledged, enquiry, closed...", func(e *exported) string { return string(e.Status) }},
	{"filed_at", "time of filing in India, 2026-03-14T11:30:00+05:30", func(e *exported) string { return e.FiledAt }},
	{"closed_at", "and of its end, empty while it is open", func(e *exported) string { return e.ClosedAt }},
	{"station", "national code, empty if the station is not in the list", func(e *exported) string { return e.Station }},
	{"station_name", "in English", func(e *exported) string { return e.StationName }},
	{"district", "code of the police district", func(e *exported) string { return e.District }},
	{"district_name", "in English", func(e *exported) string { return e.DistrictName }},
	{"urgent", "yes or no", func(e *exported) string { return map[bool]string{true: "yes", false: "no"}[e.Urgent] }},
	{"fir", "its number in the FIR register, 123/2026, if it was registered", func(e *exported) string { return e.FIR }},
	{"zero_fir", "and in that of Zero FIRs", func(e *exported) string { return e.ZeroFIR }},
	{"name", "of who filed it", func(e *exported) string { return e.Name }},
	{"father", "father or husband", func(e *exported) string { return e.Father }},
	{"gender", "as it was chosen", func(e *exported) string { return e.Gender }},
	{"phone", "verified, +91...", func(e *exported) string { return e.Phone }},
	{"address", "", func(e *exported) string { return e.Address }},
	{"pin", "of the address", func(e *exported) string { return e.Pin }},
	{"files", "how many photos and other files it has; see the desk", func(e *exported) string { return strconv.Itoa(e.Files) }},
	{"answers", "what was told, a line for each answer; in JSON a list, and form as the program keeps it", func(e *exported) string {
		said := make([]string, len(e.Answers))
		for i, a := range e.Answers {
			said[i] = a.Label + ": " + a.Value
		}
		return strings.Join(said, "\n")
	}},
}

// ExportHelp documents the columns.
func ExportHelp() string {
	var b strings.Builder
	for _, c := range exportColumns {
		fmt.Fprintf(&b, "%-13s %s\n", c.name, c.what)
	}
	return b.String()
}

// mark says to spreadsheets that a file is UTF-8.
const mark = "\ufeff"

// Export writes the filings of a range, one at a time.
func (x *Exporter) Export(ctx context.Context, to io.Writer, format string, r store.ExportRange) (store.Exported, error) {
	buffered := bufio.NewWriter(to)
	write, err := writer(buffered, format)
	if err != nil {
		return store.Exported{}, err
	}
	n, err := x.Store.ExportFilings(ctx, x.By, r, func(f store.ExportedFiling) error {
		e, err := x.exported(f)
		if err != nil {
			return err
		}
		return write(e)
	})
	if err != nil {
		return n, err
	}
	if err := buffered.Flush(); err != nil {
		return n, fmt.Errorf("writing the export: %w", err)
	}
	return n, nil
}

// writer gives the function that writes a filing.
func writer(to *bufio.Writer, format string) (func(*exported) error, error) {
	if format == "jsonl" {
		encode := json.NewEncoder(to)
		encode.SetEscapeHTML(false)
		return func(e *exported) error {
			if err := encode.Encode(e); err != nil {
				return fmt.Errorf("writing the export: %w", err)
			}
			return nil
		}, nil
	}
	if !slices.Contains(Formats, format) {
		return nil, fmt.Errorf("there is no format %q", format)
	}
	if _, err := to.WriteString(mark); err != nil {
		return nil, fmt.Errorf("writing the export: %w", err)
	}
	rows := csv.NewWriter(to)
	put := func(cell func(exportColumn) string) error {
		cells := make([]string, len(exportColumns))
		for i, c := range exportColumns {
			cells[i] = harmless(strings.ReplaceAll(cell(c), "\r\n", "\n"))
		}
		if err := rows.Write(cells); err != nil {
			return fmt.Errorf("writing the export: %w", err)
		}
		rows.Flush()
		return rows.Error()
	}
	if err := put(func(c exportColumn) string { return c.name }); err != nil {
		return nil, err
	}
	return func(e *exported) error { return put(func(c exportColumn) string { return c.cell(e) }) }, nil
}

// exported is a filing as it is written.
func (x *Exporter) exported(f store.ExportedFiling) (*exported, error) {
	var kept struct {
		Answers []bot.Shown     `json:"answers"`
		Form    json.RawMessage `json:"form"`
	}
	if err := json.Unmarshal(f.Details.Details, &kept); err != nil {
		return nil, errors.New("a filing's details are not what this program writes") // json's error would quote them
	}
	for i, a := range kept.Answers {
		if _, spoken := bot.VoiceNote(a.Value); spoken {
			kept.Answers[i].Value = "(voice note)"
		}
	}
	p := f.Applicant
	return &exported{
		Number: f.Number, Service: f.Service, Status: f.Status, FiledAt: x.time(f.CreatedAt), ClosedAt: x.time(f.ClosedAt),
		Station: f.Station, StationName: x.Places.Name("en", f.Station), District: f.District, DistrictName: x.Places.DistrictName("en", f.District),
		Urgent: f.Urgent, FIR: f.FIR, ZeroFIR: f.ZeroFIR, Name: p.Name, Father: p.Father, Gender: p.Gender, Phone: p.Phone, Address: p.Address, Pin: p.Pin,
		Files: f.Files, Answers: kept.Answers, Form: kept.Form,
	}, nil
}

func (x *Exporter) time(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.In(x.Zone).Format(time.RFC3339)
}
