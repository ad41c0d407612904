package flows

import (
	"encoding/hex"
	"fmt"
	"strconv"
	"time"

	"nagrik/bot"
	"nagrik/flows/paper"
	"nagrik/store"
)

// Certificate is the certificate of a filing's electronic records (BSA 2023 s. 63(4)), for the officer who
// prints it.
func (r *Records) Certificate(e store.Evidence) (*bot.Paper, error) {
	const lang = "hi"
	issued := certificateOf(e)
	files := make([]paper.EvidenceFile, len(e.Media))
	for i, m := range e.Media {
		files[i] = paper.EvidenceFile{
			Kind: r.text(lang, "paper.evidence.kind."+m.Kind, nil), Source: r.source(lang, e, m),
			MIME: m.MIME, Size: m.Size, SHA256: m.SHA256, At: m.ReceivedAt,
		}
	}
	data, err := r.Papers.Press.Evidence(paper.Evidence{
		Number: e.Number, Service: r.text(lang, "menu."+e.Service, nil),
		Place: r.placeName(lang, "", StationChoice{Code: e.Station, District: e.District}), Files: files,
		Role: r.text(lang, "desk.role."+string(e.By.Role), nil), Post: r.seat(lang, e.By),
		IssuedAt: e.At, Address: r.Papers.address(issued), Hash: paper.Short(issued.Hash),
	})
	if err != nil {
		return nil, fmt.Errorf("setting a certificate of evidence: %w", err)
	}
	return pdf(e.Number+"-63", data), nil
}

// source says who sent a file, and how.
func (r *Records) source(lang string, e store.Evidence, m store.Media) string {
	for _, sent := range e.Sent {
		if store.EventLabel(sent.Ver) == m.Label && sent.By != nil {
			return r.text(lang, "paper.evidence.source.officer", nil)
		}
	}
	if e.Service == store.Tip {
		return r.text(lang, "paper.evidence.source.tip", nil)
	}
	channel, ok := r.Texts.Text(lang, "paper.evidence.channel."+e.Channel, nil)
	if !ok {
		channel = r.text(lang, "paper.evidence.channel.other", nil)
	}
	return r.text(lang, "paper.evidence.source.citizen", map[string]any{"Channel": channel})
}

// certificateOf is a certificate as the page behind its QR code knows it.
func certificateOf(e store.Evidence) paper.Issued {
	files := make([]bot.Shown, len(e.Media))
	for i, m := range e.Media {
		received := m.ReceivedAt.UTC().Format(time.RFC3339)
		files[i] = bot.Shown{Key: m.ID, Label: m.Kind + " " + m.MIME, Value: hex.EncodeToString(m.SHA256) + " " + strconv.FormatInt(m.Size, 10) + " " + received}
	}
	return paper.Issued{Number: e.Number, Kind: paper.EvidenceCertificate, At: e.At, Hash: paper.ContentHash(files)}
}
