package store

import (
	"context"
	"errors"
	"fmt"

	"github.com/jackc/pgx/v5"
)

// Import is a file on its way into the records, all of it or nothing. Its lines come in batches and are
// staged in temporary tables, so that a file which turns out bad leaves nothing behind in the tables that
// everybody reads, and what a million lines take of this program's memory is one batch.
type Import struct {
	s       *Store
	tx      pgx.Tx
	staged  Imported
	merges  []func(context.Context) error // of the kinds of lines that were staged
	last    int                           // the line that was staged last
	written int
	told    func(written, of int)
}

// ImportOptions say what is imported.
type ImportOptions struct {
	What    string // "wanted", for the audit
	By      string // who does it, for the audit: at the command line nobody has a post
	DryRun  bool   // check everything and write nothing
	Written func(written, of int)
}

// Imported counts what became of a file's lines.
type Imported struct {
	New     int
	Changed int // entries that an earlier import made, and that the file has otherwise
	Same    int // as they were at their last import
	Left    int // that only the desk may change: records it withdrew, FIRs it registered
}

// ErrImportRuns says that another import is at work.
var ErrImportRuns = errors.New("store: another import is running")

const (
	lockImports = `select pg_try_advisory_xact_lock(hashtextextended('import', 0))`

	// An import waits for its file, and for officers who are correcting a record.
	importTimes = `set local idle_in_transaction_session_timeout = 0; set local lock_timeout = '20s'`

	makeImportKeys = `create temporary table import_keys (line int not null, key text collate "C" not null) on commit drop`

	// importRepeats are lines with the key of an earlier line, and the first line that has it.
	importRepeats = `
		select line, first from (select line, first_value(line) over (partition by key order by line) as first from import_keys) k
		where line > first order by line limit $1`
)

// Import runs read, which gives the file's lines to the Import, and then merges them, with a row of the
// audit if they change anything. With an error of read nothing is kept. ErrImportRuns if another import is at work.
func (s *Store) Import(ctx context.Context, o ImportOptions, read func(*Import) error) (Imported, error) {
	i := &Import{s: s, told: o.Written}
	err := s.inTx(ctx, "importing", func(tx pgx.Tx) error {
		i.tx = tx
		if err := i.begin(ctx); err != nil {
			return err
		}
		if err := read(i); err != nil {
			return err
		}
		if o.DryRun {
			return errDryRun
		}
		for _, merge := range i.merges {
			if err := merge(ctx); err != nil {
				return err
			}
		}
		c := i.staged
		if c.New+c.Changed == 0 {
			return nil
		}
		return s.audit(ctx, tx, auditEntry{
			what: "import",
			note: fmt.Sprintf("%s by %s: %d new, %d changed, %d same, %d left", o.What, o.By, c.New, c.Changed, c.Same, c.Left),
		})
	})
	if errors.Is(err, errDryRun) {
		err = nil
	}
	return i.staged, err
}

// errDryRun takes back a transaction that went well.
var errDryRun = errors.New("dry run")

func (i *Import) begin(ctx context.Context) error {
	if _, err := i.tx.Exec(ctx, importTimes); err != nil {
		return failed("importing", err)
	}
	var free bool
	if err := i.tx.QueryRow(ctx, lockImports).Scan(&free); err != nil {
		return failed("importing", err)
	}
	if !free {
		return ErrImportRuns
	}
	_, err := i.tx.Exec(ctx, makeImportKeys)
	return failed("importing", err)
}

// ImportKey is what makes a line the same entry as another.
type ImportKey struct {
	Line int
	Key  string
}

// Keys notes the keys of lines, also of wrong ones, for Repeats.
func (i *Import) Keys(ctx context.Context, keys []ImportKey) error {
	return i.copy(ctx, "import_keys", []string{"line", "key"}, len(keys), func(n int) ([]any, error) {
		return []any{keys[n].Line, keys[n].Key}, nil
	})
}

// Repeat is a line that has the key of an earlier one.
type Repeat struct{ Line, First int }

// Repeats gives the first limit lines whose key an earlier line has.
func (i *Import) Repeats(ctx context.Context, limit int) ([]Repeat, error) {
	rows, _ := i.tx.Query(ctx, importRepeats, limit)
	repeats, err := pgx.CollectRows(rows, pgx.RowToStructByPos[Repeat])
	return repeats, failed("looking for keys that stand twice", err)
}

// copy sends rows to a temporary table.
func (i *Import) copy(ctx context.Context, table string, columns []string, n int, row func(int) ([]any, error)) error {
	if n == 0 {
		return nil
	}
	_, err := i.tx.CopyFrom(ctx, pgx.Identifier{table}, columns, pgx.CopyFromSlice(n, row))
	return failed("staging an import", err)
}

// merge has a kind of lines merged at the end; the first of a kind makes its tables.
func (i *Import) merge(ctx context.Context, tables string, merge func(context.Context) error) error {
	if len(i.merges) > 0 {
		return nil
	}
	i.merges = append(i.merges, merge)
	_, err := i.tx.Exec(ctx, tables)
	return failed("importing", err)
}

// tell says how much is written.
func (i *Import) tell(n int) {
	i.written += n
	if i.told != nil {
		i.told(i.written, i.staged.New+i.staged.Changed)
	}
}
