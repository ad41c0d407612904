package store

import (
	"context"
	"errors"

	"github.com/jackc/pgx/v5"
)

// importStation adds or replaces a station, and says whether it is new; no row if it is there just so.
const importStation = `
	insert into stations as s (code, district, revenue, kind, name_en, name_hi, aliases, lat, lng, origin)
	values ($1, $2, $3, $4, $5, $6, $7, $8, $9, 'import')
	on conflict (code) do update set
		district = excluded.district, revenue = excluded.revenue, kind = excluded.kind, name_en = excluded.name_en,
		name_hi = excluded.name_hi, aliases = excluded.aliases, lat = excluded.lat, lng = excluded.lng, origin = excluded.origin
	where (s.district, s.revenue, s.kind, s.name_en, s.name_hi, s.aliases, s.lat, s.lng, s.origin) is distinct from
		(excluded.district, excluded.revenue, excluded.kind, excluded.name_en, excluded.name_hi, excluded.aliases, excluded.lat, excluded.lng, excluded.origin)
	returning xmax = 0`

// Stations adds or replaces stations: they are few, and are not staged.
func (i *Import) Stations(ctx context.Context, stations []Station) error {
	var batch pgx.Batch
	for _, s := range stations {
		lat, lng := degrees(s.Point)
		batch.Queue(importStation, s.Code, s.District, s.Revenue, s.Kind, s.NameEN, s.NameHI, s.Aliases, lat, lng).QueryRow(func(row pgx.Row) error {
			var fresh bool
			switch err := row.Scan(&fresh); {
			case errors.Is(err, pgx.ErrNoRows):
				i.staged.Same++
			case err != nil:
				return err
			case fresh:
				i.staged.New++
			default:
				i.staged.Changed++
			}
			return nil
		})
	}
	return failed("importing stations", i.tx.SendBatch(ctx, &batch).Close())
}
