package paper

import (
	"image/color"
	"math"
	"strconv"
)

// Chart is numbers as a picture, made for the width of a phone: bars below each other, or columns
// beside each other.
type Chart struct {
	Title    string
	Subtitle string
	Legend   []string // names of the parts of the bars; nil where there is one part
	Bars     []Bar
	Columns  []Column
}

// Bar is one line of a chart.
type Bar struct {
	Label string
	Parts []float64 // side by side, in the order of the legend
	Note  string    // after the bar: what it says in words
}

// Column is one column of a chart.
type Column struct {
	Label string // below it; "" for none
	Value int
}

// The measures of a chart, in pixels. Telegram shows a picture of this width on a phone at a third of
// it: the smallest letters are then as large as those of the chat.
const (
	chartWidth   = 1080
	chartMargin  = 52.0
	titleSize    = 50.0
	subtitleSize = 36.0
	labelSize    = 38.0
	smallSize    = 32.0
	chartLeading = 1.5
	barRow       = 78.0
	barHeight    = 44.0
	barLabels    = 0.34 // of the width: the most that labels take
	columnArea   = 520.0
	gap          = 24.0
)

var (
	chartPaper = color.RGBA{0xf5, 0xf7, 0xfa, 0xff}
	chartInk   = color.RGBA{0x1a, 0x1d, 0x22, 0xff}
	chartFaint = color.RGBA{0x52, 0x5a, 0x66, 0xff} // 6:1 on the paper
	chartHair  = color.RGBA{0xd3, 0xd9, 0xe2, 0xff}
	// chartParts differ in lightness too, for those who do not see colours.
	chartParts = []color.Color{
		color.RGBA{0x1f, 0x5f, 0xa8, 0xff}, color.RGBA{0xf2, 0xb1, 0x34, 0xff}, color.RGBA{0xb4, 0x2f, 0x2a, 0xff},
	}
)

// Chart draws a chart as PNG.
func (p *Press) Chart(c Chart) ([]byte, error) {
	s := p.setters.Get().(*setter)
	defer func() {
		s.forget()
		p.setters.Put(s)
	}()
	return drawChart(s, c).encode()
}

func drawChart(s *setter, c Chart) *picture {
	height := chartMargin + titleSize*chartLeading + gap
	if c.Subtitle != "" {
		height += subtitleSize * chartLeading
	}
	legend := legendRows(&picture{setter: s}, c.Legend)
	height += float64(len(legend)) * smallSize * chartLeading
	if len(c.Bars) > 0 {
		height += float64(len(c.Bars)) * barRow
	}
	if len(c.Columns) > 0 {
		height += columnArea + smallSize*chartLeading + gap
	}
	pic := newPicture(s, chartWidth, int(height+chartMargin), chartPaper)
	y := chartMargin
	heading := func(text string, with pen) {
		y += with.size * chartLeading
		with = pic.within(text, with, chartWidth-2*chartMargin)
		pic.text(chartMargin, y-with.size*0.45, text, with)
	}
	heading(c.Title, pen{bold, titleSize, chartInk})
	if c.Subtitle != "" {
		heading(c.Subtitle, pen{regular, subtitleSize, chartFaint})
	}
	y = pic.legend(legend, y)
	y += gap
	y = pic.bars(c.Bars, y)
	pic.columns(c.Columns, y)
	return pic
}

// entry is a name of the legend with the colour that it is of.
type entry struct {
	name string
	part int
	x    float64
}

// legendRows breaks a legend into rows.
func legendRows(p *picture, names []string) [][]entry {
	var rows [][]entry
	x := chartMargin
	for i, name := range names {
		width := smallSize*1.3 + p.width(name, pen{regular, smallSize, nil}) + gap*1.5
		if len(rows) == 0 || x+width > chartWidth {
			rows = append(rows, nil)
			x = chartMargin
		}
		last := len(rows) - 1
		rows[last] = append(rows[last], entry{name, i, x})
		x += width
	}
	return rows
}

