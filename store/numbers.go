package store

// ParseNumber reads a filing number as people type it, with spaces, hyphens,
// small letters or Devanagari digits, and returns it as it is stored. False
// means that no such number can exist.
func ParseNumber(s string) (number string, ok bool) { return "", false }
