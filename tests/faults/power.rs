//! The plug pulled at every moment: all that the node writes to its database is recorded, and every beginning of
//! that record is opened again, as a kill leaves it and as a power cut leaves it.

use std::collections::BTreeSet;
use std::path::Path;

use tests::founded::{found, id_of};
use tests::load::{Acknowledged, Seat};
use tests::node::Node;
use tests::{Folder, cli, copy, preload, skip};

/// Writes down, in order, what goes into the database's files: kind, file, offset, length, bytes.
const RECORDING: &str = r#"
#define _GNU_SOURCE
#include <dlfcn.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>
static int record = -1;
static pthread_mutex_t turn = PTHREAD_MUTEX_INITIALIZER;
__attribute__((constructor)) static void begin(void) {
    const char *path = getenv("RECORD_WRITES");
    if (path) record = open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
}
static int file_named(const char *path) {
    size_t n = strlen(path);
    const char *ends[] = { "reflow.sqlite", "reflow.sqlite-wal", "reflow.sqlite-journal" };
    for (int i = 0; i < 3; i++) {
        size_t m = strlen(ends[i]);
        if (n >= m && !strcmp(path + n - m, ends[i])) return i;
    }
    return -1;
}
static int file_of(int fd) {
    char link[64], path[4096];
    snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
    ssize_t n = readlink(link, path, sizeof path - 1);
    if (n < 0) return -1;
    path[n] = 0;
    return file_named(path);
}
static void note(uint8_t kind, int file, uint64_t at, uint64_t length, const void *bytes) {
    uint8_t head[18];
    head[0] = kind; head[1] = (uint8_t)file;
    memcpy(head + 2, &at, 8); memcpy(head + 10, &length, 8);
    struct iovec parts[2] = { { head, sizeof head }, { (void *)bytes, bytes ? length : 0 } };
    if (syscall(SYS_writev, record, parts, 2) < 0) abort();
}
#define RECORDED(kind, at, length, bytes, call) \
    int file = record < 0 ? -1 : file_of(fd); \
    if (file < 0) return call; \
    pthread_mutex_lock(&turn); \
    note(kind, file, at, length, bytes); \
    __typeof__(call) done = call; \
    pthread_mutex_unlock(&turn); \
    return done;
#define REAL(type, name) ((type)dlsym(RTLD_NEXT, name))
ssize_t pwrite(int fd, const void *b, size_t n, off_t at) {
    RECORDED('w', at, n, b, REAL(ssize_t (*)(int, const void *, size_t, off_t), "pwrite")(fd, b, n, at))
}
ssize_t pwrite64(int fd, const void *b, size_t n, off64_t at) {
    RECORDED('w', at, n, b, REAL(ssize_t (*)(int, const void *, size_t, off64_t), "pwrite64")(fd, b, n, at))
}
ssize_t write(int fd, const void *b, size_t n) {
    RECORDED('w', lseek(fd, 0, SEEK_CUR), n, b, REAL(ssize_t (*)(int, const void *, size_t), "write")(fd, b, n))
}
int ftruncate(int fd, off_t n) { RECORDED('t', n, 0, 0, REAL(int (*)(int, off_t), "ftruncate")(fd, n)) }
int ftruncate64(int fd, off64_t n) { RECORDED('t', n, 0, 0, REAL(int (*)(int, off64_t), "ftruncate64")(fd, n)) }
int fsync(int fd) { RECORDED('s', 0, 0, 0, REAL(int (*)(int), "fsync")(fd)) }
int fdatasync(int fd) { RECORDED('s', 0, 0, 0, REAL(int (*)(int), "fdatasync")(fd)) }
int unlink(const char *path) {
    int file = record < 0 ? -1 : file_named(path);
    if (file < 0) return REAL(int (*)(const char *), "unlink")(path);
    pthread_mutex_lock(&turn);
    note('u', file, 0, 0, 0);
    int done = REAL(int (*)(const char *), "unlink")(path);
    pthread_mutex_unlock(&turn);
    return done;
}
"#;

const FILES: [&str; 3] = ["reflow.sqlite", "reflow.sqlite-wal", "reflow.sqlite-journal"];
const SECTOR: usize = 512;

/// One thing that was done to a file.
#[derive(Debug, Clone)]
enum Done {
    Write(u64, Vec<u8>),
    Truncate(u64),
    Sync,
    Unlink,
}

/// A recorded step, and where the record stood after it.
#[derive(Debug)]
struct Step {
    file: usize,
    done: Done,
    upto: usize,
}

fn steps(record: &[u8]) -> Vec<Step> {
    let number = |at: usize| u64::from_le_bytes(record[at..at + 8].try_into().expect("eight bytes"));
    let (mut at, mut steps) = (0, Vec::new());
    while at < record.len() {
        let (kind, file, offset, length) = (record[at], record[at + 1], number(at + 2), number(at + 10));
        at += 18;
        let done = match kind {
            b'w' => {
                let bytes = record[at..at + length as usize].to_vec();
                at += length as usize;
                Done::Write(offset, bytes)
            }
            b't' => Done::Truncate(offset),
            b's' => Done::Sync,
            _ => Done::Unlink,
        };
        steps.push(Step { file: file.into(), done, upto: at });
    }
    steps
}

