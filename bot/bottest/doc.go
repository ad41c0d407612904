// Package bottest plays conversations against the engine: transcripts that a station officer can
// read, with a memory for dialogs and a clock that stands still.
//
// A transcript is a text file of lines:
//
//	# a note
//	@ telegram 2026-03-14 10:30     the channel and the time; "@ +25h" lets time pass
//	@ outage 10h                    time passes and nothing is done that becomes due; "@ blocked परिवार"
//	                                and "@ unblocked परिवार": somebody blocks the bot. Other settings
//	                                are the stage's own
//	नागरिक: मेरा मोबाइल खो गया         words; also "[label]" for a tap, "[label] (पुराना)" for a tap on an
//	                                older message's button, "(photo)", "(voice)", "(video)", "(document)",
//	                                "(place 25.61,85.14)", "(contact)", "(contact of another)"
//	परिवार: (contact)                another person, from a chat and with a phone of their own: also
//	                                बुज़ुर्ग, पड़ोसी, and थाना for an officer
//	बॉट: क्या खोया है?                 the reply; further lines indented by two spaces,
//	  [मोबाइल फ़ोन] [सिम कार्ड]          rows of buttons in brackets
//	बॉट (सूचना): आप लौट आए?           what came without being asked; "बॉट (सूचना → परिवार)" to another
//
// Play checks the bot's lines, or writes them anew with -update; then the difference is read.
package bottest
