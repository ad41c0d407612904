package web

import (
	"cmp"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"net/http"
)

// tokenBytes is the length of a session token: 128 random bits.
const tokenBytes = 16

// cookieName is the session cookie's.
func (w *Web) cookieName() string { return "nagrik_" + w.name }

// chat is the id of the chat that a request belongs to, "" if it has no valid session token.
func (w *Web) chat(r *http.Request) string {
	token := w.token(r)
	if token == nil {
		return ""
	}
	return w.chatOf(token)
}

// token is a request's session token, nil if it has no valid one.
func (w *Web) token(r *http.Request) []byte {
	c, err := r.Cookie(w.cookieName())
	if err != nil {
		return nil
	}
	token, err := base64.RawURLEncoding.DecodeString(c.Value)
	if err != nil || len(token) != tokenBytes {
		return nil
	}
	return token
}

// chatOf is a hash, so that nothing that is stored or passed around can be used as a cookie.
func (w *Web) chatOf(token []byte) string {
	sum := sha256.Sum256(append([]byte(w.name+":"), token...))
	return hex.EncodeToString(sum[:16])
}

// open is chat, but a request without a session gets a new one, and one that lasts for a time
// begins that time anew.
func (w *Web) open(rw http.ResponseWriter, r *http.Request) string {
	token := w.token(r)
	fresh := token == nil
	if fresh {
		token = make([]byte, tokenBytes)
		rand.Read(token) // never fails
	}
	if fresh || w.session > 0 {
		http.SetCookie(rw, &http.Cookie{
			Name: w.cookieName(), Value: base64.RawURLEncoding.EncodeToString(token), Path: cmp.Or(w.base, "/"),
			MaxAge: int(w.session.Seconds()), HttpOnly: true, Secure: w.secure, SameSite: http.SameSiteLaxMode,
		})
	}
	return w.chatOf(token)
}

// random is a word that cannot be guessed, for URLs and message ids.
func random() string { return rand.Text() }
