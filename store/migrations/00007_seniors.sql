-- Registered seniors, whom to tell when something may be wrong, and the questions whether somebody is well.
-- A phone here is its keyed one-way hash (citizens.phone_index): who has it may not be on the bot yet.

-- +goose Up
create table seniors (
	filing       bigint primary key references filings,
	elder        bytea,                  -- the elder's own phone; null: has none, is asked at a visit
	name         bytea       not null,   -- sealed
	filer        bytea,                  -- sealed: the name of the relative who registered; null: the elder
	visits       boolean     not null,   -- wants to be visited
	consent      text        not null check (consent in ('waiting', 'given', 'refused')),
	visit_due_at timestamptz,            -- null: no visit is due
	visited_at   timestamptz
);
create index seniors_elder on seniors (elder) where elder is not null;

-- Whom to tell: the family contact and the neighbour whom a filing names, and relatives who were linked.
create table contacts (
	filing bigint      not null references filings,
	role   text        not null check (role in ('family', 'neighbour', 'relative')),
	phone  bytea       not null,
	name   bytea,                       -- sealed; of relatives
	state  text        not null default 'linked' check (state in ('asked', 'linked', 'refused')), -- asked: the elder has not said yes yet
	since  timestamptz not null default now(),
	primary key (filing, role, phone)
);
create index contacts_phone on contacts (phone) where role = 'relative';

-- A check-in asks somebody whether all is well: a traveller at the return, a senior every day. What follows when
-- no answer comes is in store/checkins.go. Times of day are Indian.
create table checkins (
	filing      bigint      not null references filings,
	kind        text        not null check (kind in ('return', 'greeting')),
	who         bytea       not null, -- the phone of who is asked
	state       text        not null check (state in ('quiet', 'asked', 'reminded', 'family', 'told', 'station')),
	due_at      timestamptz,          -- of the next step; null: nothing happens by itself
	asked_at    timestamptz,          -- when the question that is open was first asked
	asks        int         not null default 0, -- how often it was asked, ever
	prompt      bigint,               -- the notice that asked last
	held_at     timestamptz,          -- since when a step waits for that notice to arrive
	missed      int         not null default 0, -- greetings in a row without an answer
	answered_at timestamptz,
	name        bytea,                -- sealed: the traveller's
	leave_on    date,
	return_on   date,
	hour        time,                 -- of the greeting; null: only help that was asked for is watched
	paused      boolean     not null default false,
	primary key (filing, kind),
	check ((kind = 'return') = (return_on is not null)),
	check (kind = 'greeting' or hour is null)
);
create index checkins_due on checkins (due_at) where due_at is not null;
create index checkins_who on checkins (who);

-- A notice with a phone is for whoever has it: without a chat it waits until one verifies the phone.
alter table notices
	add column phone bytea,
	add column about bytea, -- the phone of the relative whom it is about
	add column heard bytea; -- of a question that arrived: which message came first after it
create index notices_waiting_phone on notices (phone) where state = 'waiting' and phone is not null;
create index notices_alarms on notices (filing) where kind in ('alarm', 'relief');
create index notices_unheard on notices (created_at) where state = 'sent' and heard is null and kind like 'ask%';

-- +goose Down
drop index notices_unheard, notices_alarms, notices_waiting_phone;
alter table notices drop column phone, drop column about, drop column heard;
drop table checkins, contacts, seniors;
