package main

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"os"
	"strconv"
	"time"

	"github.com/redis/go-redis/v9"
)

// bare is the baseline: what any bot on this machine with this HTTP server and this Redis client
// pays for a turn. It reads an update, keeps a dialog's state with one round trip to Redis through
// go-redis' AutoPipeline, and answers with a message and its buttons in the webhook's response;
// nothing is understood, checked or recorded.
func bare(addr, redisURL string) error {
	options, err := redis.ParseURL(redisURL)
	if err != nil {
		return fmt.Errorf("reading the Redis address: %w", err)
	}
	options.AutoPipelineOptions = redis.DefaultBlockingAutoPipelineOptions()
	client := redis.NewClient(options)
	shared, err := client.AutoPipeline()
	if err != nil {
		return fmt.Errorf("sharing connections to Redis: %w", err)
	}
	type button struct {
		Text string `json:"text"`
		Data string `json:"callback_data"`
	}
	type markup struct {
		Inline [][]button `json:"inline_keyboard"`
	}
	type reply struct {
		Method string `json:"method"`
		Chat   int64  `json:"chat_id"`
		Text   string `json:"text"`
		Markup markup `json:"reply_markup"`
	}
	text := "✓ काले रंग का सैमसंग गैलेक्सी फ़ोन, पीछे नीला कवर\n\n7/17 · क़ीमत लगभग कितनी होगी?\nजैसे: 12,500 या “डेढ़ लाख”"
	row := []button{{"छोड़ें", "d.AAAAAAAAAAAAAAAA.!way:article.1.value=skip.AAAAAA"}, {"पीछे", "d.AAAAAAAAAAAAAAAA.!way:article.1.value=back.AAAAAA"}}
	keys := markup{[][]button{row, {{"रद्द", "d.AAAAAAAAAAAAAAAA.!way:article.1.value=cancel.AAAAAA"}}}}
	state := make([]byte, 550)
	handler := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(r.Body)
		if err != nil {
			w.WriteHeader(http.StatusBadRequest)
			return
		}
		var update struct {
			Message struct {
				Chat struct {
					ID int64 `json:"id"`
				} `json:"chat"`
				Text string `json:"text"`
			} `json:"message"`
			Tap struct {
				From struct {
					ID int64 `json:"id"`
				} `json:"from"`
				Data string `json:"data"`
			} `json:"callback_query"`
		}
		if json.Unmarshal(body, &update) != nil {
			w.WriteHeader(http.StatusBadRequest)
			return
		}
		chat := update.Message.Chat.ID + update.Tap.From.ID
		if shared.Set(context.Background(), "bare:"+strconv.FormatInt(chat, 10), state, time.Hour).Err() != nil {
			w.WriteHeader(http.StatusServiceUnavailable)
			return
		}
		answer, err := json.Marshal(reply{"sendMessage", chat, text, keys})
		if err != nil {
			w.WriteHeader(http.StatusInternalServerError)
			return
		}
		w.Header().Set("Content-Type", "application/json")
		_, _ = w.Write(answer) // a cut connection is the sender's to notice
	})
	server := &http.Server{Addr: addr, Handler: handler, ReadHeaderTimeout: 5 * time.Second}
	fmt.Fprintln(os.Stderr, "bare handler on", addr)
	return server.ListenAndServe()
}
