-- Keys, districts, stations: what everything else refers to.

-- +goose Up
create table keys (
	id      int         primary key check (id = 1),
	wrapped bytea       not null, -- by the key-encryption key, which the database never sees
	made_at timestamptz not null default now()
);

create table districts (
	code    text primary key check (code ~ '^[0-9]{4}$'),
	kind    text not null check (kind in ('territorial', 'railway')),
	name_en text not null,
	name_hi text not null,
	hq_en   text not null,
	hq_hi   text not null,
	revenue text not null default '',
	aliases text[] not null default '{}',
	lat     double precision,
	lng     double precision,
	check ((lat is null) = (lng is null))
);

create table stations (
	code     text primary key check (code ~ '^[0-9]{7,9}$'),
	district text not null references districts,
	revenue  text not null default '',
	kind     text not null,
	name_en  text not null,
	name_hi  text not null,
	aliases  text[] not null default '{}',
	lat      double precision,
	lng      double precision,
	origin   text not null default 'reference' check (origin in ('reference', 'import')),
	check ((lat is null) = (lng is null))
);
create index stations_district on stations (district);

-- +goose Down
drop table stations, districts, keys;
