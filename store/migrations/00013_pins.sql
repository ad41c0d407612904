-- A PIN for a phone that several people share, and what citizens think of how their filings ended.

-- +goose Up
alter table citizens add column pin bytea; -- keyed hash over citizen and PIN
create table pin_misses (
	citizen text        not null references citizens,
	attempt text        not null, -- of a dialog: the same one counts once
	at      timestamptz not null default now(),
	primary key (citizen, attempt)
);
create index pin_misses_at on pin_misses (at);
alter table filings add column rating smallint check (rating between 1 and 5);

-- +goose Down
alter table filings drop column rating;
drop table pin_misses;
alter table citizens drop column pin;
