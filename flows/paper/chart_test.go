package paper

import (
	"bytes"
	"image"
	"image/color"
	"image/png"
	"os"
	"testing"

	"nagrik/locales"
)

// stations have the conjuncts that wrong shaping shows first.
var stations = []string{"श्रीकृष्णापुरी", "मुज़फ़्फ़रपुर", "क्षत्रिय टोला", "द्वितीय थाना, गर्दनीबाग़ और पाटलिपुत्र", "विद्यापति नगर", "SK Puri"}

func testCharts() map[string]Chart {
	bars := Chart{Title: "खुले आवेदन – कितने पुराने", Subtitle: "पटना ज़िला, थानों के अनुसार", Legend: []string{"7 दिन तक", "8 से 30 दिन", "30 दिन से ऊपर"}}
	times := Chart{Title: "स्वीकार करने में लगा समय", Legend: []string{"आधे आवेदन इतने में", "10 में से 9 इतने में"}}
	for i, name := range stations {
		n := float64(len(stations) - i)
		bars.Bars = append(bars.Bars, Bar{Label: name, Parts: []float64{3 * n, n, float64(i)}, Note: "12"})
		times.Bars = append(times.Bars, Bar{Label: name, Parts: []float64{n, 3 * n}, Note: "3 घंटे · 1 दिन"})
	}
	bars.Bars = append(bars.Bars, Bar{Label: "कुछ नहीं", Parts: []float64{0, 0, 0}, Note: "0"})
	days := Chart{Title: "रोज़ के नए आवेदन", Subtitle: "पिछले 30 दिन, अररिया थाना"}
	for i := range 30 {
		label := ""
		if i%7 == 1 {
			label = "15 फ़रवरी"
		}
		days.Columns = append(days.Columns, Column{Label: label, Value: (i * 7) % 13})
	}
	return map[string]Chart{"bars": bars, "times": times, "days": days, "empty": {Title: "कुछ नहीं", Columns: make([]Column, 30)}}
}

func TestCharts(t *testing.T) {
	t.Parallel()
	texts, err := locales.Load()
	if err != nil {
		t.Fatal(err)
	}
	press, err := New(texts)
	if err != nil {
		t.Fatal(err)
	}
	for name, c := range testCharts() {
		file, err := press.Chart(c)
		if err != nil {
			t.Fatal(err)
		}
		again, err := press.Chart(c)
		if err != nil || !bytes.Equal(file, again) {
			t.Errorf("%s: drawn twice it differs (%v)", name, err)
		}
		if folder := os.Getenv("CHARTS"); folder != "" { // to look at
			if err := os.WriteFile(folder+"/"+name+".png", file, 0o600); err != nil {
				t.Fatal(err)
			}
		}
		drawn, err := png.Decode(bytes.NewReader(file))
		if err != nil {
			t.Fatal(err)
		}
		if size := drawn.Bounds().Size(); size.X != chartWidth || size.Y < 300 || size.Y > 2000 {
			t.Errorf("%s is %v", name, size)
		}
		if len(file) > 200<<10 {
			t.Errorf("%s has %d bytes", name, len(file))
		}
		margins(t, name, drawn)
	}
}

// margins holds that nothing is drawn up to the edges: there it would be cut off.
func margins(t *testing.T, name string, drawn image.Image) {
	t.Helper()
	b := drawn.Bounds()
	const edge = int(chartMargin) / 3
	for x := b.Min.X; x < b.Max.X; x++ {
		for y := b.Min.Y; y < b.Max.Y; y++ {
			outside := x < edge || y < edge || x >= b.Max.X-edge || y >= b.Max.Y-edge
			if outside && color.RGBAModel.Convert(drawn.At(x, y)) != chartPaper {
				t.Fatalf("%s draws at %d,%d, in the margin", name, x, y)
			}
		}
	}
}

// TestTheWordsOfAChartDoNotTouch measures what stands beside each other.
func TestTheWordsOfAChartDoNotTouch(t *testing.T) {
	t.Parallel()
	faces, err := typefaces()
	if err != nil {
		t.Fatal(err)
	}
	p := &picture{setter: newSetter(&faces)}
	for _, row := range legendRows(p, []string{"आधे आवेदन इतने समय में", "दस में से नौ आवेदन इतने समय में", "क", "ख"}) {
		for i, e := range row {
			end := e.x + smallSize*1.3 + p.width(e.name, pen{regular, smallSize, nil})
			if i+1 < len(row) && end+gap > row[i+1].x || end > chartWidth-chartMargin/2 {
				t.Errorf("%q ends at %.0f", e.name, end)
			}
		}
	}
	if with := p.within(stations[3], pen{regular, labelSize, nil}, 200); p.width(stations[3], with) > 200.01 {
		t.Error("a long label does not fit")
	}
	for most, want := range map[int]int{0: 1, 1: 1, 5: 1, 6: 2, 11: 5, 25: 5, 26: 10, 480: 100, 12345: 5000} {
		if got := lineStep(most); got != want {
			t.Errorf("up to %d the lines are %d apart, want %d", most, got, want)
		}
	}
}
