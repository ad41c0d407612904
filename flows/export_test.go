package flows

// What the stage of the transcripts needs, which knows the desk too and so is no part of this package.
var (
	OpenStore  = openStore
	ServicesOn = servicesOn
	Limits     = limits
)
