-- What the desk's lists and statistics ask of a filing stands in its own row, so that a list is read from an
-- index in its order and takes as long with ten million filings as with a hundred thousand.

-- +goose Up
alter table filings
	add column due_at          timestamptz, -- when the first of its running clocks runs out, null if none runs
	add column due_clock       text,        -- and which one that is
	add column acknowledged_at timestamptz, -- by the first officer who did
	add column handler         bigint references officers; -- the officer who did something with it last

-- The clock of progress is the bot's own: nobody has to do anything by its end.
-- +goose StatementBegin
create function clocks_due() returns trigger language plpgsql as $$
begin
	update filings f set due_at = first.due_at, due_clock = first.kind
	from (select distinct filing from changed) c
		left join lateral (
			select k.due_at, k.kind from clocks k
			where k.filing = c.filing and k.ended_at is null and k.paused_at is null and k.kind <> 'progress'
			order by k.due_at, k.kind limit 1
		) first on true
	where f.id = c.filing and (f.due_at, f.due_clock) is distinct from (first.due_at, first.kind);
	return null;
end $$;
-- +goose StatementEnd

update filings f set due_at = k.due_at, due_clock = k.kind
from (
	select distinct on (filing) filing, due_at, kind from clocks
	where ended_at is null and paused_at is null and kind <> 'progress'
	order by filing, due_at, kind
) k
where f.id = k.filing;

update filings f set acknowledged_at = e.at
from (select filing, min(at) as at from events where kind = 'acknowledged' group by filing) e
where f.id = e.filing;

update filings f set handler = e.officer
from (
	select distinct on (e.filing) e.filing, p.officer from events e join posts p on p.id = e.post
	order by e.filing, e.ver desc
) e
where f.id = e.filing;

create trigger clocks_made after insert on clocks referencing new table as changed for each statement execute function clocks_due();
create trigger clocks_changed after update on clocks referencing new table as changed for each statement execute function clocks_due();

drop index filings_open_station, filings_open_district;
create index filings_open_station on filings (station, urgent desc, due_at, created_at) where closed_at is null and station is not null;
create index filings_open_district on filings (district, urgent desc, due_at, created_at) where closed_at is null;
create index filings_open_state on filings (urgent desc, due_at, created_at) where closed_at is null;
create index filings_new_station on filings (station, urgent desc, due_at, created_at)
	where closed_at is null and status in ('received', 'sent', 'reopened') and station is not null;
create index filings_new_district on filings (district, urgent desc, due_at, created_at)
	where closed_at is null and status in ('received', 'sent', 'reopened');
create index filings_new_state on filings (urgent desc, due_at, created_at) where closed_at is null and status in ('received', 'sent', 'reopened');
create index filings_handler on filings (handler, urgent desc, due_at, created_at) where closed_at is null and handler is not null;

-- The numbers of a district, and of the state (district ''), as they were counted last: of millions of filings that
-- takes too long to be done while an officer waits.
create table statistics (
	district   text        primary key,
	counted_at timestamptz not null,
	numbers    jsonb       not null
);

-- +goose Down
drop table statistics;
drop index filings_handler, filings_new_state, filings_new_district, filings_new_station, filings_open_state, filings_open_district, filings_open_station;
create index filings_open_station on filings (station, urgent desc, created_at) where closed_at is null and station is not null;
create index filings_open_district on filings (district, urgent desc, created_at) where closed_at is null;
drop trigger clocks_changed on clocks;
drop trigger clocks_made on clocks;
drop function clocks_due();
alter table filings drop column due_at, drop column due_clock, drop column acknowledged_at, drop column handler;
