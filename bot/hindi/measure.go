package hindi

import (
	"math"
	"strings"
)

var measureWords = newLexicon(`
year	साल, वर्ष, बरस, वर्षीय, सालों, saal, sal, varsh, varshiya, baras, year, years, yr, yrs, y, yo
month	महीना, महीने, माह, mahina, mahine, maah, mah, month, months
day	दिन, din, day, days, हफ्ते, हफ्ता, hafte, hafta, week, weeks
age	old, आसपास, aaspas, aas, pas, करीब, बच्चा, बच्ची, लड़का, लड़की, baccha, bachcha, bacchi, bachchi, ladka, ladki, larka, larki, आदमी, औरत, aadmi, aurat, years, उम्र, आयु, अवस्था, umar, umr, umra, ayu, age, aayu, की, के, का, ki, ke, ka, हैं, हूँ, hun, hu, hoon, हो, गए, गया, गई, गये, ho, gaye, gaya, gyi, gye, gayi, होगा, होगी, होंगे, hoga, hogi, honge, पूरे, pure, poore, से, ऊपर, अधिक, ज़्यादा, se, upar, adhik, jyada, plus, i, am, years, of, चल, रहा, रही, chal, raha, rahi, मैं, main, उनकी, उसकी, इनकी, unki, uski, her, his, he, she, वे, वह, उनका, माँ, पिता, को, ko
foot	फुट, फीट, फिट, फ़ीट, foot, feet, ft, fit, fut, phut, pheet, phit, feets, f
inch	इंच, इन्च, inch, inches, in, inchi, इंची, i
cm	सेमी, से मी, सेंटीमीटर, सेन्टीमीटर, सेंटी, cm, cms, centimeter, centimetre, centimeters, c m, सी एम, सीएम, centi
metre	मीटर, m, meter, metre, mtr, meters, metres, mt
height	के, ke, आसपास, aaspas, aas, pas, लंबाई, लम्बाई, कद, क़द, ऊँचाई, ऊंचाई, हाइट, height, hight, hite, lambai, kad, unchai, है, hai, की, ki, का, ka, मेरी, मेरा, उनकी, उसकी, लम्बा, लंबा, लंबी, lamba, lambi, tall, और, aur, and, होगी, होगा, hogi, hoga, करीब
rupee	रुपए, रुपये, रुपया, रूपए, रूपये, रूपया, रुपयों, रु, रू, रुपै, rupee, rupees, rupaye, rupay, rupye, rupya, rupiya, rupaya, rupiye, rs, inr, re, टाका, taka, पैसे, पैसा, paise, paisa
money	कुल, मूल्य, कीमत, क़ीमत, राशि, रकम, नकद, नगद, की, के, का, ki, ke, ka, है, थे, था, थी, tha, the, thi, मात्र, only, cash, nakad, kimat, keemat, rashi, amount, value, worth, total, of, करीब, लगभग, तक, से, अधिक, ज़्यादा, ऊपर, jyada, upar, चोरी, हुए, गए, hue, gaye, लगभग
`)

func measured(t token, class string) bool {
	return t.kind == word && measureWords.knows(t.sound, class)
}

// Age reads an age in whole years, 0 to 120: "75", "पचहत्तर साल", "75 वर्ष", "70 ke hain", "डेढ़ साल" (1), "6 महीने" (0).
func Age(s string) (int, bool) {
	ts := scan(s)
	age, found := 0.0, false
	for i := 0; i < len(ts); {
		v, n := quantity(ts, i)
		if n == 0 {
			switch {
			case ts[i].kind == mark && ts[i].text != "/" && !(ts[i].text == "-" && i == 0):
			case measured(ts[i], "age"), measured(ts[i], "year") && !found, polite(ts[i]) && ts[i].kind == word:
			default:
				return 0, false
			}
			i++
			continue
		}
		i += n
		switch {
		case i < len(ts) && measured(ts[i], "month"):
			v, i = v/12, i+1
			if !found && v > 10 {
				return 0, false
			}
		case i < len(ts) && measured(ts[i], "day"):
			v, i = v/365, i+1
			if found || v > 2 {
				return 0, false
			}
		case found:
			return 0, false
		case i < len(ts) && measured(ts[i], "year"):
			i++
		}
		age, found = age+v, true
	}
	if !found || age < 0 || age >= 121 {
		return 0, false
	}
	return int(age), true
}

// Height reads the height of a person in centimetres, 30 to 250: "5 फुट 4 इंच", "5'4", "5.4 feet" (which means 5 feet 4 inches), "साढ़े पाँच फुट", "163",
// "163 सेमी", "1.63 m", "64 inch".
func Height(s string) (int, bool) {
	ts := scan(s)
	var cm float64
	found := false
	for i := 0; i < len(ts); {
		if ts[i].kind == mark || measured(ts[i], "height") || polite(ts[i]) {
			i++
			continue
		}
		if found {
			return 0, false
		}
		var n int
		if cm, n = heightAt(ts, i); n == 0 {
			return 0, false
		}
		i += n
		found = true
	}
	if !found || cm < 30 || cm > 250 {
		return 0, false
	}
	return int(math.Round(cm)), true
}

