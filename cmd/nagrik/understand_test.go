package main

import (
	"strings"
	"testing"
)

// One line in, one JSON object out, in the form that scripts rely on; no database is needed.
func TestUnderstand(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		args     []string
		in, want string
	}{
		"service":  {nil, "मेरा फोन खो गया", `"service":"lost_property","score":0.`},
		"danger":   {nil, "बचाओ बचाओ", `"service":"emergency","score":1,"danger":true}`},
		"nothing":  {nil, "<b>", `{"text":"<b>","service":"none","score":0,"danger":false}`},
		"past":     {[]string{"--as", "date-past", "--now", "2025-12-06T10:00:00+05:30"}, "कल शाम 5 बजे", `{"text":"कल शाम 5 बजे","value":"2025-12-05"}`},
		"future":   {[]string{"--as", "date-future", "--now", "2025-12-06T10:00:00+05:30"}, "कल", `{"text":"कल","value":"2025-12-07"}`},
		"zone":     {[]string{"--as", "date-past", "--now", "2025-12-05T20:00:00Z"}, "आज", `{"text":"आज","value":"2025-12-06"}`},
		"phone":    {[]string{"--as", "phone"}, "०98765 01234", `"value":"+919876501234"}`},
		"pin":      {[]string{"--as", "pin"}, "८०० ०२०", `"value":"800020"}`},
		"vehicle":  {[]string{"--as", "vehicle"}, "br 01 ab 1234", `"value":"BR01AB1234"}`},
		"imei":     {[]string{"--as", "imei"}, "356938035643809", `"value":"356938035643809"}`},
		"reject":   {[]string{"--as", "imei"}, "356938035643808", `{"text":"356938035643808","value":"reject"}`},
		"age":      {[]string{"--as", "age"}, "पचहत्तर साल", `"value":"75"}`},
		"height":   {[]string{"--as", "height"}, "5 फुट 4 इंच", `"value":"163"}`},
		"amount":   {[]string{"--as", "amount"}, "डेढ़ लाख", `"value":"150000"}`},
		"fir":      {[]string{"--as", "fir"}, "123/25", `"value":"123/2025"}`},
		"yes":      {[]string{"--as", "yesno"}, "haan ji", `"value":"yes"}`},
		"no":       {[]string{"--as", "yesno"}, "नहीं", `"value":"no"}`},
		"doubt":    {[]string{"--as", "yesno"}, "पता नहीं", `"value":"reject"}`},
		"station":  {[]string{"--as", "station"}, "gandi maidan patna", `"values":["5117028"`},
		"district": {[]string{"--as", "station", "--district", "वैशाली"}, "भगवानपुर", `"values":["5104004",`},
		"nowhere":  {[]string{"--as", "station"}, "१२३", `{"text":"१२३","values":[]}`},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			code, out, stderr := command(t, nil, c.in+"\n", append([]string{"understand"}, c.args...)...)
			if code != 0 || strings.Count(out, "\n") != 1 || !strings.Contains(out, c.want) {
				t.Errorf("exit code %d, %q, %q; want %s", code, out, stderr, c.want)
			}
		})
	}
}
