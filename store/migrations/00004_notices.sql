-- Notices to be sent, the cards that were sent, drafts, the audit.

-- +goose Up
-- state: pending (to be sent at next_at), sending (under a lease), sent, failed
-- (for good, see reason), waiting (there is no chat to send it to yet).
create table notices (
	id          bigint      generated always as identity primary key,
	kind        text        not null,
	urgent      boolean     not null default false,
	chat        bytea       references chats,
	filing      bigint      references filings,
	ver         int,                  -- the filing's event that it tells of
	state       text        not null check (state in ('pending', 'sending', 'sent', 'failed', 'waiting')),
	reason      text        not null default '', -- of the last attempt that failed
	attempt     int         not null default 0,
	lease_token bytea,
	lease_until timestamptz,
	next_at     timestamptz not null default now(),
	dedupe_key  text        not null unique,
	created_at  timestamptz not null default now(),
	sent_at     timestamptz,
	check ((chat is null) = (state = 'waiting') or state = 'failed')
);
create index notices_due on notices (next_at) where state in ('pending', 'sending');
create index notices_filing on notices (filing);
create index notices_waiting on notices (kind, filing) where state = 'waiting';
create index notices_open on notices (chat) where state in ('pending', 'sending');
create index notices_created on notices using brin (created_at);

create table cards (
	filing  bigint      not null references filings,
	chat    bytea       not null references chats,
	message text        not null, -- the channel's id of it
	ver     int         not null, -- the filing's version that it shows
	sent_at timestamptz not null default now(),
	primary key (filing, chat)
);
create index cards_chat on cards (chat);

create table drafts (
	key         bytea       primary key,
	channel     text        not null,
	address     bytea       not null, -- sealed: the chat to remind
	chat        bytea       not null, -- as chats.id
	service     text        not null,
	state       bytea       not null, -- sealed
	saved_at    timestamptz not null,
	reminded_at timestamptz
);
create index drafts_saved on drafts (saved_at);

create table dead_messages (
	id      bigint      generated always as identity primary key,
	channel text        not null,
	kind    text        not null,
	size    bigint      not null,
	hash    bytea       not null,
	at      timestamptz not null default now()
);

-- Each row's hash is keyed and covers the row and the hash before it.
create table audit (
	seq     bigint      primary key,
	at      timestamptz not null,
	what    text        not null,
	post    bigint      references posts,
	officer bigint      references officers,
	filing  bigint      references filings,
	hash    bytea       not null
);

-- +goose StatementBegin
create function audit_stays() returns trigger language plpgsql as $$
begin
	raise exception 'the audit is only ever added to';
end $$;
-- +goose StatementEnd
create trigger audit_stays before update or delete or truncate on audit for each statement execute function audit_stays();

-- +goose Down
drop table audit, dead_messages, drafts, cards, notices;
drop function audit_stays();
