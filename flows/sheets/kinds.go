// Package sheets has the tables by which records come in from the lists of the police and filings go out
// for their entry in CCTNS: CSV files with a header, as spreadsheets write and read them.
//
// Kinds is the one table of what an import may have in its columns; the help of `nagrik import` and the
// README are made of it. A row goes the same way as an officer's answers at the desk (desk.RecordRow),
// and store.Import keeps a file whole or not at all.
package sheets

import (
	"fmt"
	"slices"
	"strings"

	"nagrik/store"
)

// Kind is a kind of list that can be imported.
type Kind struct {
	Name    string // `nagrik import NAME`
	What    string
	Key     string           // what makes two lines the same entry
	Record  store.RecordKind // "" for stations and FIRs
	Columns []Column
}

// Column is a column of a list.
type Column struct {
	Name string
	Must bool   // the column and a cell in every line
	What string // what its cells say
	ask  string // the desk's question that they answer, "" if none
}

// Columns that several lists have.
var (
	idColumn      = Column{Name: "id", Must: true, What: "the line's own key in your list, the same in every file"}
	stationColumn = Column{Name: "station", Must: true, What: "national code of the station, 5117065"}
	dayColumn     = Column{Name: "date", Must: true, What: "the day, 2026-03-14 or 14/03/2026", ask: "on"}
	placeColumn   = Column{Name: "place", What: "where", ask: "where"}
	photosColumn  = Column{Name: "photos", What: "names of up to 5 pictures beside the file, with | between", ask: "photos"}
	nameColumns   = []Column{
		{Name: "name", Must: true, What: "in Hindi", ask: "person"},
		{Name: "name_en", What: "in Latin letters", ask: "person_en"},
		{Name: "father", What: "name of the father or husband", ask: "parent"},
	}
)

// Kinds lists the kinds, in the order of the help.
var Kinds = []Kind{
	{
		Name: "stations", What: "police stations; those in the file are added or replaced, all others stay", Key: "code",
		Columns: []Column{
			{Name: "code", Must: true, What: "national code, 7 to 9 digits, beginning with the district's"},
			{Name: "district", Must: true, What: "code of the police district, 4 digits"},
			{Name: "kind", Must: true, What: "territorial, railway, mahila, sc_st, prohibition, traffic"},
			{Name: "name_en", Must: true, What: "without the word thana"},
			{Name: "name_hi", Must: true, What: "without the word thana"},
			{Name: "aliases", What: "other names in both scripts, with | between"},
			{Name: "revenue", What: "English name of the revenue district"},
			{Name: "lat", What: "degrees north, 25.61"},
			{Name: "lng", What: "degrees east, 85.14"},
		},
	},
	{
		Name: "firs", What: "the FIR register; what officers registered at the desk stays as it is", Key: "station, number, year and zero",
		Columns: []Column{
			stationColumn,
			{Name: "number", Must: true, What: "123, or 123/2026"},
			{Name: "year", What: "of the number; without it the date's"},
			{Name: "zero", What: "yes if it is in the register of Zero FIRs"},
			{Name: "date", Must: true, What: "of registration, 2026-03-14 or 14/03/2026"},
			{Name: "sections", Must: true, What: "BNS 303(2), 317(2); IPC 379"},
			{Name: "restricted", What: "yes if it is not to be published; those the law restricts always are"},
			{Name: "informant", What: "name"},
			{Name: "father", What: "of the informant: father or husband"},
			{Name: "phone", What: "mobile of the informant, who gets the copy by it"},
			{Name: "address", What: "of the informant"},
			{Name: "summary", What: "a few words of what it is about"},
		},
	},
	{
		Name: "wanted", What: "wanted persons, with or without a reward", Key: "id", Record: store.RecordWanted,
		Columns: slices.Concat([]Column{
			idColumn,
			{Name: "district", Must: true, What: "code of the police district, 4 digits"},
			{Name: "date", Must: true, What: "the day on which it was made known, 2026-03-14 or 14/03/2026"},
		}, nameColumns, []Column{
			{Name: "alias", What: "other names", ask: "alias"},
			{Name: "offence", Must: true, What: "with sections", ask: "offence"},
			{Name: "reward", What: "rupees", ask: "reward"},
			{Name: "address", What: "of the person", ask: "address"},
			{Name: "case", What: "station, number and year of the FIR", ask: "case"},
			photosColumn,
		}),
	},
	{
		Name: "arrests", What: "arrests; never of anybody under 18 (JJ Act s. 74)", Key: "id", Record: store.RecordArrest,
		Columns: slices.Concat([]Column{
			idColumn, stationColumn, dayColumn,
			{Name: "age", Must: true, What: "years, from 18 on", ask: "age"},
		}, nameColumns, []Column{
			{Name: "offence", Must: true, What: "with sections", ask: "offence"},
			{Name: "held", Must: true, What: "lockup, jail, court, bail", ask: "held"},
			{Name: "case", What: "station, number and year of the FIR", ask: "case"},
			photosColumn,
		}),
	},
	{
		Name: "found-property", What: "property that the police recovered", Key: "id", Record: store.RecordRecovered,
		Columns: slices.Concat([]Column{
			idColumn, stationColumn, dayColumn,
			{Name: "article", Must: true, What: "mobile, two_wheeler, four_wheeler, papers, computer, jewellery, cash, bag, cattle, arms, misc", ask: "article"},
			{Name: "imei", What: "of a mobile, 15 digits", ask: "imei"},
			{Name: "vehicle", What: "registration of a vehicle, BR01AB1234", ask: "vehicle"},
			{Name: "chassis", What: "chassis or engine number of a vehicle", ask: "chassis"},
			{Name: "document", What: "number on papers, a computer or arms", ask: "document"},
			{Name: "make", What: "make and model", ask: "make"},
			{Name: "description", Must: true, What: "without what only the owner knows", ask: "description"},
			placeColumn, photosColumn,
		}),
	},
	{
		Name: "bodies", What: "unidentified bodies", Key: "id", Record: store.RecordBody,
		Columns: slices.Concat([]Column{
			idColumn, stationColumn, dayColumn,
			{Name: "place", Must: true, What: "where it was found", ask: "where"},
			{Name: "kept", Must: true, What: "where it is now", ask: "kept"},
		}, lookColumns, []Column{photosColumn}),
	},
	{
		Name: "unknown-persons", What: "persons found alive whom nobody knows", Key: "id", Record: store.RecordPerson,
		Columns: slices.Concat([]Column{
			idColumn, stationColumn, dayColumn,
			{Name: "place", Must: true, What: "where they were found", ask: "where"},
			{Name: "kept", Must: true, What: "where they are now", ask: "kept"},
			{Name: "condition", Must: true, What: "in what condition", ask: "condition"},
		}, lookColumns, []Column{photosColumn}),
	},
}

