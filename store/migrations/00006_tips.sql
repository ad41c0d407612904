-- Anonymous tips: filings of nobody.

-- +goose Up
alter table filings
	alter citizen drop not null, alter chat drop not null, alter channel drop not null,
	add constraint filings_anonymous check (
		(service = 'tip') = (citizen is null) and (service = 'tip') = (chat is null) and (service = 'tip') = (channel is null));

-- The second in which a tip came can be looked up with a network that knows who wrote what when. A
-- tip's own rows are written with the hour only; this is for what follows from them, whoever writes it.
-- Ids are drawn by lot: counted, they would lie between those of filings whose second is known.
-- +goose StatementBegin
create function tip_lot() returns bigint language sql volatile as $$
	select (random() * 2::float8 ^ 31)::bigint << 31 | (random() * 2::float8 ^ 31)::bigint
$$;
-- +goose StatementEnd
-- +goose StatementBegin
create function tip_id() returns trigger language plpgsql as $$
begin
	new.id := tip_lot();
	return new;
end $$;
-- +goose StatementEnd
create trigger tip_id before insert on filings for each row when (new.service = 'tip') execute function tip_id();

-- +goose StatementBegin
create function tip_hours() returns trigger language plpgsql as $$
begin
	if not exists (select from filings where id = new.filing and service = 'tip') then
		return new;
	end if;
	if tg_table_name = 'notices' then
		if tg_op = 'INSERT' then
			new.id := tip_lot();
		end if;
		new.created_at := date_trunc('hour', new.created_at);
		new.sent_at := date_trunc('hour', new.sent_at);
		if new.state in ('sent', 'failed', 'waiting') or tg_op = 'INSERT' and new.next_at <= now() then
			new.next_at := date_trunc('hour', new.next_at);
		end if;
	else
		new.sent_at := date_trunc('hour', new.sent_at);
	end if;
	return new;
end $$;
-- +goose StatementEnd
create trigger tip_hours before insert or update on notices for each row when (new.filing is not null) execute function tip_hours();
create trigger tip_hours before insert or update on cards for each row execute function tip_hours();

-- Even a keyed hash of what somebody wrote is more than has to be kept of a message that was put aside.
alter table dead_messages drop column hash;

-- +goose Down
alter table dead_messages add column hash bytea not null default '';
drop trigger tip_hours on cards;
drop trigger tip_hours on notices;
drop function tip_hours();
drop trigger tip_id on filings;
drop function tip_id(), tip_lot();
alter table filings drop constraint filings_anonymous,
	alter citizen set not null, alter chat set not null, alter channel set not null;
