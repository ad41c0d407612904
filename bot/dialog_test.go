package bot

import (
	"bytes"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"pgregory.net/rapid"
)

var writeState = flag.Bool("write-state", false, "write testdata/state for a version of the encoding that has none")

// same compares dialogs, unexported fields too; an empty list is like none.
var same = []cmp.Option{cmp.AllowUnexported(Dialog{}), cmpopts.EquateEmpty()}

// anyText is what people and programs put into a dialog.
func anyText() *rapid.Generator[string] {
	return rapid.OneOf(
		rapid.SampledFrom([]string{"", "yes", "?", "voice:m1", "@25.61,85.14", "कल शाम पाँच बजे", "article.1.kind", "a=b,c:d\n"}),
		rapid.String(),
	)
}

func anyDraft() *rapid.Generator[Draft] {
	return rapid.Custom(func(t *rapid.T) Draft {
		answers := rapid.SliceOfN(rapid.Custom(func(t *rapid.T) Answer {
			return Answer{anyText().Draw(t, "key"), anyText().Draw(t, "value")}
		}), 0, 15)
		return Draft{
			ID: newDraft("").ID, Service: rapid.SampledFrom([]string{"lost_property", "tip", "x"}).Draw(t, "service"),
			Editing: anyText().Draw(t, "editing"), Answers: answers.Draw(t, "answers"), Known: answers.Draw(t, "known"),
		}
	})
}

func anyDialog() *rapid.Generator[*Dialog] {
	return rapid.Custom(func(t *rapid.T) *Dialog {
		text := func(name string) string { return anyText().Draw(t, name) }
		d := &Dialog{
			Lang: text("lang"), Citizen: text("citizen"), Confirm: text("confirm"), Maybe: text("maybe"), Aside: text("aside"),
			Album: text("album"), Done: text("done"), Number: text("number"), Said: text("said"),
			Simple: rapid.Bool().Draw(t, "simple"), Keyboard: rapid.Bool().Draw(t, "keyboard"), Wrong: rapid.Byte().Draw(t, "wrong"),
			Parked: rapid.SliceOfN(anyDraft(), 0, maxParked).Draw(t, "parked"),
		}
		if rapid.Bool().Draw(t, "open") {
			d.Draft = anyDraft().Draw(t, "draft")
		}
		if rapid.Bool().Draw(t, "given") {
			d.Given = Given{fingerprint(text("message")), rapid.Int64Range(0, 1<<38).Draw(t, "at"), anyDraft().Draw(t, "given")}
		}
		for i := range rapid.IntRange(1, ringSize+5).Draw(t, "turns") {
			d.turned(fmt.Sprint(i), time.Unix(rapid.Int64Range(0, 1<<38).Draw(t, "touched"), 0))
		}
		return d
	})
}

func TestDialogReadsWhatItWrote(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		d := anyDialog().Draw(t, "dialog")
		got, err := decodeDialog(d.encode())
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(d, got, same...); diff != "" {
			t.Fatal(diff)
		}
		if !bytes.Equal(got.encode(), d.encode()) {
			t.Fatal("the same dialog is written in two ways")
		}
	})
}

func TestDialogDamaged(t *testing.T) {
	t.Parallel()
	whole := example().encode()
	for n := range whole {
		if _, err := decodeDialog(whole[:n]); !errors.Is(err, errBroken) {
			t.Fatalf("cut to %d of %d bytes: %v", n, len(whole), err)
		}
	}
	if _, err := decodeDialog(append(bytes.Clone(whole), 0)); !errors.Is(err, errBroken) {
		t.Errorf("a byte too many: %v", err)
	}
	for _, first := range []byte{0, dialogVersion + 1, 255} {
		damaged := bytes.Clone(whole)
		damaged[0] = first
		want := errNewer
		if first == 0 {
			want = errBroken
		}
		if _, err := decodeDialog(damaged); !errors.Is(err, want) {
			t.Errorf("version %d: %v, not %v", first, err, want)
		}
	}
	r := rand.New(rand.NewPCG(1, 2))
	for range 50_000 {
		noise := make([]byte, r.IntN(200))
		for i := range noise {
			noise[i] = byte(r.Uint32())
		}
		if len(noise) > 0 {
			noise[0] = dialogVersion
		}
		d, err := decodeDialog(noise)
		if (d == nil) == (err == nil) || err != nil && !errors.Is(err, errBroken) {
			t.Fatalf("%x: %v", noise, err)
		}
		changed := bytes.Clone(whole) // one byte of a real one: any dialog may come of it, but no other error
		changed[headSize+r.IntN(len(whole)-headSize)] = byte(r.Uint32())
		if _, err := decodeDialog(changed); err != nil && !errors.Is(err, errBroken) {
			t.Fatalf("%x: %v", changed, err)
		}
	}
}

func FuzzDecodeDialog(f *testing.F) {
	f.Add(example().encode())
	f.Add([]byte{})
	f.Add([]byte{dialogVersion})
	f.Fuzz(func(t *testing.T, state []byte) {
		d, err := decodeDialog(state)
		if err != nil {
			return
		}
		again, err := decodeDialog(d.encode())
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(d, again, same...); diff != "" {
			t.Fatal(diff)
		}
	})
}

// golden is what testdata/state has of a dialog, in words.
type golden struct {
	Token, Ring []byte
	Dialog      *Dialog
}

