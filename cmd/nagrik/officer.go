package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"slices"
	"strconv"
	"strings"
	"text/tabwriter"

	"nagrik/store"
)

// officerCommands are for the administrator of the posts.
type officerCommands struct {
	Invite inviteCommand `cmd:"" help:"Make a one-time link and code that give an officer a post, or bind a group to a station."`
	List   listCommand   `cmd:"" help:"List the posts that are held."`
	Revoke revokeCommand `cmd:"" help:"End a post at once."`
}

type inviteCommand struct {
	Settings `embed:"" group:"Settings"`
	Station  string `placeholder:"CODE" help:"National code of the station, 7 digits."`
	District string `placeholder:"CODE" help:"National code of the police district, 4 digits, for sdpo and sp."`
	Role     string `placeholder:"ROLE" help:"desk_officer, sho, sdpo, sp, scrb or administrator."`
	Group    bool   `help:"Bind a group chat to the station instead of inviting an officer."`
}

var roles = []string{
	string(store.DeskOfficer), string(store.SHO), string(store.SDPO), string(store.SP), string(store.SCRB), string(store.Administrator),
}

// Run prints the code and the links that carry it.
func (c *inviteCommand) Run(ctx context.Context) error {
	if err := c.complete(); err != nil {
		return err
	}
	switch {
	case c.Group && (c.Role != "" || c.District != ""):
		return wrong("--group goes with --station only")
	case c.Group && c.Station == "":
		return wrong("--group needs --station, such as --station 5117065")
	case !c.Group && !slices.Contains(roles, c.Role):
		return wrong("--role %q is none of %s", c.Role, strings.Join(roles, ", "))
	}
	return withRecords(ctx, &c.Settings, newLog(os.Stderr, &c.Settings), func(records *store.Store) error {
		directory, err := records.Directory(ctx)
		if err != nil {
			return err
		}
		if err := c.known(directory); err != nil {
			return err
		}
		links, err := invite(ctx, &c.Settings, records, c.seat(), c.Group, c.address())
		if err != nil {
			return err
		}
		fmt.Println(links)
		return nil
	})
}

func (c *inviteCommand) seat() store.Seat {
	return store.Seat{Role: store.Role(c.Role), Station: c.Station, District: c.District}
}

// known refuses a code that no station or district has.
func (c *inviteCommand) known(d store.Directory) error {
	if c.Station != "" && !slices.ContainsFunc(d.Stations, func(s store.Station) bool { return s.Code == c.Station }) {
		return wrong("--station %q is no station's code; nagrik understand --as station finds codes by name", c.Station)
	}
	if c.District != "" && !slices.ContainsFunc(d.Districts, func(d store.District) bool { return d.Code == c.District }) {
		return wrong("--district %q is no police district's code: the first four digits of the codes of its stations", c.District)
	}
	return nil
}

type listCommand struct {
	Settings `embed:"" group:"Settings"`
	Station  string `placeholder:"CODE" help:"Only this station's."`
	District string `placeholder:"CODE" help:"Only this police district's."`
}

// Run prints a line for each post. Names go to standard output only, for whoever asked.
func (c *listCommand) Run(ctx context.Context) error {
	if err := c.complete(); err != nil {
		return err
	}
	return withRecords(ctx, &c.Settings, newLog(os.Stderr, &c.Settings), func(records *store.Store) error {
		posts, err := records.ListPosts(ctx, c.Station, c.District)
		if err != nil {
			return err
		}
		table := tabwriter.NewWriter(os.Stdout, 0, 0, 2, ' ', 0)
		fmt.Fprintln(table, "POST\tROLE\tSTATION\tDISTRICT\tCHANNEL\tSINCE\tNAME")
		for _, p := range posts {
			fmt.Fprintf(table, "%d\t%s\t%s\t%s\t%s\t%s\t%s\n", p.ID, p.Role, dash(p.Station), dash(p.District), p.Channel,
				p.Since.In(india).Format("2006-01-02 15:04"), printable(p.Name))
		}
		return table.Flush()
	})
}

func dash(s string) string {
	if s == "" {
		return "-"
	}
	return s
}

// printable keeps a name, which is whatever its bearer chose, from steering the terminal.
func printable(name string) string {
	quoted := strconv.QuoteToGraphic(name)
	return quoted[1 : len(quoted)-1]
}

type revokeCommand struct {
	Settings `embed:"" group:"Settings"`
	Post     int64 `arg:"" help:"Number of the post, as list prints it."`
}

// Run ends a post.
func (c *revokeCommand) Run(ctx context.Context) error {
	if err := c.complete(); err != nil {
		return err
	}
	return withRecords(ctx, &c.Settings, newLog(os.Stderr, &c.Settings), func(records *store.Store) error {
		err := records.Revoke(ctx, c.Post)
		if errors.Is(err, store.ErrNotFound) {
			return fmt.Errorf("there is no post %d that is held; nagrik officer list shows them", c.Post)
		}
		if err == nil {
			fmt.Printf("post %d is ended\n", c.Post)
		}
		return err
	})
}
