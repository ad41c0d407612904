-- Filings, what belongs to them, and their events.

-- +goose Up
create table filings (
	id           bigint      generated always as identity primary key,
	number       text        not null unique,
	dialog       text        not null unique, -- the same dialog files once
	service      text        not null,
	citizen      text        not null references citizens,
	chat         bytea       not null references chats,
	channel      text        not null,
	lang         text        not null,
	station      text        references stations,
	district     text        not null references districts,
	status       text        not null,
	ver          int         not null,
	sensitive    boolean     not null,
	urgent       boolean     not null,
	content_hash bytea       not null, -- keyed
	details      bytea       not null, -- sealed
	applicant    bytea       not null, -- sealed: the profile as it was when filing
	created_at   timestamptz not null default now(),
	updated_at   timestamptz not null default now(),
	ack_due_at   timestamptz,          -- null once acknowledged or ended
	closed_at    timestamptz
);
create index filings_citizen on filings (citizen, created_at desc);
create index filings_station on filings (station, created_at desc) where station is not null;
create index filings_district on filings (district, created_at desc);
create index filings_ack_due on filings (ack_due_at) where ack_due_at is not null;

create table filing_identifiers (
	kind   text   not null,
	value  bytea  not null, -- keyed hash
	filing bigint not null references filings,
	primary key (kind, value, filing)
);
create index filing_identifiers_filing on filing_identifiers (filing);

create table filing_media (
	filing      bigint      not null references filings,
	media       text        not null, -- key in the media store
	sha256      bytea       not null check (length(sha256) = 32),
	kind        text        not null,
	mime        text        not null,
	size        bigint      not null,
	received_at timestamptz not null,
	label       text        not null default '',
	primary key (filing, media)
);
create index filing_media_media on filing_media (media);

-- A filing's events lie in the partition of the month in which it was filed:
-- so (filing, ver) can be unique, and a month is dropped whole when its time comes.
create table events (
	filing   bigint      not null references filings,
	filed_at timestamptz not null, -- the filing's created_at
	ver      int         not null,
	at       timestamptz not null default now(),
	kind     text        not null,
	actor    text        not null check (actor in ('citizen', 'officer', 'system')),
	post     bigint      references posts,
	dialog   text,                 -- the citizen's dialog that made it
	note     bytea,                -- sealed
	primary key (filing, ver, filed_at),
	check ((actor = 'officer') = (post is not null))
) partition by range (filed_at);
create table events_default partition of events default;

-- Makes the partitions of this month and the months ahead, and returns how many
-- were missing. Rows that the default partition caught meanwhile move along.
-- +goose StatementBegin
create function make_event_partitions(ahead int) returns int language plpgsql as $$
declare
	since     timestamptz;
	upto      timestamptz;
	partition text;
	made      int := 0;
begin
	perform pg_advisory_xact_lock(hashtextextended('make_event_partitions', 0));
	for i in 0..ahead loop
		since := (date_trunc('month', now() at time zone 'UTC') + make_interval(months => i)) at time zone 'UTC';
		upto := (date_trunc('month', now() at time zone 'UTC') + make_interval(months => i + 1)) at time zone 'UTC';
		partition := 'events_' || to_char(since at time zone 'UTC', 'YYYY_MM');
		continue when to_regclass(partition) is not null;
		execute format('create table %I (like events including all)', partition);
		execute format(
			'with moved as (delete from events_default where filed_at >= %L and filed_at < %L returning *) insert into %I select * from moved',
			since, upto, partition);
		execute format('alter table events attach partition %I for values from (%L) to (%L)', partition, since, upto);
		made := made + 1;
	end loop;
	return made;
end $$;
-- +goose StatementEnd

-- +goose Down
drop function make_event_partitions(int);
drop table events, filing_media, filing_identifiers, filings;