/// The database's files as a disk has them.
#[derive(Clone)]
struct Disk([Option<Vec<u8>>; 3]);

impl Disk {
    fn of(folder: &Path) -> Disk {
        Disk(FILES.map(|name| std::fs::read(folder.join(name)).ok()))
    }

    fn does(&mut self, file: usize, done: &Done) {
        let bytes = &mut self.0[file];
        match done {
            Done::Write(at, new) => {
                let (bytes, at) = (bytes.get_or_insert_default(), *at as usize);
                bytes.resize(bytes.len().max(at + new.len()), 0);
                bytes[at..at + new.len()].copy_from_slice(new);
            }
            Done::Truncate(length) => bytes.get_or_insert_default().resize(*length as usize, 0),
            Done::Sync => {}
            Done::Unlink => *bytes = None,
        }
    }

    fn write_to(&self, folder: &Path) {
        let _ = std::fs::remove_file(folder.join("reflow.sqlite-shm"));
        for (name, bytes) in FILES.iter().zip(&self.0) {
            match bytes {
                Some(bytes) => std::fs::write(folder.join(name), bytes).expect("a file"),
                None => drop(std::fs::remove_file(folder.join(name))),
            }
        }
    }
}

/// What a power cut after so many steps leaves: everything that was confirmed; of the rest some of it, in any
/// order, the last of it torn within.
fn cut(start: &Disk, steps: &[Step], seed: u64) -> Disk {
    let mut random = seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1;
    let mut coin = || {
        random ^= random << 13;
        random ^= random >> 7;
        random ^= random << 17;
        random & 1 == 1
    };
    let confirmed = |n: usize, file: usize| {
        let later = steps[n..].iter();
        later.clone().any(|step| step.file == file && matches!(step.done, Done::Sync))
    };
    let mut disk = start.clone();
    for (n, step) in steps.iter().enumerate() {
        match &step.done {
            _ if confirmed(n, step.file) => disk.does(step.file, &step.done),
            Done::Write(at, bytes) => {
                for (n, sector) in bytes.chunks(SECTOR).enumerate() {
                    if coin() {
                        disk.does(step.file, &Done::Write(at + (n * SECTOR) as u64, sector.to_vec()));
                    }
                }
            }
            // A file system keeps the order of what happens to names and lengths.
            done => disk.does(step.file, done),
        }
    }
    disk
}

/// A run of a node that is recorded: what was there before, each step, and where the record stood when each
/// command had been answered.
fn record(
    data: &Folder,
    library: &tests::founded::Library,
    known: &Acknowledged,
) -> Option<(Vec<Step>, Vec<usize>)> {
    let log = data.join("record");
    let (preload, record) = (preload(data, RECORDING)?, format!("RECORD_WRITES={}", log.display()));
    let node = Node::serve_under(&["env", &preload, &record], &data.0);
    let seat = Seat::take(&node, library);
    let length = || std::fs::metadata(&log).expect("a record").len() as usize;
    let mut answered = Vec::new();
    for n in 1..=8 {
        let (status, receipt) =
            seat.send(&node.base, &seat.command(&id_of(n), 1 + n as usize)).expect("an answer");
        assert_eq!(status, 200, "{receipt}");
        known.note(&id_of(n), &receipt, 1);
        answered.push(length());
    }
    // Its end is in the record too: then all goes from the log into the database itself.
    node.ask_to_stop();
    assert_eq!(node.ended(), Some(0));
    Some((steps(&std::fs::read(&log).expect("a record")), answered))
}

#[test]
fn whatever_reached_the_disk_is_a_journal() {
    let data = Folder::new("power");
    let library = found(&data.0, None);
    let start = Disk::of(&data.0);
    let known = Acknowledged::default();
    let Some((steps, answered)) = record(&data, &library, &known) else {
        return skip("whatever_reached_the_disk_is_a_journal", "gcc is not installed");
    };
    let count = |wanted: fn(&Done) -> bool| steps.iter().filter(|step| wanted(&step.done)).count();
    assert!(count(|done| matches!(done, Done::Sync)) > answered.len(), "{steps:?}");
    let place = Folder::new("power-again");
    std::fs::remove_dir(&place.0).expect("an empty folder");
    copy(&data.0, &place.0);
    let mut verified = BTreeSet::new();
    let mut killed = start.clone();
    for n in 0..steps.len() {
        killed.does(steps[n].file, &steps[n].done);
        let promised = answered.iter().filter(|upto| **upto <= steps[n].upto).count();
        let disks =
            [killed.clone(), cut(&start, &steps[..=n], n as u64), cut(&start, &steps[..=n], !n as u64)];
        for (how, disk) in ["killed", "cut", "cut"].into_iter().zip(disks) {
            disk.write_to(&place.0);
            let found = known.among(&place.0);
            assert!(found >= promised, "{how} after step {n}: {found} of {promised} commands");
            // Everything about such a journal is looked at once for each length of it and each way to lose.
            if verified.insert((how, found, killed.0[1].is_some())) {
                let said = cli(&place.0, None, &["verify"]).ok();
                assert!(said.out.contains(", 0 differences"), "{how} after step {n}: {}", said.out);
                cli(&place.0, None, &["doctor"]).ok();
            }
        }
    }
    assert_eq!(known.among(&place.0), answered.len());
}
