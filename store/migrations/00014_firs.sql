-- The FIR register, and filings on their way to another station.

-- +goose Up

-- One row an FIR. A Zero FIR (BNSS 2023 s. 173(1)) is numbered in a register of its own, and the
-- station that takes it over registers it again: so the same number may stand twice in a station's
-- year, and a filing may have one of each. Numbers that come from elsewhere have no filing and no
-- citizen. Not partitioned: five million narrow rows that are looked up by key need it no more than
-- the filings do.
create table firs (
	id            bigint      generated always as identity primary key,
	station       text        not null references stations,
	district      text        not null references districts,
	year          smallint    not null check (year between 1950 and 2100),
	number        int         not null check (number > 0),
	zero          boolean     not null default false,
	restricted    boolean     not null, -- not to be published
	sections      text        not null, -- "BNS 303(2), 317(2)"
	registered_on date        not null,
	citizen       text        references citizens, -- the informant, where known here
	phone_index   bytea,               -- of the informant: a keyed hash, as citizens.phone_index
	informant     bytea,               -- sealed
	summary       bytea,               -- sealed: a few words of what it is about
	details       bytea,               -- sealed: as filings.details
	filing        bigint      references filings,
	post          bigint      references posts,
	origin        text        not null default 'desk' check (origin in ('desk', 'import')),
	created_at    timestamptz not null default now(),
	constraint firs_number unique (station, year, number, zero),
	check ((origin = 'desk') = (filing is not null and post is not null))
);
create unique index firs_filing on firs (filing, zero) where filing is not null;
create index firs_phone on firs (phone_index) where phone_index is not null;
create index firs_citizen on firs (citizen) where citizen is not null;
create index firs_district on firs (district, registered_on desc);

alter table filings
	add column fir             text, -- its number in the register, "123/2026"
	add column zero_fir        text, -- and in that of Zero FIRs
	add column to_station      text references stations, -- on its way there, not yet accepted
	add column to_district     text references districts,
	add column before_transfer text, -- the status to come back to if it is refused
	add constraint filings_transfer check ((to_station is null) = (to_district is null) and (to_station is null) = (before_transfer is null));
create index filings_to_station on filings (to_station) where to_station is not null;
create index filings_to_district on filings (to_district) where to_district is not null;

-- The other station of a transfer.
alter table events add column station text references stations;

-- Certificates of evidence are found again by who printed them when.
create index audit_certificates on audit (filing, at) where what = 'certify_evidence';

-- +goose Down
drop index audit_certificates;
alter table events drop column station;
alter table filings drop column fir, drop column zero_fir, drop column to_station, drop column to_district, drop column before_transfer;
drop table firs;