const inch = 2.54

// heightAt reads a height that begins at token i.
func heightAt(ts []token, i int) (cm float64, n int) {
	v, n := quantity(ts, i)
	if n == 0 {
		return 0, 0
	}
	at := i + n
	unit := func(class string) bool {
		if at < len(ts) && ts[at].kind == word && measured(ts[at], class) {
			at++
			return true
		}
		// "से. मी." and "c m"
		if class == "cm" && at < len(ts) && (ts[at].text == "से" || ts[at].text == "c" || ts[at].text == "सें") {
			k := at + 1
			if is(ts, k, ".") {
				k++
			}
			if k < len(ts) && (ts[k].text == "मी" || ts[k].text == "m") {
				at = k + 1
				return true
			}
		}
		return false
	}
	mark := func(m string) bool {
		if is(ts, at, m) {
			at++
			return true
		}
		return false
	}
	switch {
	case unit("cm"):
		return v, at - i
	case unit("metre"):
		if v < 3 {
			cm = v * 100
			if c, took := quantity(ts, at); took > 0 && c < 100 { // 1 मीटर 63 सेमी
				at += took
				if !unit("cm") {
					return 0, 0
				}
				cm += c
			}
			return cm, at - i
		}
		return 0, 0
	case n == 3 && v >= 3 && v < 8 && mark(`"`): // 5.4" is 5'4"
		feet, ok := feetOf(ts[i:i+n], v)
		if !ok {
			return 0, 0
		}
		return feet * 12 * inch, at - i
	case unit("inch") || mark(`"`):
		return v * inch, at - i
	case unit("foot") || mark("'"):
		feet, ok := feetOf(ts[i:i+n], v)
		if !ok {
			return 0, 0
		}
		for is(ts, at, ".") || is(ts, at, "-") || is(ts, at, "+") || at < len(ts) && (ts[at].text == "और" || ts[at].text == "aur" || ts[at].text == "and") {
			at++
		}
		inches, took := quantity(ts, at)
		if took > 0 {
			if inches >= 12 || feet != math.Trunc(feet) {
				return 0, 0
			}
			at += took
			if !unit("inch") && !mark(`"`) && mark("'") {
				mark("'")
			}
			feet += inches / 12
		}
		return feet * 12 * inch, at - i
	}
	// No unit. 5.4, 5-4, 5/4, 5 4 are feet and inches, 163 is centimetres, 1.63 metres.
	if f, ok := feetOf(ts[i:i+n], v); ok && f >= 3 && f < 8 {
		next := at
		if is(ts, next, "-") || is(ts, next, "/") || is(ts, next, ":") {
			next++
		}
		if inches, took := wholeQuantity(ts, next); took > 0 && n == 1 {
			if inches >= 12 {
				return 0, 0
			}
			at = next + took
			if !unit("inch") {
				mark(`"`)
			}
			return (f*12 + float64(inches)) * inch, at - i
		}
		return f * 12 * inch, at - i
	}
	if v > 1 && v < 2.3 && v != math.Trunc(v) {
		return v * 100, at - i
	}
	if v < 50 {
		return 0, 0
	}
	return v, at - i
}

// feetOf is a number of feet. In digits 5.4 means 5 feet 4 inches and 5.10 5 feet 10; in words साढ़े पाँच is five and a half.
func feetOf(ts []token, v float64) (float64, bool) {
	if v < 1 || v >= 9 {
		return 0, false
	}
	if len(ts) == 3 && ts[1].text == "." {
		if len(ts[2].text) > 2 {
			return 0, false
		}
		inches := atoi(ts[2].text)
		return float64(atoi(ts[0].text)) + float64(inches)/12, inches < 12
	}
	return v, true
}

// Amount reads a sum in whole rupees: "₹12,500", "डेढ़ लाख", "15 hazaar", "2.5 lakh", "बारह सौ", "500/-", "15k". Paise are dropped.
func Amount(s string) (int, bool) {
	ts := scan(strings.ReplaceAll(s, "₹", " "))
	amount, found := 0.0, false
	for i := 0; i < len(ts); {
		v, n := quantity(ts, i)
		if n == 0 {
			switch {
			case is(ts, i, "-") && !found && i+1 < len(ts) && ts[i+1].kind == digits && ts[i+1].glued:
				return 0, false // a negative amount
			case is(ts, i, "/") && !is(ts, i+1, "-"):
				return 0, false
			case ts[i].kind == mark, measured(ts[i], "rupee"), measured(ts[i], "money"), polite(ts[i]):
			default:
				return 0, false
			}
			i++
			continue
		}
		if found {
			return 0, false
		}
		i += n
		if i < len(ts) {
			switch ts[i].text {
			case "k":
				v, i = v*1000, i+1
			case "l":
				v, i = v*100000, i+1
			}
		}
		amount, found = v, true
	}
	if !found || amount < 0 || amount > 1e12 {
		return 0, false
	}
	return int(amount), true
}
