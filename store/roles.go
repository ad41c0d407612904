package store

// Role is what an officer is at a station, in a district or in the state.
type Role string

// The roles, from the desk up.
const (
	DeskOfficer   Role = "desk_officer"
	SHO           Role = "sho"
	SDPO          Role = "sdpo"
	SP            Role = "sp"
	SCRB          Role = "scrb"
	Administrator Role = "administrator"
)

// Action is something an officer may do.
type Action string

// The actions.
const (
	ActAcknowledge Action = "acknowledge"
	ActView        Action = "view"
	ActBindGroup   Action = "bind_group"
)

// Allowed says whether a role may do an action, for a sensitive filing or an ordinary one.
func Allowed(a Action, r Role, sensitive bool) bool { return false }
