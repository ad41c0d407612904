package media

import (
	"bufio"
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"
)

// TestMain lets the test binary play the writer that TestKilledWriter kills.
func TestMain(m *testing.M) {
	if dir := os.Getenv("MEDIA_TEST_WRITE_TO"); dir != "" {
		if err := writeUntilKilled(dir); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
	}
	os.Exit(m.Run())
}

// fakeS3 is an object store that knows objects by path, checks the hash of what
// it is sent, and answers as S3 does.
type fakeS3 struct {
	mu      sync.Mutex
	objects map[string][]byte
	refuse  string // error code for every request
}

func (s *fakeS3) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	s.mu.Lock()
	defer s.mu.Unlock()
	fail := func(status int, code string) {
		w.WriteHeader(status)
		fmt.Fprintf(w, "<Error><Code>%s</Code><Message>no</Message></Error>", code)
	}
	body, err := io.ReadAll(r.Body)
	sum := sha256.Sum256(body)
	switch name := r.URL.Path; {
	case err != nil:
		fail(http.StatusBadRequest, "IncompleteBody")
	case s.refuse != "":
		fail(http.StatusForbidden, s.refuse)
	case !strings.HasPrefix(r.Header.Get("Authorization"), "AWS4-HMAC-SHA256 Credential=key/"):
		fail(http.StatusForbidden, "InvalidAccessKeyId")
	case r.URL.Query().Has("location"):
		fmt.Fprint(w, "<LocationConstraint>ap-south-1</LocationConstraint>")
	case r.Method == http.MethodPut && r.Header.Get("X-Amz-Content-Sha256") != hex.EncodeToString(sum[:]):
		fail(http.StatusBadRequest, "XAmzContentSHA256Mismatch")
	case r.Method == http.MethodPut:
		s.objects[name] = body
		w.Header().Set("ETag", `"1"`)
	case r.Method == http.MethodDelete:
		delete(s.objects, name)
		w.WriteHeader(http.StatusNoContent)
	case r.Method == http.MethodGet && s.objects[name] == nil:
		fail(http.StatusNotFound, "NoSuchKey")
	case r.Method == http.MethodGet:
		w.Header().Set("ETag", `"1"`)
		w.Header().Set("Last-Modified", "Thu, 01 Jan 2026 00:00:00 GMT")
		w.Write(s.objects[name])
	default:
		fail(http.StatusMethodNotAllowed, "MethodNotAllowed")
	}
}

func newS3(t testing.TB, query string) (*fakeS3, Bucket) {
	t.Helper()
	fake := &fakeS3{objects: map[string][]byte{}}
	server := httptest.NewServer(fake)
	t.Cleanup(server.Close)
	bucket, err := OpenBucket("s3://key:s%2Fcret@" + strings.TrimPrefix(server.URL, "http://") + query)
	if err != nil {
		t.Fatal(err)
	}
	return fake, bucket
}

