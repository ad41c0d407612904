package main

import (
	"fmt"
	"io"
	"time"

	"nagrik/flows/sheets"
)

// progress shows how far an import is, in one line that is written over; only to a person.
type progress struct {
	out   io.Writer // nil: nobody is watching
	size  int64     // bytes of the file, 0 if not known
	last  time.Time
	shown bool
}

// progressEvery is how often the line is written.
const progressEvery = 200 * time.Millisecond

func newProgress(out io.Writer, size int64) *progress {
	if !isTerminal(out) {
		out = nil
	}
	return &progress{out: out, size: size}
}

// clearLine goes to the beginning of the line and empties it (ECMA-48).
const clearLine = "\r\x1b[K"

func (p *progress) show(s sheets.Progress) {
	if p.out == nil || time.Since(p.last) < progressEvery {
		return
	}
	p.last, p.shown = time.Now(), true
	switch {
	case s.Of > 0:
		fmt.Fprintf(p.out, clearLine+"writing: %3d %%, %d of %d", 100*s.Written/s.Of, s.Written, s.Of)
	case p.size > 0:
		fmt.Fprintf(p.out, clearLine+"checking: %3d %%, %d lines", 100*s.Read/p.size, s.Lines)
	default:
		fmt.Fprintf(p.out, clearLine+"checking: %d lines", s.Lines)
	}
}

// end makes room for what is said next.
func (p *progress) end() {
	if p.shown {
		fmt.Fprint(p.out, clearLine)
	}
}
