// Package bottest plays conversations against the engine: transcripts that a station officer can
// read, with a memory for dialogs and a clock that stands still.
//
// A transcript is a text file of lines:
//
//	# a note
//	@ telegram 2026-03-14 10:30     the channel and the time; "@ +25h" lets time pass
//	नागरिक: मेरा मोबाइल खो गया         words; also "[label]" for a tap, "[label] (पुराना)" for a tap on an
//	                                older message's button, "(photo)", "(voice)", "(video)", "(document)",
//	                                "(place 25.61,85.14)", "(contact)", "(contact of another)"
//	बॉट: क्या खोया है?                 the reply; further lines indented by two spaces,
//	  [मोबाइल फ़ोन] [सिम कार्ड]          rows of buttons in brackets
//
// Play checks the bot's lines, or writes them anew with -update; then the difference is read.
package bottest
