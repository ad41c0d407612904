package hindi

import (
	_ "embed"
	"strings"
)

//go:embed danger.tsv
var dangerTSV string

var dangerWords = newLexicon(dangerTSV)

// danger names the classes of danger.tsv.
var danger = struct {
	cry, saveobject, campaign, blow, rob, cut, weapon, brandish, shot, shoot, trying, came, whom, fireword, force, stalk, molest, enter, breaking, entered, intruder, inside, breakin,
	fire, burn, notfire, hurt, breath, collapse, collapsed, accident, ambulance, police, send, willkill, held, doing, pastenglish,
	going, bhojpuri, was, werecan, ispresent, before, over, habit, now, unreal, said, threat, not, harmless, child, women set
}{
	cry: classOf("cry"), saveobject: classOf("saveobject"), campaign: classOf("campaign"), blow: classOf("blow"), rob: classOf("rob"), cut: classOf("cut"),
	weapon: classOf("weapon"), brandish: classOf("brandish"), shot: classOf("shot"), shoot: classOf("shoot"), trying: classOf("trying"), came: classOf("came"), whom: classOf("whom"), fireword: classOf("fireword"), force: classOf("force"), stalk: classOf("stalk"), molest: classOf("molest"), enter: classOf("enter"),
	breaking: classOf("break"), entered: classOf("entered"), intruder: classOf("intruder"), inside: classOf("inside"), breakin: classOf("breakin"),
	fire: classOf("fire"), burn: classOf("burn"), notfire: classOf("notfire"), hurt: classOf("hurt"), breath: classOf("breath"), collapse: classOf("collapse"),
	collapsed: classOf("collapsed"), accident: classOf("accident"), ambulance: classOf("ambulance"), police: classOf("police"), send: classOf("send"),
	willkill: classOf("willkill"), held: classOf("held"), doing: classOf("doing"), pastenglish: classOf("pastenglish"), going: classOf("going"), bhojpuri: classOf("bhojpuri"),
	was: classOf("was"), werecan: classOf("werecan"), ispresent: classOf("ispresent"), before: classOf("before"), over: classOf("over"), habit: classOf("habit"),
	now: classOf("now"), unreal: classOf("unreal"), said: classOf("said"), threat: classOf("threat"), not: classOf("not"), harmless: classOf("harmless"),
	child: classOf("child"), women: classOf("women"),
}

func classOf(name string) set { return dangerWords.classes(name) }

// alarm are the classes without which no message is a danger: nearly every message ends at this check.
var alarm = dangerWords.classes("cry", "blow", "rob", "cut", "weapon", "shot", "force", "stalk", "molest", "enter", "break", "entered", "intruder", "breakin", "fire", "fireword", "burn", "hurt", "breath",
	"collapse", "collapsed", "accident", "ambulance", "police", "willkill", "held", "doing", "bhojpuri")

// Danger reports words of present danger in either script. A danger that is over ("कल मारपीट हुई थी") is none.
func Danger(s string) bool {
	_, ok := DangerKind(s)
	return ok
}

// DangerKind is Danger with what kind it is: "fire", "injury", "intrusion", "child", "women", "violence" or "general", the first that fits.
//
// What counts is the time of the verb. "मार रहे हैं" is now, "मार रहे थे" is not; "घुस आए" is now unless a day before today, था or an outcome
// ("सामान ले गए") stands beside it; "रोज मारता है" is a matter for a complaint. अभी and जल्दी overrule all of these but था. When in doubt the
// answer is yes: a needless 112 costs a line of text.
func DangerKind(s string) (kind string, ok bool) {
	const farEnough = 1500 // bytes; the cry stands at the beginning of a message, or the whole message is a story
	if len(s) > farEnough {
		s = s[:farEnough]
	}
	var r room
	var mbuf [128]heard
	t := hear(s, &r)
	marks := dangerWords.listen(mbuf[:0], &t)
	p := plight{marks: marks}
	for i := range marks {
		if marks[i].meets(danger.cry) {
			marks[i].set = danger.cry // बचाओ sounds like बच्चों
		}
		p.all.join(marks[i].set)
	}
	if !p.all.meets(alarm) {
		return "", false
	}
	p.devanagari = hasDevanagari(s)
	kind, ok = p.kind()
	if ok && kind == "violence" && strings.Contains(s, "मर रह") {
		kind = "injury" // मर and मार sound alike here, but not to a doctor
	}
	return kind, ok
}

func hasDevanagari(s string) bool {
	for i := 0; i+1 < len(s); i++ {
		if s[i] == 0xE0 && (s[i+1] == 0xA4 || s[i+1] == 0xA5) {
			return true
		}
	}
	return false
}

