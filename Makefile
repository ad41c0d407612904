.DEFAULT_GOAL := help
SHELL := /bin/bash

# Nothing of the program needs C, and without it a machine that has no compiler builds the same program.
export CGO_ENABLED := 0

# Go asks git for the revision, and fails where git refuses to answer: in a copy that belongs to another account.
ifneq ($(shell git rev-parse HEAD >/dev/null 2>&1 && echo yes),yes)
export GOFLAGS := $(GOFLAGS) -buildvcs=false
endif

TOOL := go tool -modfile=tools/go.mod

# Tests with the race detector: all but those that start the built program, which the detector does not see.
RACE = $$(go list ./... | grep -v '/cmd/')

help: ## show this help
	@grep -hE '^[a-z]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 14

run: ## install what is missing and run a trial with its own databases in .data; Ctrl-C ends it
	@.ci/setup run
	@$(MAKE) --no-print-directory build
	@exec ./nagrik serve

test: ## install what is missing and run all tests, the browser's and the end-to-end ones too
	@.ci/setup test
	go test ./...

check: ## format, vet, linters, tests with the race detector
	@.ci/setup check
	$(TOOL) golangci-lint run --allow-parallel-runners
	CGO_ENABLED=1 go test -race -timeout 20m $(RACE)

build: ## build ./nagrik
	go build -o nagrik ./cmd/nagrik

bench: ## measure turns a second
	@.ci/setup run
	go run ./cmd/nagrik/bench

scale: ## measure the queries of a turn with 100 thousand filings and with 10 million: half an hour, 40 GB
	@.ci/setup run
	go run ./cmd/nagrik/scale

soak: ## run made-up citizens and officers against the program for a long time
	@.ci/setup run
	go run ./cmd/nagrik/soak

transcripts: ## rewrite the bot's lines in the transcripts; read the diff
	@.ci/setup test
	go test ./flows -update

fmt: ## format the code
	$(TOOL) golangci-lint fmt

vuln: ## look for known vulnerabilities; needs the network
	$(TOOL) govulncheck ./...

setup: ## install every missing Debian package that the targets above use
	@.ci/setup check

.PHONY: help run test check build bench scale soak transcripts fmt vuln setup
