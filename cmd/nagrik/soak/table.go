package main

import (
	"fmt"
	"slices"

	"nagrik/bot/telegram/telegramtest"
)

// Rows that tests look for: they tell whether a run showed anything.
const (
	filingsRow   = "filings"
	killsRow     = "kill -9 of a replica"
	firsRow      = "FIRs registered"
	transfersRow = "sent to another station"
	acceptedRow  = "updates accepted"
	wordsRow     = "words of ordinary dialogs found in Redis' files"
	stopsRow     = "replicas that did not stop in order"
)

// report puts everything into a table.
func (w *world) report(f *findings, a answers, n notices) *report {
	r := &report{}
	var crashes []string
	byThemselves := 0
	for _, p := range w.replicas {
		crashes = append(crashes, p.crashes()...)
		byThemselves += p.ownEnds
	}
	r.note("dialogs begun", int(w.tally.began.Load()))
	r.note(filingsRow, f.filings)
	r.note("  of these wanted twice by the citizen", f.confirmed)
	r.note("tips", f.tipsFiled)
	r.note("acknowledged by officers", f.acknowledgements)
	r.note("officers' actions that asked something", int(w.tally.errands.Load()))
	r.note("  of these let be", int(w.tally.errandsLeft.Load()))
	r.note(firsRow, f.firs)
	r.note("  copies that informants got with the news", f.copiesGiven)
	r.note("copies of FIRs asked for", f.copiesAsked)
	r.note("  and answered", f.copiesAnswered)
	r.note(transfersRow, f.transfers)
	r.note("  taken over", f.takenOver)
	r.note("  sent back", f.sentBack)
	r.note("pairs of lost and found proposed", f.proposed)
	r.note("answers, additions, ratings, withdrawals, copies", int(w.tally.additions.Load()))
	r.note("  of these let be", int(w.tally.additionsLeft.Load()))
	r.note("news told", f.newsTold)
	r.note("results' papers", f.papersGiven)
	r.note("steps of clocks whose time was made to pass", f.overdue)
	r.note(killsRow, w.storm.kills)
	r.note("kill -9 and immediate stops of Postgres", w.storm.postgresKills)
	r.note("kill -9 of Redis", w.storm.redisKills)
	r.note("kill -9 of the Redis for tips", w.storm.tipsKills)
	r.note("FLUSHALL of Redis", w.storm.flushes)
	r.note("ends of a replica by itself (a server away at start)", byThemselves)
	r.note(acceptedRow, a.accepted)
	r.note("  delivered once more after that", w.telegram.Count("repeated"))
	r.note("  attempts that failed", w.telegram.Count("failed"))
	r.note("  given up by Telegram (presses of 150 s)", w.telegram.Count("expired"))
	r.note("presses sent once more by the app", int(w.tally.resent.Load()))
	r.note("filed by two taps", int(w.tally.tappedTwice.Load()))
	r.note("citizens lost patience", int(w.tally.impatient.Load()))
	r.note("  and began anew", int(w.tally.gaveUp.Load()))
	r.note("  were asked whether to file the same once more", int(w.tally.asked.Load()))
	r.note("reviews thrown away by the citizen", int(w.tally.rejected.Load()))
	r.note("sends answered 429", int(w.front.refused.Load()))
	r.note("jobs of killed replicas that wait for rescue", n.orphaned)
	r.note("notices made due at the end", w.hurried)
	r.note("cards repeated", f.cardRepeats)
	r.note("news to citizens repeated", f.newsRepeats)
	r.note("receipts repeated", f.receiptRepeats)
	r.note("copies of FIRs repeated", f.copyRepeats)
	r.note("unfinished tips left in the Redis for tips", f.tipsInRedis)
	r.note(wordsRow, f.ordinaryWords)

	r.must("receipts lost", f.lost...)
	r.must("filings with other content than was filed", f.content...)
	r.must("filings doubled", f.doubled...)
	r.must("two numbers for one dialog", f.numbers...)
	r.must("filings whose citizen never saw the number", f.untold...)
	r.must("shown to the wrong person", f.strangers...)
	r.must("acknowledged but unanswered", a.unanswered...)
	r.must("updates never accepted", a.waiting...)
	r.must("cards missing", f.cards...)
	r.must("cards in a wrong chat", f.misplaced...)
	r.must("filings at no station or another than was told", f.astray...)
	r.must("news that never came", f.news...)
	r.must("news of what did not happen", f.invented...)
	r.must("filings whose receipt as PDF never came", f.receipts...)
	r.must("results whose paper never came", f.papers...)
	r.must("FIRs that the register or the filing lacks", f.register...)
	r.must("copies of FIRs lost, wrong or sent too often", f.copies...)
	r.must("copies of FIRs that came by the words alone", f.wordsAlone...)
	r.must("pairs whose card never came", f.matches...)
	r.must("filings that were never matched", f.unmatched...)
	r.must("tips lost, doubled or leading to somebody", f.tips...)
	r.must("finished tips left in the Redis for tips", f.leftTips...)
	r.must("words of tips in the main Redis", f.traces...)
	r.must("words of people in the clear", f.openWords...)
	r.must("officers' actions lost", f.acts...)
	r.must("officers' actions done twice", f.repeatedActs...)
	r.must("what citizens added lost or done twice", f.additions...)
	r.must("steps of clocks too early", f.early...)
	r.must("steps of clocks taken twice", f.stepped...)
	r.must("steps of clocks left out", f.missed...)
	r.must("messages put aside", slices.Repeat([]string{"see table dead_messages"}, n.aside)...)
	r.must("notices stuck or failed", n.stuck...)
	r.must("jobs stuck", n.jobs...)
	r.must("updates that failed again and again in peace", w.failedInPeace()...)
	r.must("dialogs without an end", w.unfinished()...)
	r.must("crashes", crashes...)
	return r
}

// unfinished are the dialogs that did not come to an end.
func (w *world) unfinished() (lines []string) {
	say := func(who string, inbox []telegramtest.Message) {
		last := "nothing"
		if len(inbox) > 0 {
			last = short(inbox[len(inbox)-1].Text)
		}
		lines = append(lines, fmt.Sprintf("%s: the last that was said is %q", who, last))
	}
	for _, c := range w.citizens {
		for _, t := range c.stories {
			if !t.told {
				say(fmt.Sprintf("chat %d, %s", c.ID, t.mark), c.Inbox())
			}
		}
	}
	for _, e := range w.elders {
		if e.number != "" && e.told() == "" {
			say(fmt.Sprintf("chat %d, an elder", e.ID), e.Inbox())
		}
	}
	return lines
}
