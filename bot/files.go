package bot

import (
	"strings"

	"nagrik/bot/hindi"
)

// files takes the files of a message: as the answer where photos are asked for, as a voice note
// where words are, and else for the question about photos that is still to come.
func (t *turn) files() (Reply, error) {
	if t.q == nil {
		return t.unwanted("engine.file_without_draft")
	}
	a := t.q.pending
	voice := len(t.m.Files) == 1 && t.m.Files[0].Kind == Voice
	if voice && a != nil && a.free {
		if !t.mayHear() {
			t.d.Confirm = "voice"
			return t.present()
		}
		id, err := t.take(t.m.Files[0])
		if wrong := asInvalid(err); wrong != nil {
			return t.wrong(wrong)
		}
		if err != nil {
			return Reply{}, err
		}
		t.e.observe("voice")
		return t.accept(a, voicePrefix+id)
	}
	if voice && a != nil && a.kind != kindPhotos {
		return t.wrong(&Invalid{ID: "engine.wrong.voice"})
	}
	return t.photos()
}

// photos adds files to the answer of the question that takes them.
func (t *turn) photos() (Reply, error) {
	key := t.q.photos
	if key == "" {
		return t.unwanted("engine.file_not_wanted")
	}
	value, _ := t.d.Draft.Answer(key)
	ids := mediaIDs(value)
	sameAlbum, full := t.sameAlbum()
	for _, f := range t.m.Files {
		if len(ids) >= t.q.photosMax {
			if !full {
				t.sayWith("engine.files_full", map[string]any{"Max": t.q.photosMax})
			}
			full = t.m.Album != ""
			break
		}
		id, err := t.take(f)
		if wrong := asInvalid(err); wrong != nil {
			t.sayWith(wrong.ID, wrong.Data)
			continue
		}
		if err != nil {
			return Reply{}, err
		}
		if !contains(ids, id) {
			ids = append(ids, id)
		}
		t.e.observe("file")
	}
	asked := t.q.pending != nil && t.q.pending.key == key
	value = strings.Join(ids, ",")
	if asked || !t.answered(key) {
		value += "," // more may come
	}
	if len(ids) > 0 {
		t.d.Draft.set(key, value)
	}
	t.d.Album, t.d.Wrong = t.m.Album, 0
	if full {
		t.d.Album += albumFull
	}
	if sameAlbum && len(t.lead) == 0 {
		return Reply{}, nil // the album was answered with its first photo
	}
	if !asked && len(ids) > 0 {
		t.say("engine.file_kept")
	}
	// A caption is words like any other: the answer to the question, where one is open.
	if !asked && t.m.Text != "" && t.q.pending != nil {
		return t.answer()
	}
	if err := t.ask(); err != nil {
		return Reply{}, err
	}
	return t.present()
}

// albumFull marks an album of which the citizen knows that not all was kept.
const albumFull = " full"

// sameAlbum says whether the files belong to the album that was received last: then its first file
// was answered already. full says that the citizen knows that not all of it was kept.
func (t *turn) sameAlbum() (same, full bool) {
	album, full := strings.CutSuffix(t.d.Album, albumFull)
	if t.m.Album == "" || t.m.Album != album {
		return false, false
	}
	return true, full
}

// unwanted says, once for an album, why a file is not taken.
func (t *turn) unwanted(why string) (Reply, error) {
	if same, _ := t.sameAlbum(); same {
		return Reply{}, nil
	}
	t.d.Album = t.m.Album
	t.say(why)
	return t.present()
}

// answered says whether the question of a key was asked and answered, in this interview.
func (t *turn) answered(key string) bool {
	for i := range t.q.asked {
		if t.q.asked[i].key == key {
			return true
		}
	}
	return false
}

// photosDone closes a Photos question.
func (t *turn) photosDone(a *question) (reading, error) {
	value, _ := t.d.Draft.Answer(a.key)
	ids := mediaIDs(value)
	if len(ids) == 0 && !a.optional {
		return reading{}, invalid("engine.wrong.photos")
	}
	return reading{value: strings.Join(ids, ","), sure: true}, nil
}

// hindiDone says whether the words mean "that was all", or "no, none".
func hindiDone(text string) bool {
	if command, ok := hindi.Command(text); ok && (command == "done" || command == "skip") {
		return true
	}
	yes, ok := hindi.YesNo(text)
	return ok && !yes
}
