package store

import (
	"context"

	"github.com/jackc/pgx/v5"
)

// valuesLogged are the settings by which Postgres writes values of statements, which are people's
// data, into its log: each with what it would have to be. Statements themselves have none.
const valuesLogged = `
	select s.name || ' = ' || s.want
	from (values
		('log_parameter_max_length', '0',
			current_setting('log_parameter_max_length') <> '0' and (
				current_setting('log_statement') <> 'none' or current_setting('log_duration')::bool
				or current_setting('log_min_duration_statement') <> '-1'
				or current_setting('log_min_duration_sample') <> '-1' or current_setting('log_transaction_sample_rate') <> '0')),
		('log_parameter_max_length_on_error', '0', current_setting('log_parameter_max_length_on_error') <> '0'),
		('log_error_verbosity', 'terse', current_setting('log_error_verbosity') <> 'terse')
	) s (name, want, wrong)
	where s.wrong
	order by 1`

// LogsValues says which settings of Postgres would have to be otherwise, so that no values of
// anybody's data get into its log.
func (s *Store) LogsValues(ctx context.Context) (settings []string, err error) {
	rows, _ := s.pool.Query(ctx, valuesLogged)
	settings, err = pgx.CollectRows(rows, pgx.RowTo[string])
	return settings, failed("reading how Postgres logs", err)
}
