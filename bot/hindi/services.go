package hindi

import (
	"cmp"
	_ "embed"
	"slices"
	"strconv"
	"strings"
)

//go:embed services.tsv
var servicesTSV string

//go:embed services_rules.tsv
var servicesRulesTSV string

// Intent is a service that a text may ask for. Score is 0 to 1 and means the same for every text: from 0.9 on the words
// say it outright, about 0.7 is worth a question ("क्या आप … चाहते हैं?").
type Intent struct {
	Service string
	Score   float64
}

var (
	serviceWords = newLexicon(servicesTSV)
	serviceRules = readRules(servicesRulesTSV)
)

// rule is one line of services_rules.tsv.
type rule struct {
	service string
	weight  float64
	all     []set   // each must be met
	none    [][]set // not all sets of any of these may be met
}

func readRules(tsv string) []rule {
	var rules []rule
	for line := range strings.Lines(tsv) {
		line = strings.TrimRight(line, "\n")
		if line == "" || line[0] == '#' {
			continue
		}
		fields := append(strings.Split(line, "\t"), "")
		weight, err := strconv.ParseFloat(fields[1], 64)
		if err != nil {
			broken("services_rules.tsv: " + line)
		}
		r := rule{service: fields[0], weight: weight}
		for _, need := range strings.Fields(fields[2]) {
			r.all = append(r.all, serviceWords.classes(strings.Split(need, "|")...))
		}
		for _, ban := range strings.Fields(fields[3]) {
			var together []set
			for _, part := range strings.Split(ban, "&") {
				together = append(together, serviceWords.classes(strings.Split(part, "|")...))
			}
			r.none = append(r.none, together)
		}
		rules = append(rules, r)
	}
	return rules
}

// fits reports that a text with these classes meets the rule.
func (r *rule) fits(all set) bool {
	for _, need := range r.all {
		if !all.meets(need) {
			return false
		}
	}
	for _, together := range r.none {
		banned := true
		for _, part := range together {
			banned = banned && all.meets(part)
		}
		if banned {
			return false
		}
	}
	return true
}

// Services gives the services that a text asks for, best first: the ids of the citizen services, "help" and "emergency".
// It is empty for a greeting, a name, an address.
func Services(s string) []Intent {
	const farEnough = 1500 // bytes: what somebody wants is said at the beginning
	if len(s) > farEnough {
		s = s[:farEnough]
	}
	var r room
	var mbuf [128]heard
	var all set
	t := hear(s, &r)
	for _, m := range serviceWords.listen(mbuf[:0], &t) {
		all.join(m.set)
	}
	var intents []Intent
	if Danger(s) {
		intents = append(intents, Intent{"emergency", 1})
	}
	if all.empty() {
		return intents
	}
	for i := range serviceRules {
		r := &serviceRules[i]
		if !r.fits(all) {
			continue
		}
		at := slices.IndexFunc(intents, func(x Intent) bool { return x.Service == r.service })
		if at < 0 {
			intents = append(intents, Intent{r.service, r.weight})
			continue
		}
		// Each further reason takes a little of what is missing to certainty.
		high, low := max(intents[at].Score, r.weight), min(intents[at].Score, r.weight)
		intents[at].Score = high + (1-high)*0.1*low
	}
	slices.SortStableFunc(intents, func(a, b Intent) int { return cmp.Compare(b.Score, a.Score) })
	return intents
}

// Service is the best of [Services], or "none" with a score of 0.
func Service(s string) (id string, score float64) {
	if intents := Services(s); len(intents) > 0 && intents[0].Score >= leastIntent {
		return intents[0].Service, intents[0].Score
	}
	return "none", 0
}

// leastIntent is the score below which a text asks for nothing.
const leastIntent = 0.6
