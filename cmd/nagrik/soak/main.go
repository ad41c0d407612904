// Command soak shows that nothing is lost when processes die. It runs the built program in several
// replicas on a real Postgres and real Redis, and has a few hundred made-up citizens, elders and officers
// talk to it through a fake Telegram: citizens file with every service, officers act on the cards,
// citizens answer and add and withdraw, and days of some clocks pass at once. Meanwhile it kills
// replicas, both Redis and Postgres at random, delivers updates twice, cuts answers and refuses calls.
// Afterwards it compares from outside what people saw with what the records hold, and prints one table.
//
//	the world       soak.go (a run), servers.go, replicas.go, front.go, storm.go, settle.go, clocks.go
//	its people      people.go, town.go, citizens.go, elders.go, officers.go
//	what they say   talk.go, words.go; story.go and services.go; errands.go and afterwards.go
//	the comparison  check.go and one file for each subject; table.go, report.go
//
//	go run ./cmd/nagrik/soak                    # `make soak`
//	go run ./cmd/nagrik/soak -seed 7 -keep      # the same people and the same plan of kills again
//	go run ./cmd/nagrik/soak -fault ack-first   # shows that the table can fail
//
// It exits with 1 if anything was lost, doubled, shown to the wrong person or left unanswered.
package main

import (
	"context"
	"flag"
	"fmt"
	"math/rand/v2"
	"os"
	"os/signal"
	"syscall"
	"time"
)

// options are what may be chosen about a run.
type options struct {
	dialogs  int
	replicas int
	storm    time.Duration // how long things are killed, at most
	wait     time.Duration // how long notices are waited for that a killed sender had in hand, before they are made due
	drain    time.Duration // how long everything else may take to settle afterwards
	seed     uint64
	fault    string                              // "" or ackFirst
	calm     bool                                // kill nothing and make no trouble
	binary   string                              // the built program; "" has it built
	keep     bool                                // leave the folder with data and logs
	tamper   func(context.Context, *world) error // spoils what is checked, for tests; may be nil
}

// ackFirst is the fault that can be seeded: updates are acknowledged before the work is done.
const ackFirst = "ack-first"

func main() {
	o := options{wait: 45 * time.Second, drain: 3 * time.Minute}
	seconds := 60
	flag.IntVar(&o.dialogs, "dialogs", 300, "how many dialogs citizens begin")
	flag.IntVar(&o.replicas, "replicas", 3, "how many processes serve")
	flag.IntVar(&seconds, "seconds", seconds, "how long processes are killed, at most; setting up and settling come on top")
	flag.Uint64Var(&o.seed, "seed", 0, "of everything random; 0 chooses one")
	flag.StringVar(&o.fault, "fault", "", `a fault to seed, to see it caught: "ack-first" acknowledges updates before the work is done`)
	flag.BoolVar(&o.calm, "calm", false, "kill nothing and make no trouble, to try out a change of this program")
	flag.StringVar(&o.binary, "binary", "", "a built program to test; empty builds it")
	flag.BoolVar(&o.keep, "keep", false, "leave the folder with data and logs, and say where it is")
	flag.Parse()
	o.storm = time.Duration(seconds) * time.Second
	if o.seed == 0 {
		o.seed = rand.Uint64N(1_000_000)
	}
	if flag.NArg() > 0 || o.dialogs < 1 || o.replicas < 1 || seconds < 1 || o.fault != "" && o.fault != ackFirst {
		flag.Usage()
		os.Exit(2)
	}
	os.Exit(func() int {
		ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGINT, syscall.SIGTERM)
		defer stop()
		r, err := run(ctx, o, os.Stdout)
		if err != nil {
			fmt.Fprintln(os.Stderr, "soak:", err)
			return 1
		}
		r.print(os.Stdout)
		if r.failed() {
			return 1
		}
		return 0
	}())
}
