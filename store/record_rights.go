package store

import (
	"slices"
	"strings"
)

// RecordKind is what a record of the police tells of.
type RecordKind string

// The kinds of records.
const (
	RecordRecovered RecordKind = "recovered" // property that the police recovered
	RecordWanted    RecordKind = "wanted"    // a person whom the police look for, with or without a reward
	RecordArrest    RecordKind = "arrest"
	RecordBody      RecordKind = "body"   // of somebody whom nobody knows
	RecordPerson    RecordKind = "person" // found alive: a child, an elder, somebody unconscious
)

// RecordKinds lists all kinds, in the order in which the desk offers them.
var RecordKinds = []RecordKind{RecordRecovered, RecordWanted, RecordArrest, RecordBody, RecordPerson}

// RecordAct is something an officer may do with records.
type RecordAct string

// What may be done with records.
const (
	RecordAdd      RecordAct = "add"
	RecordCorrect  RecordAct = "correct"
	RecordWithdraw RecordAct = "withdraw"
)

// recordRights is the one table of rights for records; where the post must be is
// for recordPost to say. A station writes down what happened there. Who is
// wanted is for the district and the state to make known, because a wrong name
// harms somebody everywhere.
var recordRights = map[RecordKind]map[RecordAct][]Role{
	RecordRecovered: {RecordAdd: stationRoles, RecordCorrect: stationRoles, RecordWithdraw: {SHO, SP}},
	RecordArrest:    {RecordAdd: stationRoles, RecordCorrect: stationRoles, RecordWithdraw: {SHO, SP}},
	RecordBody:      {RecordAdd: stationRoles, RecordCorrect: stationRoles, RecordWithdraw: {SHO, SP}},
	RecordPerson:    {RecordAdd: stationRoles, RecordCorrect: stationRoles, RecordWithdraw: {SHO, SP}},
	RecordWanted:    {RecordAdd: {SP, SCRB}, RecordCorrect: {SP, SCRB}, RecordWithdraw: {SP, SCRB}},
}

// RecordAllowed says whether a role may do something with records of a kind.
func RecordAllowed(act RecordAct, kind RecordKind, r Role) bool {
	return slices.Contains(recordRights[kind][act], r)
}

// recordPrefixes are the letters before the numbers of records.
var recordPrefixes = map[RecordKind]string{
	RecordRecovered: "BM", RecordWanted: "WN", RecordArrest: "GR", RecordBody: "SV", RecordPerson: "AG",
}

// KindOfRecord is the kind that a record's number tells; "" if it is no record's.
func KindOfRecord(number string) RecordKind {
	for kind, prefix := range recordPrefixes {
		if strings.HasPrefix(number, prefix) {
			return kind
		}
	}
	return ""
}
