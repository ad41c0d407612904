package telegramtest

import (
	"encoding/json"
	"errors"
	"io"
	"mime"
	"net/http"
	"net/url"
	"strconv"
	"strings"
)

// params are a call's parameters, however they came: strings as they are, all else as JSON.
type params struct {
	values map[string]string
	files  map[string]File
}

// File is a file that the bot sent.
type File struct {
	Kind string // "photo", "document", "voice"
	Name string
	Data []byte
}

const maxUpload = 60 << 20

// readParams reads the parameters of a request: the query and a body of any kind that Telegram takes.
func readParams(r *http.Request) (params, error) {
	p := params{map[string]string{}, map[string]File{}}
	for k, v := range r.URL.Query() {
		p.values[k] = v[0]
	}
	kind, _, _ := mime.ParseMediaType(r.Header.Get("Content-Type"))
	if kind == "multipart/form-data" {
		form, err := r.MultipartReader()
		if err != nil {
			return p, err
		}
		for {
			part, err := form.NextPart()
			if errors.Is(err, io.EOF) {
				return p, nil // also a form without any field
			}
			if err != nil {
				return p, err
			}
			b, err := io.ReadAll(io.LimitReader(part, maxUpload))
			if err != nil {
				return p, err
			}
			if part.FileName() != "" {
				p.files[part.FormName()] = File{Name: part.FileName(), Data: b}
			} else {
				p.values[part.FormName()] = string(b)
			}
		}
	}
	body, err := io.ReadAll(io.LimitReader(r.Body, maxUpload))
	if err != nil {
		return p, err
	}
	return p, p.read(kind, body)
}

// read adds what a body says.
func (p params) read(kind string, body []byte) error {
	switch {
	case len(body) == 0:
		return nil
	case kind == "application/x-www-form-urlencoded":
		form, err := url.ParseQuery(string(body))
		for k, v := range form {
			p.values[k] = v[0]
		}
		return err
	case kind != "application/json":
		return errors.New("unknown content type")
	}
	var fields map[string]json.RawMessage
	if err := json.Unmarshal(body, &fields); err != nil {
		return err
	}
	for k, raw := range fields {
		var text string
		if json.Unmarshal(raw, &text) == nil {
			p.values[k] = text
		} else {
			p.values[k] = string(raw)
		}
	}
	return nil
}

func (p params) int(name string) int64 {
	n, _ := strconv.ParseInt(p.values[name], 10, 64)
	return n
}

func (p params) has(name string) bool { return p.values[name] != "" && p.values[name] != "null" }

// json reads a parameter that is an object or array; a missing one leaves v as it is.
func (p params) json(name string, v any) *apiError {
	if !p.has(name) {
		return nil
	}
	if json.Unmarshal([]byte(p.values[name]), v) != nil {
		return badRequest("can't parse " + strings.ReplaceAll(name, "_", " ") + " JSON object")
	}
	return nil
}

// apiError is a refusal.
type apiError struct {
	Code        int            `json:"error_code"`
	Description string         `json:"description"`
	Parameters  map[string]any `json:"parameters,omitempty"`
}

func badRequest(what string) *apiError {
	return &apiError{Code: http.StatusBadRequest, Description: "Bad Request: " + what}
}

func forbidden(what string) *apiError {
	return &apiError{Code: http.StatusForbidden, Description: "Forbidden: " + what}
}

func tooMany(seconds int) *apiError {
	return &apiError{
		http.StatusTooManyRequests, "Too Many Requests: retry after " + strconv.Itoa(seconds),
		map[string]any{"retry_after": seconds},
	}
}
