package store

import (
	"context"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"nagrik/store/embedded/testdb"
)

// The queries that a turn, a button or a job makes. None may read a whole table
// that grows.
var hotQueries = map[string]struct {
	sql  string
	args []any
}{
	"Recall":           {recallChat, []any{[]byte("0123456789abcdef")}},
	"Verify":           {linkChat, []any{"c", []byte("p"), []byte("i"), []byte("0123456789abcdef"), "telegram", []byte("a")}},
	"waiting news":     {sendWaitingNews, []any{"c", []byte("0123456789abcdef")}},
	"Profile":          {readProfile, []any{"c"}},
	"File":             {insertFiling, fileArgs()},
	"CitizenFilings":   {citizenFilings, []any{"c"}},
	"ForCitizen":       {filingOfCitizen, []any{1}},
	"Content":          {filingByNumber, []any{"SH00000000000"}},
	"FilingOf":         {filingOf, []any{"SH00000000000", "c"}},
	"Timeline":         {timeline, []any{1}},
	"officer's filing": {officerFilingByID, []any{1, []byte("s")}},
	"by number":        {officerFilingByNumber, []any{"SH00000000000", []byte("s")}},
	"answered":         {answered, []any{1}},
	"Add":              {wasAdded, []any{1, "d"}},
	"lock":             {lockFiling, []any{1, "c"}},
	"tell":             {tellOfInformation, []any{1}},
	"edit":             {editCards, []any{1}},
	"lock for an act":  {lockForAct, []any{1}},
	"acting post":      {actingPost, []any{[]string{"sho"}, []string{"sho"}, 1, []byte("s")}},
	"last of a kind":   {lastOf, []any{1, "acknowledged", []byte("s")}},
	"last event":       {lastEvent, []any{1}},
	"act":              {changeFiling, []any{1, "acknowledged", false, false, "", ""}},
	"send on":          {sendOn, []any{1, "5140012", "5140"}},
	"send cards":       {sendCards, []any{1}},
	"register":         {insertFIR, []any{1, 2026, 1, false, false, "BNS 303(2)", time.Now(), []byte("p"), []byte("i"), []byte("d"), 1}},
	"who has a number": {holderOf, []any{"5140003", 2026, 1, false}},
	"FIR":              {firByKey, []any{"5140003", 2026, 1, false}},
	"FIRs":             {firsOfFiling, []any{1}},
	"InformantFIRs":    {firsOfCitizen, []any{"0123456789abcdef", 50}},
	"restrict FIRs":    {restrictFIRs, []any{1}},
	"certificates":     {certificates, []any{"SH00000000000"}},
	"ChatRoles":        {chatRolesAt, []any{[]byte("0123456789abcdef"), 1}},
	"tell a citizen":   {tellCitizen, []any{1}},
	"View":             {viewFiling, []any{[]string{"sho"}, []string{"sho"}, 1, []byte("s")}},
	"media":            {filingMedia, []any{1}},
	"received media":   {getMedia, []any{[]string{"m"}}},
	"receive media":    {putMedia, []any{"m", []byte("h"), "photo", "image/png", 1}},
	"audit":            {lastAudit, nil},
	"Posts":            {postsOfSender, []any{[]byte("s")}},
	"Redeem":           {useInvitation, []any{[]byte("c"), "officer"}},
	"redeemed before":  {redeemedBefore, []any{[]byte("c"), []byte("s")}},
	"BindGroup":        {binder, []any{[]byte("s"), "5140003", []string{"sho"}}},
	"Claim":            {claim, []any{1, []byte("t"), time.Minute}},
	"lock for a card":  {lockForCard, []any{1}},
	"Sent":             {markSent, []any{1, []byte("t"), "m", 1}},
	"Failed":           {markFailed, []any{1, []byte("t"), "busy", time.Minute}},
	"sweep":            {dueNotices, []any{10}},
	"sweep news":       {sendWaiting, []any{10}},
	"release":          {releaseCards, []any{"5140003", "", 10}},
	"storm":            {storm, []any{[]byte("0123456789abcdef"), "card", 5}},
	"gather":           {gather, []any{1, []byte("0123456789abcdef"), []byte("t"), time.Minute, 10}},
	"sent together":    {sentTogether, []any{1, []byte("0123456789abcdef"), []byte("t")}},
	"scatter":          {scatter, []any{1, []byte("0123456789abcdef"), []byte("t")}},
	"open listed":      {openListed, []any{[]string{"sho"}, []string{"sho"}, []byte("0123456789abcdef"), []byte("s"), 5}},
	"count listed":     {countListed, []any{[]string{"sho"}, []string{"sho"}, []byte("0123456789abcdef"), []byte("s")}},
	"digests":          {dueDigests, []any{10, time.Duration(0)}},
	"group digests":    {dueGroupDigests, []any{10, time.Duration(0)}},
	"claim a digest":   {claimDigest, []any{1, []byte("t"), time.Minute}},
	"drop digests":     {dropDigests, []any{[]byte("0123456789abcdef"), "blocked"}},
	"count a station":  {countOpen + ofStation + countGroups, []any{"5140003", "5140", true, officersClocks}},
	"count a district": {countOpen + ofDistrict + countGroups, []any{"", "5140", true, officersClocks}},
	"pressing":         {pressing + ofDistrict + mostPressing, []any{"", "5140", true, officersClocks}},
	"greet":            {greetWithDigest, []any{[]byte("0123456789abcdef"), "5140003", 1}},
	"release overdue":  {releaseOverdue, []any{"5140003", "", 10}},
	"vacate":           {vacateOverdue, []any{[]byte("0123456789abcdef"), "blocked"}},
	"strand":           {strandCards, []any{[]byte("0123456789abcdef"), "blocked"}},
	"move news":        {moveNews, []any{[]byte("0123456789abcdef"), "blocked"}},
	"due clocks":       {dueClocks, []any{10}},
	"due clock":        {lockDueClock, []any{1, "acknowledge"}},
	"end clocks":       {endClocks, []any{1, []string{"acknowledge"}, false}},
	"pause clocks":     {pauseClocks, []any{1, []string{"enquiry"}}},
	"resume clocks":    {resumeClocks, []any{1}},
	"tell a seat":      {tellSeat, []any{1, "sho", "acknowledge"}},
	"wake nobody":      {byDay, []any{1, 2}},
	"changed since":    {changedSince, []any{1, 2, clockEvents}},
	"RecallDraft":      {recallDraft, []any{[]byte("k")}},
	"KeepDrafts":       {keepDraft, []any{[]byte("k"), "telegram", []byte("a"), []byte("c"), "complaint", []byte("s"), time.Now()}},
	"DueReminders":     {dueReminders, []any{10}},
	"RolesAt":          {rolesAt, []any{1, []byte("s")}},
	"CardAt":           {cardAt, []any{[]byte("0123456789abcdef"), "m"}},
	"Expire":           {retention[0].sql, []any{10}},
	"old drafts":       {retention[2].sql, []any{10}},
	"stray media":      {lockStray, []any{"m"}},
	"names":            {insertNames, []any{"SH00000000000", [][]byte{}}},
	"list of new":      {listFilings(ListNew), listArgs()},
	"list of mine":     {listFilings(ListMine), listArgs()},
	"list of overdue":  {listFilings(ListOverdue), listArgs()},
	"searcher":         {searcher, []any{[]byte("s"), []string{"sho"}}},
	"search":           {searchFilings, append(listArgs(), 9, "SH00000000000", []string{"imei"}, [][]byte{{1}}, []byte("p"))},
	"search a name":    {searchNames, append(listArgs(), 9, []int{0}, [][]byte{{1}}, 1, 3000)},
	"search records":   {searchRecords, []any{9, "BM00000000000", []string{"imei"}, [][]byte{{1}}, []int{0}, [][]byte{{1}}, 1, 3000}},
	"newest records":   {listedNewest, append(recordArgs(), 0, 6)},
	"in a district":    {listedInDistrict, append(recordArgs(), 0, 6)},
	"by identifier":    {listedByIdentifier, append(recordArgs(), 0, 6, []string{"imei"}, [][]byte{{1}})},
	"by name":          {listedByName, append(recordArgs(), 0, 6, []int{0}, [][]byte{{1}}, 1, "राजू", 300)},
	"newest listed":    {newestListed, recordArgs()},
	"listed record":    {listedByNumber, []any{"BM00000000000"}},
	"record's post":    {recordPost, []any{[]byte("s"), []string{"sho"}, "5140003", ""}},
	"record":           {recordByNumber, []any{"BM00000000000"}},
	"record's source":  {recordBySource, []any{"recovered", "desk:d"}},
	"FIRs before":      {firsBefore, []any{[]string{"5140003"}, []int{2026}, []int{1}, []bool{false}}},
	"imported before":  {importedBefore, []any{"recovered", []string{"import:1"}}},
	"lock a record":    {lockRecord, []any{"BM00000000000"}},
	"record's files":   {recordMedia, []any{1}},
	"correct a record": {forgetRecordIdentifiers, []any{1}},
	"correct names":    {forgetRecordNames, []any{1}},
	"correct files":    {forgetRecordMedia, []any{1}},
	"match later":      {recordsDue, []any{[]int64{1}}},
	"filing to match":  {filingDue, []any{[]int64{1}}},
	"sweep matching":   {lostDue, []any{10}},
	"matched":          {doneDue, []any{1, 0, 1}},
	"filings' sides":   {sideOfFiling, []any{[]int64{1}}},
	"records' sides":   {sideOfRecord, []any{[]int64{1}}},
	"what was added":   {addedNotes, []any{[]int64{1}}},
	"forget features":  {forgetFeatures, []any{1, 0}},
	"same number":      {sameNumber, []any{[]string{"imei"}, [][]byte{{1}}, true, 1, 10}},
	"candidates":       {candidates, candidateArgs()},
	"propose":          {insertMatch, []any{1, 0, 0, 1, 0, true, false, false, 7.0, []string{"age"}}},
	"send a match":     {sendMatch, []any{1}},
	"release matches":  {releaseMatches, []any{"5140003", "", 10}},
	"vacate matches":   {vacateMatches, []any{[]byte("0123456789abcdef"), "blocked"}},
	"match's post":     {matchPost, []any{[]string{"sho"}, []string{"sho"}, 1, []byte("s")}},
	"match":            {readMatch, []any{1}},
	"officer's match":  {officerMatch, []any{[]string{"sho"}, []string{"sho"}, 1, []byte("s")}},
	"open matches":     {openMatches, []any{[]string{"sho"}, []string{"sho"}, 30, []byte("s")}},
	"tell a decision":  {tellOfDecision, []any{1, []byte("0123456789abcdef"), true}},
	"tell by day":      {tellByDay, []any{1, time.Hour}},
	"claim a match":    {claimMatch, []any{1, []byte("t"), time.Minute}},
	"match sent":       {matchSent, []any{1, []byte("t"), "m"}},
	"late decision":    {lateDecision, []any{1, "proposed"}},
	"administrator":    {administratorPost, []any{[]byte("s"), []string{"administrator"}}},
	"statistician":     {statistician, []any{[]byte("s"), []string{"sho"}, "5140003", ""}},
	"days of station":  {filingsADay(inStation), []any{"5140003", 30}},
	"days of district": {filingsADay(inWholeDistrict), []any{"5140", 30}},
	"days of state":    {filingsADay(inState), []any{"", 30}},
	"counted":          {counted, []any{"5140", StatisticsAge}},
	"due count":        {dueCount, []any{StatisticsAge, []string{"sp", "scrb"}}},
	"open in station":  {openByPlace(inStation, `''`), []any{"5140003", []float64{1, 3}}},
	"open in district": {openByPlace(inDistrict, `coalesce(f.station, '')`), []any{"5140", []float64{1, 3}}},
	"open in state":    {openByPlace(inState, `f.district`), []any{"", []float64{1, 3}}},
	"taken in station": {takenByPlace(inStation, `''`), []any{"5140003", 30}},
	"taken in state":   {takenByPlace(inState, `f.district`), []any{"", 30}},
	"Last":             {lastFiling, []any{"c", "verification"}},
	"FileTip":          {insertTip, append([]any{"tip:c", "5140003", "", "GS00000000000", false, []byte("d"), []byte("a")}, append(mediaArgs(nil), []string{}, []time.Duration{}, []time.Duration{})...)},
	"TipByCode":        {tipByCode, []any{"tip:c"}},
	"AddToTip":         {addTipEvent, []any{1, 3, "answer", "d", []byte("n")}},
	"tip's media":      {putTipMedia, []any{"m", []byte("h"), "photo", "image/png", 1}},

	"tell phones":     {tellPhones, []any{1, "alarm", [][]byte{[]byte("0123456789abcdef")}, "1", nil, true}},
	"waiting to":      {sendWaitingTo, []any{"c", []byte("0123456789abcdef")}},
	"waiting here":    {sendWaitingHere, []any{[]byte("0123456789abcdef")}},
	"move phones":     {movePhones, []any{[]byte("0123456789abcdef"), "blocked"}},
	"hurry":           {hurryCheckins, []any{[]byte("0123456789abcdef"), time.Minute}},
	"due check-ins":   {dueCheckins, []any{time.Minute, 10}},
	"lock check-in":   {lockCheckin, []any{1, "return", time.Minute}},
	"ask":             {askPhone, []any{1, "return", "ask_return"}},
	"stop asking":     {stopAsking, []any{1, []string{"ask_return"}}},
	"stop all asking": {stopAllAsking, []any{1}},
	"family":          {familyPhones, []any{1, "return"}},
	"tell station":    {tellStation, []any{1, "alarm", 3}},
	"station event":   {stationEvent, []any{1, []string{"help_wanted"}}},
	"which event":     {lastStationEvent, []any{1, []string{"help_wanted"}, "help_wanted"}},
	"alarm reached":   {alarmReached, []any{1, true}},
	"relieved":        {relieved, []any{1}},
	"Registration":    {registrationOf, []any{"c"}},
	"ConsentAsked":    {consentAsked, []any{"c", "VN00000000000"}},
	"Journey":         {journeyOf, []any{"c"}},
	"Greeted":         {greetedFiling, []any{"c"}},
	"VisitList":       {visitList, []any{"5140003", time.Minute, 10}},
	"Relatives":       {relativesOf, []any{1}},
	"Elders":          {eldersOf, []any{"c"}},
	"AskRelative":     {askable, []any{[]byte("p"), "c"}},
	"OpenAsks":        {openAsks, nil},
	"Heard":           {hear, []any{1, []byte("h")}},
}

