// Command nagrik is the whole program: `nagrik serve` runs the channels, the desk and the jobs, and
// the other commands are for whoever operates it. Each command is a file of its own here; what they
// start, they start in order and stop in reverse.
package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/signal"
	"strings"
	"syscall"
	_ "time/tzdata" // citizens live in one time zone, whatever the machine knows of zones

	"github.com/alecthomas/kong"
)

// commands is the command line.
type commands struct {
	Serve      serveCommand      `cmd:"" help:"Serve all configured channels, the desk and the jobs until SIGTERM."`
	Talk       talkCommand       `cmd:"" help:"Have the same dialogs in the terminal."`
	Migrate    migrateCommand    `cmd:"" help:"Bring the database up to date."`
	Import     importCommand     `cmd:"" help:"Bring a list of the police into the records: stations, wanted persons, arrests..."`
	Export     exportCommands    `cmd:"" help:"Take filings out of the records."`
	Officer    officerCommands   `cmd:"" help:"Invite, list and revoke officers."`
	Understand understandCommand `cmd:"" help:"Read lines from standard input and write what they are understood as, in JSON."`
}

// Exit codes, beside 0 for done.
const (
	exitFailed = 1
	exitWrong  = 2 // wrong use: of the command line or of a setting
)

// wrongUse is an error of the operator's, to be mended before trying again.
type wrongUse struct{ error }

// wrong makes a wrongUse.
func wrong(format string, a ...any) error { return wrongUse{fmt.Errorf(format, a...)} }

func main() { os.Exit(run(os.Args[1:])) }

// run runs one command and returns the exit code.
func run(args []string) int {
	// `nagrik help serve` is how people ask.
	if len(args) > 0 && args[0] == "help" {
		args = append(args[1:], "--help")
	}
	parser, err := kong.New(&commands{},
		kong.Name("nagrik"),
		kong.Description("Police services for citizens, as a conversation.\n\n"+
			"Settings are environment variables; `nagrik help serve` lists them. A variable marked (secret) can also be given as the "+
			"name of a file that holds the value, in a variable whose name ends in _FILE. Without DATABASE_URL everything is a trial, "+
			"with databases of its own under DATA_DIR."),
		kong.ConfigureHelp(kong.HelpOptions{Compact: true}),
	)
	if err != nil {
		return complain(err)
	}
	chosen, err := parser.Parse(args)
	if err != nil {
		return complain(wrongUse{fmt.Errorf("%w; see: nagrik help", err)})
	}
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGINT, syscall.SIGTERM)
	defer stop()
	context.AfterFunc(ctx, stop) // a second Ctrl-C ends the program at once
	chosen.BindTo(ctx, (*context.Context)(nil))
	if err := chosen.Run(); err != nil {
		return complain(err)
	}
	return 0
}

// complain says in one line what went wrong, and returns the exit code.
func complain(err error) int {
	line := strings.Join(strings.Fields(err.Error()), " ")
	if errors.As(err, new(wrongUse)) { // worded here: holds no value, but an example that may look like one
		fmt.Fprintln(os.Stderr, "nagrik: "+line)
		return exitWrong
	}
	fmt.Fprintln(os.Stderr, "nagrik: "+scrub(line))
	return exitFailed
}
