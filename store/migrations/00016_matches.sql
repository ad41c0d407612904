-- Matching what was lost with what was found, and who is missing with who was found.
--
-- What people told of them (looks, marks, clothes, words, names) is sealed, so how alike two are is worked out in the
-- program. This table only narrows down what is opened for that, and nothing more lies in the clear than that needs: what
-- sort of thing it is or that it is a person, the district, the day, and of persons the sex and the age in steps of five years. None
-- of it leads to anybody who does not know already whom to look for: thousands in a district share each row, and numbers,
-- names, heights, marks, clothes, brands and places stay sealed. Identifiers and names are found by the keyed hashes of
-- filing_identifiers, record_identifiers, filing_names and record_names. What has ended has no row here.

-- +goose Up
create table match_features (
	filing   bigint   references filings,
	record   bigint   references records,
	n        smallint not null,            -- which of the things that a filing tells of, from 0
	lost     boolean  not null,            -- lost, stolen or missing; else found
	kind     text     not null,            -- 'person', or the sort of thing
	sex      text     not null default '', -- '': not known, or a thing
	age_from smallint not null default 0,
	age_to   smallint not null default 120,
	district text     not null references districts,
	day      date,                         -- lost or missing since, or found on; null: not known
	check ((filing is null) <> (record is null)),
	check (filing is not null or not lost),
	check (age_from % 5 = 0 and age_to % 5 = 0)
);
create unique index match_features_filing on match_features (filing, n) where filing is not null;
create unique index match_features_record on match_features (record, n) where record is not null;
create index match_features_near on match_features (kind, lost, district, day);
create index match_features_day on match_features (kind, lost, day);

-- What waits to be matched: ver tells a matching that was overtaken by news from one that was not.
create table match_due (
	filing bigint      unique references filings,
	record bigint      unique references records,
	ver    int         not null default 1,
	since  timestamptz not null default now(),
	check ((filing is null) <> (record is null))
);
create index match_due_since on match_due (since);

-- A pair that was proposed to officers: once, whatever they say.
create table matches (
	id         bigint      generated always as identity primary key,
	lost       bigint      not null references filings,
	lost_n     smallint    not null,          -- which of its things
	filing     bigint      references filings, -- what was found: a citizen's report, or a record of the police
	record     bigint      references records,
	found_n    smallint    not null,
	person     boolean     not null,
	body       boolean     not null,
	exact      boolean     not null,          -- by a number that both have
	score      real        not null,
	alike      text[]      not null,          -- what agrees: 'number', 'age', 'marks', never what it says
	made_at    timestamptz not null default now(),
	state      text        not null default 'proposed' check (state in ('proposed', 'yes', 'no')),
	post       bigint      references posts,  -- that decided
	decided_at timestamptz,
	check ((filing is null) <> (record is null)),
	check ((state = 'proposed') = (post is null))
);
create unique index matches_filings on matches (lost, filing) where filing is not null;
create unique index matches_records on matches (lost, record) where record is not null;
create index matches_yes on matches (lost) where state = 'yes';
create index matches_open on matches (id) where state = 'proposed';
create index matches_filing on matches (filing) where filing is not null;
create index matches_record on matches (record) where record is not null;

-- The message in a chat that shows a match, to bring it up to date.
create table match_cards (
	match   bigint not null references matches,
	chat    bytea  not null references chats,
	message text   not null, -- the channel's id of it
	sent_at timestamptz not null default now(),
	primary key (match, chat)
);

-- A notice of a match is for the officers of one side.
alter table notices add match bigint references matches, add lost boolean;
create index notices_match on notices (match) where match is not null;
create index notices_waiting_match on notices (match) where match is not null and state = 'waiting';

-- What is open already is matched as if it were new.
insert into match_due (filing)
select id from filings where closed_at is null
	and service in ('lost_property', 'complaint', 'missing_person', 'found_property', 'unknown_person', 'unidentified_body');
insert into match_due (record) select id from records where withdrawn_at is null and kind in ('recovered', 'body', 'person');

-- +goose Down
delete from notices where match is not null;
alter table notices drop column match, drop column lost;
drop table match_cards, matches, match_due, match_features;
