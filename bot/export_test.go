package bot

// OpenDraft gives the service and answers of a state's open draft, and the drafts set aside.
func OpenDraft(state []byte) (open Draft, parked []Draft, err error) {
	if state == nil {
		return Draft{}, nil, nil
	}
	d, err := decodeDialog(state)
	if err != nil {
		return Draft{}, nil, err
	}
	return d.Draft, d.Parked, nil
}
