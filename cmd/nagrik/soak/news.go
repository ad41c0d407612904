package main

import (
	"fmt"
	"slices"
	"strings"

	"nagrik/store"
)

// worded are the kinds of news that bring the officer's words.
var worded = []string{store.Question, store.Visit, string(store.Found), string(store.Closed), string(store.Transferred)}

// checkNews checks that a filing's citizen was told of all that officers did with it, in the officers'
// words, and of nothing else.
func checkNews(filings []filing, f *findings) {
	for _, filing := range filings {
		happened, told, said := map[string]int{}, map[string]int{}, ""
		for _, e := range filing.Events {
			if slices.Contains(newsOf, e.Kind) {
				happened[e.Kind]++
			}
		}
		for _, m := range filing.citizen.Inbox() {
			if kind := filing.citizen.words.newsIn(m.Text); kind != "" && slices.Contains(numbers(m.Text), filing.Number) {
				told[kind]++
				said += m.Text
			}
		}
		f.acknowledgements += happened[string(store.Acknowledged)]
		for _, kind := range newsOf {
			f.newsTold += min(told[kind], happened[kind])
			switch {
			case told[kind] < happened[kind]:
				f.news = append(f.news, fmt.Sprintf("chat %d: %s, %s %d times, told %d times", filing.citizen.ID, filing.Number, kind, happened[kind], told[kind]))
			case happened[kind] == 0 && told[kind] > 0:
				f.invented = append(f.invented, fmt.Sprintf("chat %d: %s, %s", filing.citizen.ID, filing.Number, kind))
			default:
				f.newsRepeats += told[kind] - happened[kind]
			}
		}
		for _, e := range filing.Events {
			if mark := markForm.FindString(e.Note); slices.Contains(worded, e.Kind) && !strings.Contains(said, mark) {
				f.news = append(f.news, fmt.Sprintf("chat %d: %s, the words of %s", filing.citizen.ID, filing.Number, e.Kind))
			}
		}
	}
}

// resultPapers are the kinds of papers that officers' results come with.
var resultPapers = map[string]string{
	string(store.Verified): "verification_result", string(store.NotVerified): "verification_result",
	string(store.CannotVerify): "verification_result", store.CertificateIssued: "character_certificate",
}

// checkPapers checks that a result came with its paper.
func checkPapers(filings []filing, f *findings) {
	for _, filing := range filings {
		for _, e := range filing.Events {
			kind := resultPapers[e.Kind]
			if kind == "" {
				continue
			}
			name := filing.Number + "-" + kind + ".pdf"
			came := false
			for _, m := range filing.citizen.Inbox() {
				came = came || filing.citizen.words.newsIn(m.Text) == e.Kind && paperOf(m, filing.Number, name)
			}
			if came {
				f.papersGiven++
			} else {
				f.papers = append(f.papers, fmt.Sprintf("chat %d: %s", filing.citizen.ID, name))
			}
		}
	}
}
