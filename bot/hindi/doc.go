// Package hindi understands what a citizen of Bihar types: Hindi in Devanagari, Hindi in Roman letters
// ("mera phone kho gya") and English, with the spellings that people really use.
//
// Everything here is a pure function of its arguments: no clock, no network, no state. The way of a text is always
// the same:
//
//   - [Fold] brings spelling variants of one script together (nukta, chandrabindu, digits, punctuation).
//   - The sound of a word (sound.go) brings the two scripts together: शिकायत, shikayat and sikayat sound alike.
//   - Word lists (the .tsv files beside this one) are written in Devanagari and plain Roman and compared by sound, so a
//     list names each word once and not in every possible spelling.
//
// On top of that stand the readers of one answer ([Number], [YesNo], [Date], [Phone], [Vehicle], [Height], ...), each
// of which refuses rather than guesses; the readers of a whole message ([Command], [DangerKind], [Services]); and the
// index that finds a place or person by a name heard in either script ([Names]).
package hindi
