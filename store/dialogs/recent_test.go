package dialogs

import (
	"testing"
	"time"
)

func TestTheCacheKeepsTheMostRecentWithinItsBounds(t *testing.T) {
	t.Parallel()
	now := time.Now()
	k := func(i byte) key { return key{i} }

	r := newRecent(3, 1<<20)
	for i := range byte(3) {
		r.put(k(i), []byte{i}, now, time.Minute)
	}
	r.get(k(0), now) // now 1 is the least recent
	r.put(k(3), []byte{3}, now, time.Minute)
	for i, want := range map[byte]bool{0: true, 1: false, 2: true, 3: true} {
		if got := r.get(k(i), now) != nil; got != want {
			t.Errorf("chat %d cached: %v, want %v", i, got, want)
		}
	}

	r = newRecent(100, 3*(entryCost+1000))
	for i := range byte(10) {
		r.put(k(i), make([]byte, 1000), now, time.Minute)
		r.put(k(i), make([]byte, 1000), now, time.Minute) // again: counted once
	}
	if len(r.entries) != 3 {
		t.Errorf("%d entries fit into the bytes of 3", len(r.entries))
	}
	r.put(k(9), make([]byte, 1<<20), now, time.Minute) // more than fits at all
	if len(r.entries) != 0 || r.bytes != 0 {
		t.Errorf("%d entries of %d bytes remain, want none", len(r.entries), r.bytes)
	}

	r.put(k(1), []byte{1}, now, time.Minute)
	r.put(k(2), []byte{2}, now, 8*24*time.Hour)
	if r.get(k(1), now.Add(time.Minute)) != nil {
		t.Error("a state is still given out after its time in Redis")
	}
	if r.get(k(2), now.Add(recentAge-1)) == nil || r.get(k(2), now.Add(recentAge)) != nil {
		t.Errorf("a state is not given out for %v", recentAge)
	}
	for i := range byte(3) {
		r.put(k(i), []byte{i}, now, time.Hour)
	}
	r.put(k(9), []byte{9}, now.Add(2*time.Hour), time.Hour)
	if len(r.entries) != 1 {
		t.Errorf("%d states are held after their time", len(r.entries)-1)
	}
	r.remove(k(9))
	r.put(k(1), []byte{1}, now, time.Minute)
	r.remove(k(1))
	r.remove(k(2))
	if r.get(k(1), now) != nil || r.bytes != 0 {
		t.Error("a removed state is still there")
	}
}
