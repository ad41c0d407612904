-- +goose Up

-- Evidence files at their receipt, whether or not a filing ever has them.
create table media (
	id            text        primary key, -- key in the media store
	sha256        bytea       not null check (length(sha256) = 32),
	kind          text        not null,
	mime          text        not null,
	size          bigint      not null,
	received_at   timestamptz not null default now(), -- first
	last_received timestamptz not null default now()  -- the same content may come again
);
create index media_last_received on media (last_received);

-- +goose Down
drop table media;