// TestGoldenStates reads a dialog of every version that was ever written: they live on in Redis
// while a new release starts.
func TestGoldenStates(t *testing.T) {
	t.Parallel()
	for version := 1; version <= dialogVersion; version++ {
		state, words := filepath.Join("testdata", "state", fmt.Sprint("v", version, ".bin")), filepath.Join("testdata", "state", fmt.Sprint("v", version, ".json"))
		if *writeState && version == dialogVersion {
			writeGolden(t, state, words)
		}
		b, err := os.ReadFile(state)
		if err != nil {
			t.Fatalf("%v; a new version needs go test ./bot -run TestGoldenStates -write-state", err)
		}
		w, err := os.ReadFile(words)
		if err != nil {
			t.Fatal(err)
		}
		var want golden
		if err := json.Unmarshal(w, &want); err != nil {
			t.Fatal(err)
		}
		want.Dialog.token, want.Dialog.ring = want.Token, want.Ring
		got, err := decodeDialog(b)
		if err != nil {
			t.Fatalf("version %d: %v", version, err)
		}
		if diff := cmp.Diff(want.Dialog, got, same...); diff != "" {
			t.Errorf("version %d is read otherwise (-written +read):\n%s", version, diff)
		}
		if version == dialogVersion && !bytes.Equal(got.encode(), b) {
			t.Error("the encoding changed without a new version")
		}
	}
}

func writeGolden(t *testing.T, state, words string) {
	t.Helper()
	if _, err := os.Stat(state); err == nil {
		t.Fatalf("%s is there: what was written once is never written anew", state)
	}
	d := example()
	w, err := json.MarshalIndent(golden{d.token, d.ring, d}, "", "  ")
	if err != nil {
		t.Fatal(err)
	}
	if err := errors.Join(os.WriteFile(state, d.encode(), 0o644), os.WriteFile(words, append(w, '\n'), 0o644)); err != nil {
		t.Fatal(err)
	}
}

// example is a dialog with something in every field.
func example() *Dialog {
	d := &Dialog{
		Lang: "hi", Simple: true, Citizen: "0198c5f0-2f64-7cc1-9a43-1d2f5b8b1a11",
		Draft: twelveAnswers(), Confirm: "menu", Maybe: "2026-03-13", Aside: "page:1", Wrong: 2, Album: "album-7", Keyboard: true,
		Done: "AbCdEfGhIjKlMnOp", Number: "KS12345678903", Said: "ठीक है।",
		Parked: []Draft{{
			ID: "QrStUvWxYz012345", Service: "complaint", Editing: "details",
			Answers: []Answer{{"category", "theft"}, {"photos", "m1,m2,"}, {"elsewhere", ""}},
			Known:   []Answer{{"name", "सुनीता देवी"}},
		}},
		Given: Given{fingerprint("u39"), 1773484200, Draft{ID: "YzAbCdEfGhIjKl12", Service: "fir_copy", Answers: []Answer{{"which", "123/2026"}}}},
	}
	for i := range 40 {
		d.turned(fmt.Sprint("u", i), time.Date(2026, 3, 14, 10, 30, 0, 0, time.UTC))
	}
	return d
}

// twelveAnswers is an ordinary report of a lost phone, told in Hindi.
func twelveAnswers() Draft {
	d := newDraft("lost_property")
	d.Answers = []Answer{
		{"how", "lost"},
		{"article.1.kind", "mobile"},
		{"article.1.imei", "356938035643809"},
		{"article.1.description", "काला सैमसंग, पीछे नीला कवर"},
		{"article.1.value", "12500"},
		{"article.1.more", "no"},
		{"when", "2026-03-13T17:00"},
		{"place", "गांधी मैदान के पास, ऑटो में"},
		{"station", "5117065"},
		{"name", "सुनीता देवी"},
		{"father", "रामप्रवेश सिंह"},
		{"address", "मकान 12, नया टोला, डाकघर कंकड़बाग"},
	}
	return d
}

// TestDialogSize holds that a million open dialogs fit in a gigabyte of Redis.
func TestDialogSize(t *testing.T) {
	t.Parallel()
	d := &Dialog{Lang: "hi", Citizen: "0198c5f0-2f64-7cc1-9a43-1d2f5b8b1a11", Draft: twelveAnswers()}
	start := len(d.encode())
	for i := range 12 {
		d.turned(fmt.Sprint("u", i), time.Date(2026, 3, 14, 10, 30, 0, 0, time.UTC))
	}
	b := d.encode()
	for i := range ringSize {
		d.turned(fmt.Sprint("v", i), time.Now())
	}
	t.Logf("12 answers in Hindi after 12 messages: %d bytes (answers %d, with a full ring %d)", len(b), start, len(d.encode()))
	if len(b) > 700 || len(d.encode()) > 850 {
		t.Errorf("a dialog of 12 answers takes %d bytes, %d with a full ring", len(b), len(d.encode()))
	}
}

func TestRingForgetsOnlyTheOldest(t *testing.T) {
	t.Parallel()
	var d Dialog
	for i := range ringSize + 8 {
		id := fmt.Sprint("m", i)
		if d.seen(id) {
			t.Fatalf("%s was not answered yet", id)
		}
		d.turned(id, time.Unix(0, 0))
		for j := range i + 1 {
			if got, want := d.seen(fmt.Sprint("m", j)), j > i-ringSize; got != want {
				t.Fatalf("after message %d, %d is remembered: %v", i, j, got)
			}
		}
	}
}

// TestTokensDiffer holds that no two saves have the same token, not even from the same state.
func TestTokensDiffer(t *testing.T) {
	t.Parallel()
	seen := map[string]bool{}
	for range 1000 {
		var d Dialog
		for range 3 {
			d.turned("m", time.Unix(0, 0))
			if seen[string(d.token)] || len(d.token) != 8 {
				t.Fatalf("token %x again", d.token)
			}
			seen[string(d.token)] = true
		}
	}
}
