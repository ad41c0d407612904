-- What citizens look through: the lists of records.

-- +goose Up
-- About how old an unidentified body, or a person whom nobody knows, is: the form has it sealed, and those
-- who look for somebody ask by it. Null where nobody could tell, and of records from before.
alter table records
	add column age_low smallint,
	add column age_high smallint,
	add check (age_low <= age_high);

create index records_newest on records (kind, happened_on desc) where withdrawn_at is null;

-- +goose Down
drop index records_newest;
alter table records drop column age_low, drop column age_high;
