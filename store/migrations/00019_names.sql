-- Names that millions have: what is looked for by name is narrowed down before the name.

-- +goose Up
-- Whoever looks for a wanted person must not wade through the arrests of all who have the same name.
alter table record_names add column kind text;
update record_names n set kind = r.kind from records r where r.id = n.record;
alter table record_names alter column kind set not null, drop constraint record_names_pkey, add primary key (key, kind, record);

-- What the names of a side of a match are found by: sides that have ended are not among them.
alter table match_features add column names bytea[] not null default '{}'; -- keyed hashes, as in filing_names
update match_features m set names = array(
	select key from filing_names n where n.filing = m.filing union select key from record_names n where n.record = m.record);
create index match_features_names on match_features using gin (names);

-- +goose Down
drop index match_features_names;
alter table match_features drop column names;
alter table record_names drop constraint record_names_pkey, drop column kind, add primary key (key, record);