// plight is one message that may tell of a danger.
type plight struct {
	marks      []heard
	all        set
	devanagari bool
}

// at is the class of word i.
func (p *plight) at(i int) set {
	if i < 0 || i >= len(p.marks) {
		return set{}
	}
	return p.marks[i].set
}

func (p *plight) has(c set) bool { return p.all.meets(c) }

// near reports a word of the class among the words from..to.
func (p *plight) near(from, to int, c set) bool {
	for i := max(0, from); i <= to && i < len(p.marks); i++ {
		if p.marks[i].meets(c) {
			return true
		}
	}
	return false
}

// wasPast reports था, थी, थे. Roman "the" is थे only after a verb; elsewhere it is the English article.
func (p *plight) wasPast() bool {
	for i := range p.marks {
		if p.at(i).meets(danger.was) {
			return true
		}
		if p.at(i).meets(danger.werecan) && (p.devanagari || p.at(i-1).meets(danger.going) || i == len(p.marks)-1 && i > 1) {
			return true
		}
	}
	return false
}

// kind weighs the message.
func (p *plight) kind() (string, bool) {
	now := p.has(danger.now)
	past := p.wasPast()
	told := p.has(danger.before) || p.has(danger.over) // a day before today, or an outcome
	unreal := p.has(danger.unreal) && !now
	chronic := p.has(danger.habit) && !now

	if p.crying() && !past && !unreal {
		return p.named("general"), true
	}
	if past && !(now && p.hasGoing()) || unreal {
		return "", false
	}
	if told && !now {
		// Somebody tells a story; only what goes on in it counts ("कल से नहीं, अभी मार रहे हैं" has now).
		if !p.hasGoing() || p.has(danger.over) || p.has(danger.before) && !p.presentEnd() {
			return "", false
		}
	}
	switch {
	case p.isFire():
		return "fire", true
	case p.isInjury(now):
		return "injury", true
	case p.isIntrusion():
		return "intrusion", true
	case chronic:
		return "", false
	case p.isViolence(now):
		return p.named("violence"), true
	case p.wantsPolice(now):
		return p.named("general"), true
	}
	return "", false
}

// named is the kind by the person who suffers, else the given one.
func (p *plight) named(kind string) string {
	switch {
	case p.isFire():
		return "fire"
	case p.has(danger.entered) || p.has(danger.breaking) || p.has(danger.breakin):
		return "intrusion"
	case p.has(danger.child):
		return "child"
	case p.has(danger.women) || p.has(danger.molest):
		return "women"
	case p.has(danger.blow) || p.has(danger.willkill) || p.has(danger.weapon) || p.has(danger.shot) || p.has(danger.doing):
		return "violence"
	}
	return kind
}

// crying finds a cry that is not the name of a campaign.
func (p *plight) crying() bool {
	for i, m := range p.marks {
		if !m.meets(danger.cry) {
			continue
		}
		if p.near(i+1, i+2, danger.campaign) || p.at(i-1).meets(danger.saveobject) || p.near(i+1, i+3, danger.not) && len(p.marks) > 3 {
			continue
		}
		return true
	}
	return false
}

// goingAfter reports that the verb at i goes on: रहा, रही, रहे within three words, not followed by था or थे.
func (p *plight) goingAfter(i int) bool {
	reach := i + 4
	if p.near(i+1, i+4, danger.trying) { // करने की कोशिश कर रहा है
		reach += 4
	}
	for j := i + 1; j <= reach && j < len(p.marks); j++ {
		if p.at(j).meets(danger.not) && !p.at(j).meets(danger.going) {
			return false
		}
		if p.at(j).meets(danger.going) {
			return !p.near(j+1, j+1, danger.was) && !p.near(j+1, j+1, danger.werecan)
		}
	}
	return false
}

func (p *plight) hasGoing() bool {
	for i := range p.marks {
		if p.at(i).meets(danger.going) && !p.near(i+1, i+1, danger.was) && !p.near(i+1, i+1, danger.werecan) || p.at(i).meets(danger.bhojpuri) || p.at(i).meets(danger.doing) {
			return !p.has(danger.pastenglish) || p.devanagari
		}
	}
	return false
}

// presentEnd reports that the last words are in the present (रहा है).
func (p *plight) presentEnd() bool {
	return p.near(len(p.marks)-3, len(p.marks)-1, danger.going) && p.near(len(p.marks)-2, len(p.marks)-1, danger.ispresent)
}

func (p *plight) isFire() bool {
	if p.has(danger.notfire) {
		return false
	}
	if len(p.marks) <= 2 && p.at(0).meets(danger.fireword) && p.at(len(p.marks)-1).meets(danger.fireword) {
		return true // "fire!"
	}
	for i := range p.marks {
		switch {
		case p.at(i).meets(danger.fire):
			if !p.near(i+1, i+3, danger.not) && !p.has(danger.threat) {
				return true
			}
		case p.at(i).meets(danger.burn) && p.at(i+1).meets(danger.going):
			return true
		}
	}
	return false
}

