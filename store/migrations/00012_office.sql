-- What the desk lists, finds and adds.

-- +goose Up
create extension if not exists pg_trgm;

-- Names by which a filing is found: a keyed hash of how each part of a name sounds.
create table filing_names (
	key      bytea  not null,
	district text   not null,
	filing   bigint not null references filings,
	primary key (key, district, filing)
);
create index filing_names_filing on filing_names (filing);

-- The lists of open filings: what is due stands with the clocks.
create index filings_open_station on filings (station, urgent desc, created_at) where closed_at is null and station is not null;
create index filings_open_district on filings (district, urgent desc, created_at) where closed_at is null;

-- What the police make known: recovered property, wanted persons, arrests,
-- unidentified bodies, and persons whom nobody knows. They come from the desk
-- ("desk:" and the dialog's id is the source) and from imports (what the lists
-- of the police have as their own key is the source): the same source is the
-- same record.
create table records (
	id           bigint      generated always as identity primary key,
	number       text        not null unique,
	kind         text        not null check (kind in ('recovered', 'wanted', 'arrest', 'body', 'person')),
	source       text        not null,
	station      text        references stations,
	district     text        not null references districts,
	happened_on  date        not null,              -- recovered, arrested, found; of wanted persons, made known
	what         text        not null default '',   -- kind of thing, head of offence, sex: the id of an option
	reward       bigint      not null default 0,    -- rupees, of wanted persons
	names        text        not null default '',   -- of wanted persons, who are made known by name: both scripts, aliases
	details      bytea       not null,              -- sealed: the whole form
	ver          int         not null default 1,
	dialog       text,                              -- that changed it last: it changes once
	post         bigint      references posts,      -- that made it; null for an import
	made_at      timestamptz not null default now(),
	changed_at   timestamptz not null default now(),
	withdrawn_at timestamptz,
	reason       bytea,                             -- sealed: why it was withdrawn
	unique (kind, source),
	check (names = '' or kind = 'wanted'),
	check (reward = 0 or kind = 'wanted')
);
create index records_district on records (kind, district, happened_on desc) where withdrawn_at is null;
create index records_station on records (station, made_at desc) where station is not null;
create index records_names on records using gin (names gin_trgm_ops) where names <> '';

create table record_identifiers (
	kind   text   not null,
	value  bytea  not null, -- keyed hash
	record bigint not null references records,
	primary key (kind, value, record)
);
create index record_identifiers_record on record_identifiers (record);

create table record_names (
	key    bytea  not null, -- keyed hash, as in filing_names
	record bigint not null references records,
	primary key (key, record)
);
create index record_names_record on record_names (record);

create table record_media (
	record      bigint      not null references records,
	media       text        not null, -- key in the media store
	sha256      bytea       not null check (length(sha256) = 32),
	kind        text        not null,
	mime        text        not null,
	size        bigint      not null,
	received_at timestamptz not null,
	label       text        not null default '',
	primary key (record, media)
);
create index record_media_media on record_media (media);

alter table audit add column record bigint references records;

-- +goose Down
alter table audit drop column record;
drop table record_media, record_names, record_identifiers, records;
drop index filings_open_district, filings_open_station;
drop table filing_names;
drop extension pg_trgm;
