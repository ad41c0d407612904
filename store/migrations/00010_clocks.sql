-- Clocks, digests, and filings that the district is to see at once.

-- +goose Up
alter table filings add tell_district boolean not null default false;

-- A clock runs from started_at; pausing and going on moves its times by as long as it stood still.
create table clocks (
	filing     bigint      not null references filings,
	kind       text        not null,
	started_at timestamptz not null default now(),
	due_at     timestamptz not null,
	level      int         not null default 0, -- steps of its ladder that were taken
	next_at    timestamptz,                    -- of the next step; null: there is none
	grace      boolean     not null default false, -- the next step was found late and put off once
	paused_at  timestamptz,
	ended_at   timestamptz,
	primary key (filing, kind)
);
create index clocks_next on clocks (next_at) where paused_at is null and ended_at is null;

insert into clocks (filing, kind, started_at, due_at, next_at)
select id, 'acknowledge', ack_due_at - interval '24 hours', ack_due_at, ack_due_at from filings where ack_due_at is not null;
alter table filings drop column ack_due_at; -- and its index
create index filings_open on filings (district, station) where closed_at is null;

-- A notice may be about a clock, for the seat of a role, and then waits for somebody in it; or about
-- no filing, for a post or for a station's group.
alter table notices add clock text, add role text, add post bigint references posts, add station text references stations;
create index notices_cards_sent on notices (chat, sent_at) where state = 'sent' and kind in ('card', 'overdue');

-- A card without a message: the filing was named in a list, and has no card of its own yet.
create index cards_listed on cards (chat, filing) where message = '';

-- The newest day whose digest a post or a group had. Days begin at eight in the morning; who is new
-- has had the one of the day.
alter table posts add digested_on date not null default (now() at time zone 'Asia/Kolkata' - interval '8 hours')::date;
alter table groups add digested_on date not null default (now() at time zone 'Asia/Kolkata' - interval '8 hours')::date;
create index posts_digested on posts (digested_on) where revoked_at is null;
create index groups_digested on groups (digested_on);

-- +goose Down
alter table groups drop column digested_on;
alter table posts drop column digested_on;
drop index cards_listed;
delete from cards where message = '';
drop index notices_cards_sent;
delete from notices where filing is null;
alter table notices drop column clock, drop column role, drop column post, drop column station;
drop index filings_open;
alter table filings add ack_due_at timestamptz;
update filings f set ack_due_at = c.due_at from clocks c where c.filing = f.id and c.kind = 'acknowledge' and c.ended_at is null;
create index filings_ack_due on filings (ack_due_at) where ack_due_at is not null;
drop table clocks;
alter table filings drop column tell_district;
