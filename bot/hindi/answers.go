package hindi

import "strings"

// answerWords are the words of yes and no. "soft" words agree, and turn into a refusal with नहीं (ठीक नहीं, सही नहीं है).
var answerWords = newLexicon(`
yes	हाँ, हां, हा, haan, han, ha, hn, haa, =yes, yep, yeah, =yess, yup, y, =यस, जी हाँ, ji haan, बिल्कुल, बिलकुल, bilkul, अवश्य, avashya, ज़रूर, jarur, zaroor, confirm, कन्फर्म, sure, अच्छा, achha, accha, acha, haanji, hanji, हाँजी, स्वीकार, sweekar
soft	ok, okay, oky, okk, ओके, ओक, मंज़ूर, manjur, manjoor, सहमत, sahmat, sehmat, agree, right, correct, true, done, जी, ji, jee, सही, sahi, shi, ठीक, theek, thik, tik, teek, thk, यही, yahi, चलेगा, chalega, कर दो, kar do, kardo, कर दीजिए, कर दें, भेज दो, bhej do, होगा, चाहिए, chahiye, chahie, कीजिए, करें, करो, कर दीजिये
no	नहीं, नही, नाही, nahi, nahin, nhi, =nai, nahee, na, ना, न, no, nope, n, नो, मत, mat, नइखे, naikhe, =नै, never, not, cancel, गलत, galat, glt, ग़लत, wrong, incorrect, false, असहमत, बिल्कुल नहीं, कभी नहीं
filler	अभी, abhi, now, है, हैं, hai, he, h, जी, ji, सर, sir, मैडम, madam, भाई, भैया, यह, ये, yah, ye, yeh, वह, बात, baat, सब, sab, तो, to, मैं, main, mai, हम, hum, कुछ, कोई, kuch, koi, please, प्लीज, कृपया, बस, that, is, it, the, i, do, हूँ, hun, hu, रहने दो, rahne do, rehne do, thanks, thank you, धन्यवाद, dhanyavad, dhanyawad, शुक्रिया, a, बाबू, साहब, sahab, saheb
`)

var yesBit, softBit, noBit, fillerBit = answerWords.bit("yes"), answerWords.bit("soft"), answerWords.bit("no"), answerWords.bit("filler")

// YesNo reads a yes or a no: हाँ, जी हाँ, haan ji, ok, ठीक है, 👍; नहीं, जी नहीं, na, galat hai, ठीक नहीं है. Both at once, doubt
// (पता नहीं) and anything longer than an answer are not ok. "हाँ, मेरा ही है" is: a clear first word with a short remark.
func YesNo(s string) (yes, ok bool) { return yesNo(s, true) }

// BareYesNo is YesNo for a place where any words may be an answer: "हाँ, मोबाइल चोरी हुआ" and "नई सड़क" are words then.
func BareYesNo(s string) (yes, ok bool) { return yesNo(s, false) }

func yesNo(s string, remark bool) (yes, ok bool) {
	switch {
	case strings.ContainsAny(s, "👍✅👌🆗✔☑") && !strings.ContainsAny(s, "👎❌"):
		s += " yes"
	case strings.ContainsAny(s, "👎❌✖🚫"):
		s += " no"
	}
	if len(s) > 200 || Unknown(s) {
		return false, false
	}
	var r room
	t := hear(s, &r)
	var mbuf [24]heard
	marks := answerWords.listen(mbuf[:0], &t)
	if len(marks) == 0 || len(marks) > 8 {
		return false, false
	}
	var yeses, softs, noes, others, next int
	for i, m := range marks {
		if i < next {
			continue // inside a phrase
		}
		next = i + m.span
		switch {
		case m.has(noBit) && i == len(marks)-1 && yeses+softs > 0 && noes == 0 && isParticleNa(s):
			// "haan na", "ठीक है ना": the particle asks for agreement, it does not refuse
		case m.has(noBit):
			noes++
		case m.has(yesBit):
			yeses++
		case m.has(softBit):
			softs++
		case m.has(fillerBit):
		default:
			others++
		}
	}
	if others > 0 && !remark {
		return false, false
	}
	if others > 0 {
		short := len(marks) <= 6
		first := (marks[0].has(yesBit) || marks[0].has(noBit)) && len(t.word(0)) > 3 // not the N. of an address
		if !short || !first || yeses > 0 && noes > 0 {
			return false, false
		}
	}
	switch {
	case yeses > 0 && noes > 0:
		return false, false
	case noes > 1 && others == 0 && wrongAndNot(s):
		return false, false // "गलत नहीं है" can be meant either way
	case noes > 0:
		return false, true
	case yeses+softs > 0:
		return true, true
	}
	return false, false
}