func candidateArgs() []any {
	day := time.Date(2026, 3, 1, 0, 0, 0, 0, time.UTC)
	return []any{"person", false, "man", 20, 30, []string{"5140"}, day, day, day, day, day, [][]byte{{1}}, 150, 400, 150, 100}
}

func listArgs() []any { return []any{[]byte("s"), []string{"sho"}, []string{"sho"}} }

func recordArgs() []any { return RecordSearch{Kind: RecordBody, District: "5140"}.filters() }

func fileArgs() []any {
	args := []any{
		"d", "c", "complaint", []byte("h"), false, "5140003", "5140", false,
		"SH00000000000", []byte("0123456789abcdef"), "telegram", "hi", false, []byte("d"), []byte("a"), []byte("p"),
		[]string{},
		[][]byte{},
	}
	return append(append(args, mediaArgs(nil)...), []string{}, []time.Duration{}, []time.Duration{}, false)
}

var scan = regexp.MustCompile(`Seq Scan on (\w+)`)

func plan(ctx context.Context, t *testing.T, conn *pgx.Conn, sql string, args []any) string {
	t.Helper()
	rows, err := conn.Query(ctx, "explain "+sql, args...)
	if err != nil {
		t.Fatal(err)
	}
	lines, err := pgx.CollectRows(rows, pgx.RowTo[string])
	if err != nil {
		t.Fatal(err)
	}
	return strings.Join(lines, "\n")
}

// TestQueriesUseIndexes asks Postgres for its plans with whole reads made so
// dear that only a query without a fitting index has one.
func TestQueriesUseIndexes(t *testing.T) {
	t.Parallel()
	ctx := t.Context()
	conn, err := pgx.Connect(ctx, testdb.Database(t))
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = conn.Close(context.WithoutCancel(ctx)) }()
	if _, err := conn.Exec(ctx, `set enable_seqscan = off`); err != nil {
		t.Fatal(err)
	}
	for name, q := range hotQueries {
		p := plan(ctx, t, conn, q.sql, q.args)
		for _, table := range scan.FindAllStringSubmatch(p, -1) {
			t.Errorf("%s reads all of %s:\n%s", name, table[1], p)
		}
	}
	// The test itself must be able to fail.
	if p := plan(ctx, t, conn, `select 1 from filings where lang = 'hi'`, nil); !scan.MatchString(p) {
		t.Errorf("a query without an index is not found:\n%s", p)
	}
}