func (p *picture) legend(rows [][]entry, y float64) float64 {
	for _, row := range rows {
		y += smallSize * chartLeading
		base := y - smallSize*0.4
		for _, e := range row {
			p.box(e.x, base-smallSize*0.72, smallSize*0.8, smallSize*0.8, partColor(e.part))
			p.text(e.x+smallSize*1.3, base, e.name, pen{regular, smallSize, chartInk})
		}
	}
	return y
}

func partColor(i int) color.Color { return chartParts[i%len(chartParts)] }

// bars draws bars below each other: label, bar, note. All labels have one width, and all notes.
func (p *picture) bars(bars []Bar, y float64) float64 {
	label, note := pen{regular, labelSize, chartInk}, pen{bold, labelSize, chartInk}
	labels, notes, longest := 0.0, 0.0, 0.0
	for _, b := range bars {
		labels = max(labels, p.width(b.Label, label))
		notes = max(notes, p.width(b.Note, note))
		longest = max(longest, sum(b.Parts))
	}
	labels = min(labels, barLabels*chartWidth)
	notes = min(notes, barLabels*chartWidth)
	left := chartMargin + labels + gap
	room := chartWidth - chartMargin - left - notes - gap
	for _, b := range bars {
		top := y + (barRow-barHeight)/2
		base := y + barRow/2 + labelSize*0.30
		with := p.within(b.Label, label, labels)
		p.text(chartMargin, base, b.Label, with)
		x := left
		for i, part := range b.Parts {
			width := 0.0
			if longest > 0 {
				width = part / longest * room
			}
			if part > 0 {
				width = max(width, 3) // whatever there is can be seen
			}
			p.box(x, top, width, barHeight, partColor(i))
			x += width
		}
		if x == left && len(b.Parts) > 0 {
			p.box(left, top, 2, barHeight, chartHair) // nothing at all
			x += 2
		}
		p.text(x+gap/2, base, b.Note, p.within(b.Note, note, notes))
		y += barRow
	}
	return y
}

func sum(parts []float64) (total float64) {
	for _, p := range parts {
		total += p
	}
	return total
}

// columns draws columns beside each other, with lines to read their heights by.
func (p *picture) columns(columns []Column, y float64) {
	if len(columns) == 0 {
		return
	}
	small := pen{regular, smallSize, chartFaint}
	most := 0
	for _, c := range columns {
		most = max(most, c.Value)
	}
	step := lineStep(most)
	top := step * int(math.Ceil(float64(max(most, 1))/float64(step)))
	y += gap
	bottom := y + columnArea
	left := chartMargin + p.width(strconv.Itoa(top), small) + gap/2
	for n := 0; n <= top; n += step {
		at := bottom - float64(n)/float64(top)*columnArea
		p.box(left, at-1, chartWidth-chartMargin-left, 2, chartHair)
		p.textEnding(left-gap/2, at+smallSize*0.32, strconv.Itoa(n), small)
	}
	each := (chartWidth - chartMargin - left) / float64(len(columns))
	for i, c := range columns {
		x := left + float64(i)*each
		height := float64(c.Value) / float64(top) * columnArea
		p.box(x+each*0.14, bottom-height, each*0.72, height, partColor(0))
		if c.Label != "" {
			p.column(x+each/2, bottom, c.Label, small)
		}
	}
}

// column writes the label of a column below it, within the picture.
func (p *picture) column(x, bottom float64, label string, with pen) {
	half := p.width(label, with) / 2
	x = min(max(x, chartMargin/2+half), chartWidth-chartMargin/2-half)
	p.textAround(x, bottom+smallSize*1.35, label, with)
}

// lineStep is the distance of the lines, 1, 2 or 5 and zeros, so that there are at most five of them.
func lineStep(most int) int {
	for unit := 1; ; unit *= 10 {
		for _, n := range []int{1, 2, 5} {
			if n*unit*5 >= most {
				return n * unit
			}
		}
	}
}
