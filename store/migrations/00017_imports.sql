-- What comes in by files, and who had whole files in hand.

-- +goose Up

-- Of an entry that came by an import: a keyed hash of its line. A line that is as it was changes
-- nothing, whatever the desk has corrected since.
alter table records add column content bytea;
alter table firs add column content bytea;

-- Imports and exports are done at the command line, where there is no post: who did it, and of what.
alter table audit add column note text;

-- +goose Down
alter table audit drop column note;
alter table firs drop column content;
alter table records drop column content;