// isInjury finds somebody hurt who needs help now.
func (p *plight) isInjury(now bool) bool {
	if p.has(danger.breath) {
		return true
	}
	for i := range p.marks {
		switch m := p.at(i); {
		case m.meets(danger.hurt) && !p.near(i+1, i+2, danger.not):
			return true
		case m.meets(danger.collapsed) && !p.has(danger.threat):
			return true
		case m.meets(danger.collapse) && (now || p.near(i+1, len(p.marks)-1, danger.ispresent) || p.near(i+1, i+4, danger.going) || len(p.marks) <= 5):
			return true
		case m.meets(danger.accident) && (now || p.has(danger.collapse) || p.near(len(p.marks)-1, len(p.marks)-1, danger.ispresent) && p.near(i+1, i+3, goneSet)):
			return true
		case m.meets(danger.ambulance) && (now || p.has(danger.send) || len(p.marks) <= 3):
			return true
		}
	}
	return false
}

var goneSet = classOf("ispresent")

// isIntrusion finds people who have come in or are breaking in.
func (p *plight) isIntrusion() bool {
	if p.has(danger.breakin) && !p.has(danger.pastenglish) {
		return true
	}
	for i := range p.marks {
		switch m := p.at(i); {
		case m.meets(danger.entered) && !p.near(i-2, i-1, danger.harmless):
			return true
		case (m.meets(danger.enter) || m.meets(danger.breaking)) && p.goingAfter(i) && !p.near(i-2, i-1, danger.harmless):
			return true
		case m.meets(danger.intruder) && p.near(i-4, i+4, danger.inside) && p.near(i, i+5, danger.ispresent) && !p.has(danger.not):
			return true
		case m.meets(danger.intruder) && p.near(i+1, i+3, danger.came) && p.near(i+1, len(p.marks)-1, danger.ispresent):
			return true
		case m.meets(danger.intruder) && p.at(i+1).meets(danger.intruder) && len(p.marks) <= 4: // चोर चोर!
			return true
		}
	}
	return false
}

// isViolence finds people who are being beaten, shot at, dragged away, pursued or threatened.
func (p *plight) isViolence(now bool) bool {
	if p.has(danger.bhojpuri) {
		return true
	}
	for i := range p.marks {
		m := p.at(i)
		harmless := p.near(i-2, i-1, danger.harmless)
		switch {
		case m.meets(danger.willkill):
			if !p.has(danger.said) && !(p.has(danger.threat) && !p.hasGoing() && !now) && !p.onlyThreat(i, now) {
				return true
			}
		case m.meets(danger.held) && !p.near(i+1, i+3, danger.not):
			return true
		case m.meets(danger.blow) && p.goingAfter(i) && !harmless && !(p.has(danger.threat) && !now):
			return true
		case (m.meets(danger.rob) || m.meets(danger.cut)) && p.goingAfter(i) && !harmless && !p.near(i-4, i-1, danger.harmless):
			return true
		case (m.meets(danger.force) || m.meets(danger.stalk) || m.meets(danger.molest)) && p.goingAfter(i):
			return true
		case m.meets(danger.shot) && p.near(i+1, i+2, danger.shoot) && p.goingAfter(i):
			return true
		case m.meets(danger.weapon) && p.near(i-2, i+3, danger.brandish) && (p.goingAfter(i) || p.near(i, i+6, danger.ispresent)) && !p.near(i+1, i+4, danger.not) && (now || !p.has(danger.threat) || !p.devanagari):
			return true
		case m.meets(danger.doing) && !p.has(danger.pastenglish) && (p.near(i-2, i-1, danger.ispresent) || p.near(i+1, i+2, danger.whom)):
			return true
		case now && (m.meets(danger.blow) || m.meets(danger.molest) || m.meets(danger.threat) && p.goingAfter(i)) && (p.has(danger.police) || p.has(danger.ispresent)) && !p.near(i+1, i+3, danger.not):
			return true
		}
	}
	return false
}

// onlyThreat reports "जान से मारने की धमकी": the words of killing belong to a threat that was made, not to a deed.
func (p *plight) onlyThreat(i int, now bool) bool {
	return p.near(i+1, i+4, danger.threat) && !now
}

// wantsPolice reads a bare call: "पुलिस भेजो जल्दी", "तुरंत मदद भेजिए".
func (p *plight) wantsPolice(now bool) bool {
	return p.has(danger.police) && p.has(danger.send) && now && len(p.marks) <= 7
}
