package main

import (
	"slices"

	"nagrik/bot"
	"nagrik/flows"
	"nagrik/store"
)

// bestStations is how many stations are named for a line.
const bestStations = 3

// stations finds the three best stations by name, in the reference data that the program carries.
func (u *understandCommand) stations() (func(string) any, error) {
	directory, err := store.EmbeddedDirectory()
	if err != nil {
		return nil, err
	}
	all := flows.NewStations(directory)
	lists := []bot.List{all.All()}
	if u.District != "" {
		found, _ := all.Districts().Find("hi", u.District, 1)
		if len(found) == 0 {
			return nil, wrong("--district %q is no police district's name; an example: Patna", u.District)
		}
		lists = []bot.List{all.In(found[0].ID), all.All()}
	}
	return func(line string) any {
		codes := []string{}
		for _, list := range lists {
			found, _ := list.Find("hi", line, bestStations)
			for _, item := range found {
				if len(codes) < bestStations && !slices.Contains(codes, item.ID) {
					codes = append(codes, item.ID)
				}
			}
		}
		return struct {
			Text   string   `json:"text"`
			Values []string `json:"values"`
		}{line, codes}
	}, nil
}
