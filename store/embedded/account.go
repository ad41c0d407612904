package embedded

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"os/user"
	"strconv"
	"syscall"
)

// account is under whose name a server runs. Which one it is, is written in the owner of its files.
type account struct {
	mode     mode
	uid, gid int
}

type mode string

const (
	itself    mode = "as the caller"
	namespace mode = "in a user namespace" // root is called uid there; files stay root's
	switched  mode = "as another account"  // files belong to uid
)

// attributes returns how to start a process under the account.
func (a account) attributes() *syscall.SysProcAttr {
	switch a.mode {
	case namespace:
		return &syscall.SysProcAttr{
			Cloneflags:  syscall.CLONE_NEWUSER,
			UidMappings: []syscall.SysProcIDMap{{ContainerID: a.uid, HostID: os.Getuid(), Size: 1}},
			GidMappings: []syscall.SysProcIDMap{{ContainerID: a.gid, HostID: os.Getgid(), Size: 1}},
		}
	case switched:
		return &syscall.SysProcAttr{Credential: &syscall.Credential{Uid: uint32(a.uid), Gid: uint32(a.gid)}}
	default:
		return &syscall.SysProcAttr{}
	}
}

// own gives a folder to the account.
func (a account) own(dir string) error {
	if a.mode != switched {
		return nil
	}
	return os.Chown(dir, a.uid, a.gid)
}

// works reports why a program cannot be run under the account with dir as its working folder, or nil.
func (a account) works(ctx context.Context, program, dir string) error {
	cmd := exec.Command(program, "--version")
	cmd.Dir = dir
	return run(ctx, cmd, a)
}

// serverAccount finds an account for Postgres when the caller is root. It must be one of the password file, because
// initdb asks for its name.
func serverAccount() (uid, gid int, err error) {
	for _, name := range []string{"postgres", "nobody"} {
		u, err := user.Lookup(name)
		if err != nil {
			continue
		}
		uid, err1 := strconv.Atoi(u.Uid)
		gid, err2 := strconv.Atoi(u.Gid)
		if err := errors.Join(err1, err2); err != nil {
			return 0, 0, fmt.Errorf("account %s: %w", name, err)
		}
		return uid, gid, nil
	}
	return 0, 0, errors.New("Postgres does not run as root, and there is no account postgres or nobody to run it")
}

// newAccount returns the first account under which program runs in dir.
func newAccount(ctx context.Context, program, dir string) (account, error) {
	if os.Geteuid() != 0 {
		return account{mode: itself}, nil
	}
	uid, gid, err := serverAccount()
	if err != nil {
		return account{}, err
	}
	var tried error
	for _, m := range []mode{namespace, switched} {
		as := account{mode: m, uid: uid, gid: gid}
		err := as.works(ctx, program, dir)
		if err == nil {
			return as, nil
		}
		tried = errors.Join(tried, fmt.Errorf("%s: %w", m, err))
	}
	return account{}, tried
}

// accountOf returns the account that made the data whose file is given: the same one has to run on it.
func accountOf(file os.FileInfo) (account, error) {
	stat, ok := file.Sys().(*syscall.Stat_t)
	if !ok {
		return account{}, errors.New("the file system tells no owners")
	}
	owner, me := int(stat.Uid), os.Geteuid()
	switch {
	case me != 0 && owner == me:
		return account{mode: itself}, nil
	case me != 0:
		return account{}, fmt.Errorf("the data belongs to account number %d, not to yours (%d); use that account, or another DATA_DIR", owner, me)
	case owner == 0:
		uid, gid, err := serverAccount()
		return account{mode: namespace, uid: uid, gid: gid}, err
	default:
		return account{mode: switched, uid: owner, gid: int(stat.Gid)}, nil
	}
}
