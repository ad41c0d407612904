// Package store keeps the records in Postgres: citizens, filings and their
// events, officers and their posts, notices, drafts, the audit.
//
// SQL stands beside the code that uses it. What is private is sealed (package
// seal) before it leaves the program, and found again by blind indexes. Time
// comes from Postgres, never from this machine's clock. Whatever must happen
// together is one transaction, River jobs included.
//
// Errors carry no values: see [ErrNotYours] and its neighbours for those that a
// caller may tell apart.
package store
