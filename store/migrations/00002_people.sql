-- Citizens, the chats they write from, officers and their posts.
-- "sealed" columns open only with the keys; ids of chats and senders and the
-- index of a phone are keyed one-way hashes.

-- +goose Up
create table citizens (
	id          text        primary key, -- random
	profile     bytea,                   -- sealed
	phone       bytea,                   -- sealed
	phone_index bytea       unique,
	created_at  timestamptz not null default now(),
	erased_at   timestamptz
);

create table chats (
	id         bytea       primary key check (length(id) = 16),
	channel    text        not null,
	address    bytea,               -- sealed: the channel's id of the chat; null once erased
	citizen    text        references citizens,
	linked_at  timestamptz,
	lang       text,
	simple     boolean     not null default false,
	reachable  boolean     not null default true,
	created_at timestamptz not null default now()
);
create index chats_citizen on chats (citizen) where citizen is not null;

create table officers (
	id         bigint      generated always as identity primary key,
	channel    text        not null,
	sender     bytea       not null unique,
	chat       bytea       not null references chats, -- the private one
	name       bytea,               -- sealed
	created_at timestamptz not null default now()
);
create index officers_chat on officers (chat);

-- Posts are ended, never deleted: events name them.
create table posts (
	id         bigint      generated always as identity primary key,
	officer    bigint      not null references officers,
	role       text        not null,
	station    text        references stations,
	district   text        references districts,
	created_at timestamptz not null default now(),
	revoked_at timestamptz,
	constraint posts_seat check (case
		when role in ('desk_officer', 'sho') then station is not null and district is not null
		when role in ('sdpo', 'sp') then station is null and district is not null
		when role in ('scrb', 'administrator') then station is null and district is null
		else false end)
);
create unique index posts_active on posts (officer, role, coalesce(station, ''), coalesce(district, '')) where revoked_at is null;
create index posts_station on posts (station) where revoked_at is null and station is not null;
create index posts_district on posts (district) where revoked_at is null and station is null;

create table groups (
	station  text        primary key references stations,
	chat     bytea       not null references chats,
	bound_by bigint      not null references posts,
	bound_at timestamptz not null default now()
);
create index groups_chat on groups (chat);

create table invitations (
	code       bytea       primary key, -- keyed hash: the code itself is nowhere
	kind       text        not null check (kind in ('officer', 'group')),
	role       text,
	station    text        references stations,
	district   text        references districts,
	made_by    text        not null,
	made_at    timestamptz not null default now(),
	expires_at timestamptz not null default now() + interval '7 days',
	used_at    timestamptz,
	post       bigint      references posts, -- of the redeemer, or of the officer who bound the group
	chat       bytea       references chats  -- the group that was bound
);

-- +goose Down
drop table invitations, groups, posts, officers, chats, citizens;
