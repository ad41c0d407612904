package main

import (
	"fmt"
	"slices"

	"nagrik/store"
)

// checkNews checks that a filing's citizen was told of all that officers did with it, and of nothing else.
func checkNews(filings []filing, f *findings) {
	for _, filing := range filings {
		happened, told := map[string]int{}, map[string]int{}
		for _, e := range filing.Events {
			if slices.Contains(newsOf, e.Kind) {
				happened[e.Kind]++
			}
		}
		for _, m := range filing.citizen.Inbox() {
			if kind := filing.citizen.words.newsIn(m.Text); kind != "" && slices.Contains(numbers(m.Text), filing.Number) {
				told[kind]++
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
	}
}
