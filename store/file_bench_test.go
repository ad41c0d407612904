package store_test

import (
	"fmt"
	"testing"

	"nagrik/store"
	"nagrik/store/embedded/testdb"
)

// BenchmarkFile is the dearest thing that a turn may do.
func BenchmarkFile(b *testing.B) {
	s, err := store.Open(b.Context(), testdb.Database(b), testKEK, store.Options{})
	if err != nil {
		b.Fatal(err)
	}
	defer s.Close()
	code, err := s.Invite(b.Context(), store.Seat{Role: store.SHO, Station: araria}, "test")
	if err != nil {
		b.Fatal(err)
	}
	if _, err := s.Redeem(b.Context(), code, firstChannel, "officer", "officer", "दारोगा"); err != nil {
		b.Fatal(err)
	}
	var citizens []string
	for i := range 200 {
		citizen, err := s.Verify(b.Context(), firstChannel, "chat", fmt.Sprintf("+919800000%03d", i))
		if err != nil {
			b.Fatal(err)
		}
		citizens = append(citizens, citizen)
	}
	for i := 0; b.Loop(); i++ {
		citizen := citizens[i%len(citizens)]
		if _, err := s.File(b.Context(), filing(citizen, "chat")); err != nil {
			b.Fatal(err)
		}
	}
}