func TestBuckets(t *testing.T) {
	inFolder, err := OpenBucket("file://" + t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	_, inS3 := newS3(t, "/evidence?region=ap-south-1&insecure=true")
	_, underPrefix := newS3(t, "/evidence/patna/2026?insecure=true")
	for name, bucket := range map[string]Bucket{"folder": inFolder, "s3": inS3, "s3 with a prefix": underPrefix} {
		t.Run(name, func(t *testing.T) {
			ctx := t.Context()
			if _, err := bucket.Get(ctx, "originals/ab/abc"); !errors.Is(err, ErrNotFound) {
				t.Fatalf("getting what is not there: %v", err)
			}
			if err := bucket.Delete(ctx, "originals/ab/abc"); err != nil {
				t.Fatalf("deleting what is not there: %v", err)
			}
			for _, data := range [][]byte{[]byte("first"), bytes.Repeat([]byte("long"), 1<<20), []byte("short")} {
				if err := bucket.Put(ctx, "originals/ab/abc", data); err != nil {
					t.Fatal(err)
				}
				if got, err := bucket.Get(ctx, "originals/ab/abc"); err != nil || !bytes.Equal(got, data) {
					t.Fatalf("put %d bytes, got %d, %v", len(data), len(got), err)
				}
			}
			if _, err := bucket.Get(ctx, "originals/ab/abd"); !errors.Is(err, ErrNotFound) {
				t.Fatalf("getting a neighbour: %v", err)
			}
			if err := bucket.Delete(ctx, "originals/ab/abc"); err != nil {
				t.Fatal(err)
			}
			if _, err := bucket.Get(ctx, "originals/ab/abc"); !errors.Is(err, ErrNotFound) {
				t.Fatalf("getting what was deleted: %v", err)
			}
			cancelled, cancel := context.WithCancel(ctx)
			cancel()
			if err := bucket.Put(cancelled, "originals/ab/abc", nil); !errors.Is(err, context.Canceled) {
				t.Errorf("put after cancelling: %v", err)
			}
		})
	}
}

func TestS3KeyFromTheEnvironment(t *testing.T) {
	server := httptest.NewServer(&fakeS3{objects: map[string][]byte{}})
	t.Cleanup(server.Close)
	t.Setenv("AWS_ACCESS_KEY_ID", "key")
	t.Setenv("AWS_SECRET_ACCESS_KEY", "secret")
	bucket, err := OpenBucket("s3://" + strings.TrimPrefix(server.URL, "http://") + "/evidence?region=ap-south-1&insecure=true")
	if err != nil {
		t.Fatal(err)
	}
	if err := bucket.Put(t.Context(), "a/b", []byte("x")); err != nil {
		t.Error(err)
	}
}

func TestLibraryInS3(t *testing.T) {
	fake, bucket := newS3(t, "/evidence?region=ap-south-1&insecure=true")
	l := New(bucket, newKeys(t))
	photo := jpegOf(t, quarters(64, 32))
	item := take(t, l, photo, "image/jpeg")
	if again := take(t, l, photo, "image/jpeg"); again != item || len(fake.objects) != 1 {
		t.Errorf("%d objects for one photo", len(fake.objects))
	}
	if _, data, err := l.Original(t.Context(), item.ID); err != nil || !bytes.Equal(data, photo) {
		t.Error(err)
	}
	if _, _, err := l.Display(t.Context(), item.ID); err != nil || len(fake.objects) != 2 {
		t.Errorf("%d objects, %v", len(fake.objects), err)
	}
	for name, data := range fake.objects {
		if !strings.HasPrefix(name, "/evidence/") || bytes.Contains(data, []byte("JFIF")) || bytes.Contains(data, []byte("\xff\xd8\xff")) {
			t.Errorf("readable: %s", name)
		}
	}
	if err := l.Forget(t.Context(), item.ID); err != nil || len(fake.objects) != 0 {
		t.Errorf("%d objects left, %v", len(fake.objects), err)
	}
}

func TestS3RefusalIsNeitherAbsenceNorALeak(t *testing.T) {
	fake, bucket := newS3(t, "/evidence?region=ap-south-1&insecure=true")
	l := New(bucket, newKeys(t))
	item := take(t, l, jpegOf(t, quarters(64, 32)), "image/jpeg")
	for _, code := range []string{"AccessDenied", "NoSuchBucket"} {
		fake.refuse = code
		_, errTake := l.Take(t.Context(), bytes.NewReader(jpegOf(t, quarters(8, 8))), "image/jpeg")
		_, _, errRead := l.Original(t.Context(), item.ID)
		for _, err := range []error{errTake, errRead, l.Forget(t.Context(), item.ID)} {
			var refused *Refused
			if err == nil || errors.Is(err, ErrNotFound) || errors.As(err, &refused) {
				t.Errorf("%s: %v", code, err)
			} else if strings.Contains(err.Error(), "s/cret") || strings.Contains(err.Error(), "s%2Fcret") {
				t.Errorf("the error repeats the secret: %v", err)
			}
		}
	}
}

func TestOpenBucketSaysWhatIsWrong(t *testing.T) {
	inTheWay := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(inTheWay, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	for url, says := range map[string]string{
		"":                          "file:// or s3://",
		"/var/lib/media":            "file:// or s3://",
		"gs://bucket":               "file:// or s3://",
		"file://":                   "names no folder",
		"file://" + inTheWay + "/x": "making media folder",
		"s3://":                     "s3://KEY:SECRET@HOST/BUCKET",
		"s3://key:hush@host":        "s3://KEY:SECRET@HOST/BUCKET",
		"s3://key:hu/sh@host/b":     "s3://KEY:SECRET@HOST/BUCKET",
		"s3://key:hush%zz@host/b":   "s3://KEY:SECRET@HOST/BUCKET",
	} {
		_, err := OpenBucket(url)
		if err == nil || !strings.Contains(err.Error(), says) {
			t.Errorf("%s: %v", url, err)
		} else if strings.Contains(err.Error(), "hu") && strings.HasPrefix(url, "s3") {
			t.Errorf("the error repeats the secret: %v", err)
		}
	}
}

func TestRelativeFolder(t *testing.T) {
	t.Chdir(t.TempDir())
	bucket, err := OpenBucket("file://.data/media") // the default of a trial
	if err != nil {
		t.Fatal(err)
	}
	if err := bucket.Put(t.Context(), "a/b", []byte("x")); err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(".data/media/a/b"); err != nil {
		t.Error(err)
	}
}

func TestFolderIsNotLeft(t *testing.T) {
	outer := t.TempDir()
	bucket, err := OpenBucket("file://" + filepath.Join(outer, "media"))
	if err != nil {
		t.Fatal(err)
	}
	secret := filepath.Join(outer, "secret")
	if err := os.WriteFile(secret, []byte("x"), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink(secret, filepath.Join(outer, "media", "link")); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"../secret", "originals/../../secret", secret, "link"} {
		if data, err := bucket.Get(t.Context(), name); err == nil {
			t.Errorf("%s read %q", name, data)
		}
	}
	if err := bucket.Put(t.Context(), "../secret", []byte("y")); err == nil {
		t.Error("written outside")
	}
	if err := bucket.Delete(t.Context(), "../secret"); err == nil {
		t.Error("deleted outside")
	}
	if data, err := os.ReadFile(secret); err != nil || string(data) != "x" {
		t.Errorf("the file outside is %q, %v", data, err)
	}
}

func TestCrashBeforeRenameLeavesNothingToRead(t *testing.T) {
	dir := t.TempDir()
	f, err := openFolder(dir)
	if err != nil {
		t.Fatal(err)
	}
	temp, err := f.write([]byte("written, not yet named")) // and here the machine stops
	if err != nil {
		t.Fatal(err)
	}
	if _, err := f.Get(t.Context(), "originals/ab/abc"); !errors.Is(err, ErrNotFound) {
		t.Errorf("got %v", err)
	}
	if _, err := openFolder(dir); err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(filepath.Join(dir, temp)); err != nil {
		t.Errorf("a young file was swept: another replica may be writing it (%v)", err)
	}
	old := time.Now().Add(-2 * staleAfter)
	if err := os.Chtimes(filepath.Join(dir, temp), old, old); err != nil {
		t.Fatal(err)
	}
	if _, err := openFolder(dir); err != nil {
		t.Fatal(err)
	}
	if left := files(t, dir); len(left) != 0 {
		t.Errorf("left: %v", left)
	}
}

func TestFailedPutLeavesTheOldObject(t *testing.T) {
	dir := t.TempDir()
	f, err := openFolder(dir)
	if err != nil {
		t.Fatal(err)
	}
	if err := f.Put(t.Context(), "a/b", []byte("old")); err != nil {
		t.Fatal(err)
	}
	if err := f.Put(t.Context(), "a/b/c", []byte("under a file")); err == nil {
		t.Fatal("put under a file")
	}
	if left := files(t, dir); len(left) != 1 {
		t.Errorf("left: %v", left)
	}
	if data, err := f.Get(t.Context(), "a/b"); err != nil || string(data) != "old" {
		t.Errorf("%q, %v", data, err)
	}
}

// content of the i-th object that the killed writer puts: long enough to be
// written in several steps, and its name tells it.
func content(i int) (name string, data []byte) {
	name = fmt.Sprintf("originals/%02x/%d", i%4, i%16)
	return name, bytes.Repeat([]byte{byte(i % 16)}, 300_000+i%16)
}

func writeUntilKilled(dir string) error {
	f, err := openFolder(dir)
	if err != nil {
		return err
	}
	for i := 0; ; i++ {
		name, data := content(i)
		if err := f.Put(context.Background(), name, data); err != nil {
			return err
		}
		fmt.Println(i)
	}
}

// TestKilledWriter kills a process that writes all the time: what it said to be
// stored is there, and every object is whole.
func TestKilledWriter(t *testing.T) {
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	for puts := range 6 {
		dir := t.TempDir()
		cmd := exec.Command(self)
		cmd.Env = append(os.Environ(), "MEDIA_TEST_WRITE_TO="+dir)
		out, err := cmd.StdoutPipe()
		if err != nil {
			t.Fatal(err)
		}
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		acknowledged := 0
		for lines := bufio.NewScanner(out); acknowledged <= 3*puts && lines.Scan(); {
			acknowledged++
		}
		if err := cmd.Process.Kill(); err != nil {
			t.Fatal(err)
		}
		if err := cmd.Wait(); err == nil || acknowledged <= 3*puts {
			t.Fatalf("the writer stopped by itself after %d puts: %v", acknowledged, err)
		}
		f, err := openFolder(dir)
		if err != nil {
			t.Fatal(err)
		}
		for i := range 16 {
			name, want := content(i)
			got, err := f.Get(t.Context(), name)
			if errors.Is(err, ErrNotFound) && i >= acknowledged {
				continue
			}
			if err != nil || !bytes.Equal(got, want) {
				t.Errorf("object %d of %d acknowledged: %d bytes of %d, %v", i, acknowledged, len(got), len(want), err)
			}
		}
	}
}
