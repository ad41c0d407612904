// Package embedded starts the trial Postgres and the trial Redis of `make run` and of the tests: the programs that the
// system has, run and watched by this process, reached through Unix sockets only, with their data in one folder.
//
// A trial server never outlives the process that started it. Stop ends it in order; when the process is killed without
// a chance to stop anything, the kernel tells the server to shut down. Only one process at a time can use a folder, and
// a second one is told so. Data stays in the folder between runs, except with Options.Fast.
//
// Postgres refuses to run as root. Started by root, it therefore runs inside a user namespace in which root has another
// name; where the system forbids that (many containers do), it runs as the account postgres or nobody.
//
// A service in earnest sets DATABASE_URL and REDIS_URL and needs none of this.
package embedded
