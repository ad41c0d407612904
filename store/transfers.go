package store

import (
	"context"
	"errors"

	"github.com/jackc/pgx/v5"
)

// stays is, in SQL, that a filing is not on its way to another station any more.
const stays = `, to_station = null, to_district = null, before_transfer = null`

const (
	moved = `update filings f set ver = ver + 1, updated_at = now(), `

	// sendOn puts filing $1 on its way to station $2 in district $3. From now on it
	// is for that station to say yes or no in time.
	sendOn = moved + `status = 'transferred', before_transfer = f.status, to_station = $2, to_district = $3
		where id = $1 returning ` + filingColumns

	takeOver = moved + `status = 'acknowledged', station = f.to_station, district = f.to_district` + stays + `
		where id = $1 returning ` + filingColumns

	// sendBack leaves filing $1 where and as it was.
	sendBack = moved + `status = f.before_transfer` + stays + `
		where id = $1 returning ` + filingColumns

	// assign gives filing $1, which has no station, to station $2.
	assign = moved + `status = 'sent', station = $2 where id = $1 returning ` + filingColumns

	beforeTransfer = `select before_transfer from filings where id = $1`

	districtOf = `select district from stations where code = $1`

	// sendCards makes cards of filing $1 for the station that it goes to. A chat that
	// has one gets it anew.
	sendCards = `
		with audience as (
			select f.id, f.ver, f.urgent, a.chat from filings f left join lateral (` + cardAudience + `) a on true where f.id = $1
		), waiting as (
			delete from notices n using audience a where n.filing = a.id and n.kind = 'card' and n.state = 'waiting' and a.chat is not null
		), card as (
			insert into notices (kind, urgent, chat, filing, ver, state, dedupe_key)
			select 'card', a.urgent, a.chat, a.id, a.ver, case when a.chat is null then 'waiting' else 'pending' end,
				'card:' || a.id || ':' || coalesce(encode(a.chat, 'hex'), 'waiting')
			from audience a
			on conflict (dedupe_key) do update set state = excluded.state, ver = excluded.ver, attempt = 0, reason = '', next_at = now()
				where notices.state in ('failed', 'sent')
			returning id, urgent, state
		)
		select id, urgent from card where state = 'pending'`
)

// change is what a step makes of a filing: the statement that makes its next
// version, and the event of that.
type change struct {
	sql   string
	args  []any
	event string
	other string // the other station of a transfer
	moves bool   // officers who had no card get one
	back  Status // that a filing comes back to which was sent back
}

// changeBy works out what a step makes of a filing; ok is false if the step lacks
// what it needs.
func changeBy(ctx context.Context, tx pgx.Tx, f Filing, r rule, st Step) (c change, ok bool, err error) {
	c = change{event: r.event}
	switch st.Action {
	case ActRegister:
		if st.FIR == nil || f.Station == "" {
			return c, false, nil
		}
		fir, zero := FIRKey{Year: st.FIR.Year, Number: st.FIR.Number}.Text(), ""
		if st.FIR.Zero {
			fir, zero = zero, fir
		}
		c.sql, c.args, c.moves = changeFiling, []any{f.ID, r.to, false, st.FIR.Restricted, fir, zero}, st.FIR.Restricted && !f.Sensitive
	case ActTransfer:
		var district string
		err := tx.QueryRow(ctx, districtOf, st.To).Scan(&district)
		if errors.Is(err, pgx.ErrNoRows) || st.To == f.Station {
			return c, false, nil
		}
		if err != nil {
			return c, false, failed("finding a station", err)
		}
		c.other, c.moves = st.To, true
		// A filing that was made to the district has no station yet, and only those above the stations
		// see it. To which of theirs it belongs is for them to say, as an order: there is nobody who
		// could keep it if the station refused. It has to acknowledge it like any new filing.
		if f.Station == "" && district == f.District {
			c.sql, c.args, c.event = assign, []any{f.ID, st.To}, Assigned
			break
		}
		c.sql, c.args = sendOn, []any{f.ID, st.To, district}
	case ActTakeOver:
		c.sql, c.args, c.other = takeOver, []any{f.ID}, f.Station
	case ActSendBack:
		if err := tx.QueryRow(ctx, beforeTransfer, f.ID).Scan(&c.back); err != nil {
			return c, false, failed("finding a filing's status before", err)
		}
		c.sql, c.args, c.other, c.moves = sendBack, []any{f.ID}, f.To, true
	default:
		c.sql, c.args = changeFiling, []any{f.ID, r.to, r.ends, st.Action == ActRestrict, "", ""}
		c.moves = st.Action == ActRestrict // from a group to the SHO
	}
	return c, true, nil
}