// lookColumns are of the looks of somebody whom nobody knows.
var lookColumns = []Column{
	{Name: "sex", Must: true, What: "woman, man, third, not_known", ask: "look.sex"},
	{Name: "age", What: "years, or infant, child, teen, young, adult, middle, old", ask: "look.age"},
	{Name: "height", What: "cm or feet and inches", ask: "look.height"},
	{Name: "built", What: "thin, medium, strong, fat", ask: "look.built"},
	{Name: "complexion", What: "fair, wheatish, dusky, dark", ask: "look.complexion"},
	{Name: "hair", What: "short_black, long_black, greying, white, dyed, bald", ask: "look.hair"},
	{Name: "upper", What: "shirt, tshirt, kurta, vest, saree, suit, frock, sweater, uniform, misc", ask: "look.upper"},
	{Name: "upper_colour", What: "white, black, red, orange, yellow, green, blue, pink, brown, mixed", ask: "look.upper_colour"},
	{Name: "lower", What: "trousers, jeans, pyjama, lungi, dhoti, shorts, skirt, misc", ask: "look.lower"},
	{Name: "lower_colour", What: "as upper_colour", ask: "look.lower_colour"},
	{Name: "footwear", What: "slippers, shoes, sandals, barefoot", ask: "look.footwear"},
	{Name: "marks", What: "moles, scars, tattoos, with the part of the body", ask: "look.marks"},
	{Name: "beard", What: "none, moustache, beard, both", ask: "look.beard"},
	{Name: "jewellery", What: "and other things worn", ask: "look.jewellery"},
}

// KindNamed finds a kind by its name.
func KindNamed(name string) (Kind, bool) {
	for _, k := range Kinds {
		if k.Name == name {
			return k, true
		}
	}
	return Kind{}, false
}

func names(columns []Column) string {
	all := make([]string, len(columns))
	for i, c := range columns {
		all[i] = c.Name
	}
	return strings.Join(all, ", ")
}

// Help documents a kind's columns; those with a star must be there.
func (k Kind) Help() string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s: %s. Same %s, same entry.\n", k.Name, k.What, k.Key)
	for _, c := range k.Columns {
		star := " "
		if c.Must {
			star = "*"
		}
		fmt.Fprintf(&b, "  %s %-13s %s\n", star, c.Name, c.What)
	}
	return b.String()
}

// Markdown is the kind's row of the table in the README.
func (k Kind) Markdown() string {
	all := make([]string, len(k.Columns))
	for i, c := range k.Columns {
		all[i] = c.Name
		if c.Must {
			all[i] = "**" + c.Name + "**"
		}
	}
	return fmt.Sprintf("| `%s` | %s | %s |", k.Name, k.What, strings.Join(all, ", "))
}
