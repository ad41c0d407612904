// Package bot holds conversations with citizens. It knows no network, no SQL and no service: those
// are its neighbours, given to it as interfaces and as a list of services.
//
// One message goes through the program like this:
//
//  1. A channel (bot/telegram, bot/web, bot/terminal) checks and decodes what came over the
//     network into a Message and calls a Handler: Poison.Handle, which calls Engine.Handle.
//  2. Engine.Handle loads the chat's Dialog (engine.go, dialog.go). A Dialog holds the answers of
//     the open Draft and what the last reply left open; never a position in the interview. The draft
//     of a secret service is in a Dialog apart, of which the chat's own knows nothing (secret.go).
//  3. A message that was answered before is a repeat: nothing changes, and the citizen is told
//     again where the dialog is, and given the paper again that came with the answer (repeat.go).
//  4. Else it is a turn (turn.go). The service's Interview runs its Ask over the answers given so
//     far (questions.go); the first question without an answer is the pending one.
//  5. The message is understood, in this order: a tap on a button (buttons.go), a contact card, a
//     file (files.go), a place; of words, present danger, an answer to a question of the engine's
//     own (confirm.go), a command such as "पीछे" (commands.go), and last an answer to the pending
//     question (read.go, rules.go; package hindi reads numbers, dates and names). Where no draft is
//     open, words choose a service.
//  6. An answer is stored and Ask runs again, which gives the next question. When none is left the
//     citizen sees the review (review.go), changes answers, and files: Interview.File makes the
//     record, once for a Draft's id however often it is called.
//  7. What is to be said now is put into a Reply (present.go); words come from Texts, by id.
//  8. The Dialog is saved, only if nobody saved it since it was loaded; if somebody did, another
//     replica or lane was faster, and all is worked out again from 2.
//  9. The channel fits the Reply into its Limits with Render (render.go), and sends it.
//
// An error from a Handler means that nothing was lost and nothing was said: the channel has the
// network deliver the message again. So the network is the queue, and everything that a turn does
// to the world before its Save may safely be done twice. A message that keeps failing while others
// do not is put aside by Poison (poison.go), so that its chat can go on.
//
// To add a service, read Service and Questions. To add a channel, read Channel and Render. To see
// how it all sounds, read the transcripts in flows/testdata.
package bot