// isParticleNa tells the closing particle ना/न/na from नहीं.
func isParticleNa(s string) bool {
	f := Fold(s)
	for _, w := range [...]string{" ना", " न", " na"} {
		if strings.HasSuffix(f, w) {
			return true
		}
	}
	return false
}

// wrongAndNot reports a negated "wrong".
func wrongAndNot(s string) bool {
	f := Fold(s)
	return strings.Contains(f, "गलत न") || strings.Contains(f, "galat n") || strings.Contains(f, "not wrong")
}

var unknownPhrases = newLexicon(`
unknown	पता नहीं, पता नही, नहीं पता, नही पता, pata nahi, pata nhi, pta nhi, pta nahi, nahi pata, nhi pata, याद नहीं, याद नही, नहीं याद, yaad nahi, yad nhi, yaad nhi, yad nahi, nahi yaad, nhi yaad, मालूम नहीं, मालूम नही, नहीं मालूम, नही मालूम, नामालूम, malum nahi, maloom nahi, malum nhi, nahi malum, nhi malum, न मालूम, ना मालूम, don't know, dont know, do not know, didnt know, dunno, idk, not known, not sure, no idea, unknown, can't say, cant say, cannot say, कह नहीं सकते, कह नहीं सकता, कह नहीं सकती, keh nahi sakte, जानकारी नहीं, jankari nahi, नहीं जानते, नहीं जानता, नहीं जानती, nahi jante, nahi janta, nahi janti, nhi janta, नहीं बता सकते, नहीं बता सकता, नहीं बता सकती, nahi bata sakte, ज्ञात नहीं, अज्ञात, agyat, don't remember, dont remember, do not remember, can't remember, cant remember, forgot, भूल गए, भूल गया, भूल गई, bhul gaya, bhul gya, bhul gye, bhul gayi, भूल गये, खबर नहीं, नइखे मालूम, नइखे याद, नै बुझल, ध्यान नहीं, dhyan nahi, याद नइखे, पता नइखे
filler	है, हैं, hai, he, h, मुझे, मुझको, मेरे को, हमें, हमको, mujhe, mujhko, humko, hamko, hame, hamein, हम, मैं, hum, main, mai, i, we, ठीक से, ठीक ठीक, thik se, theek se, सही, sahi, exact, exactly, जी, ji, sir, सर, तारीख, tarikh, tareekh, date, दिन, din, समय, samay, time, the, it, को, ko, अब, अभी, ab, abhi, तो, to, कुछ, kuch, kuchh, यह, ये, ye, इसका, इसकी, की, का, के, ki, ka, ke, नंबर, नम्बर, number, me, my, कब, kab, कौन, kaun, कहाँ, kahan, क्या, kya, साहब, sahab, बारे, bare, में, रहा, raha, रही, rahi, हो, am, sorry, सॉरी, सटीक, से, se, nahi, नहीं, उसका, uska, इनका, उनका, its, about, भी, bhi, इस
`)

var unknownBit, unknownFillerBit = unknownPhrases.bit("unknown"), unknownPhrases.bit("filler")

// Unknown reads "I do not know": पता नहीं, याद नहीं है, nahi malum, don't remember, अज्ञात. Only when nothing else is said:
// "तारीख याद नहीं, शायद सोमवार" has an answer in it.
func Unknown(s string) bool {
	if len(s) > 200 {
		return false
	}
	var r room
	t := hear(s, &r)
	var mbuf [24]heard
	marks := unknownPhrases.listen(mbuf[:0], &t)
	found := false
	for i := 0; i < len(marks); {
		switch m := marks[i]; {
		case m.has(unknownBit):
			found = true
			i += m.span
		case m.has(unknownFillerBit):
			i++
		default:
			return false
		}
	}
	return found
}
