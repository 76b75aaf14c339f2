//! A disk that does not confirm: nothing is acknowledged, the node stops at once and tries nothing again.

use tests::founded::{found, id_of};
use tests::load::Seat;
use tests::node::Node;
use tests::{Folder, cli, preload, skip};

/// Lets fsync fail as soon as a file is there.
const FAILING: &str = r#"
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <stdlib.h>
#include <unistd.h>
static int sync_by(const char *name, int fd) {
    const char *file = getenv("FAIL_SYNC");
    if (file && access(file, F_OK) == 0) { errno = EIO; return -1; }
    int (*real)(int) = (int (*)(int))dlsym(RTLD_NEXT, name);
    return real(fd);
}
int fsync(int fd) { return sync_by("fsync", fd); }
int fdatasync(int fd) { return sync_by("fdatasync", fd); }
"#;

#[test]
fn a_disk_that_does_not_confirm_stops_the_node() {
    let data = Folder::new("sync");
    let library = found(&data.0, None);
    let flag = data.join("fail");
    let Some(preload) = preload(&data, FAILING) else {
        return skip("a_disk_that_does_not_confirm_stops_the_node", "gcc is not installed");
    };
    let fail = format!("FAIL_SYNC={}", flag.display());
    let node = Node::serve_under(&["env", &preload, &fail], &data.0);
    let seat = Seat::take(&node, &library);
    let command = |n: u32| seat.command(&id_of(n), 1);
    let (status, receipt) = seat.send(&node.base, &command(1)).expect("an answer");
    assert_eq!(status, 200, "{receipt}");
    std::fs::write(&flag, "").expect("the disk begins to fail");
    assert_eq!(seat.send(&node.base, &command(2)), None, "no answer, of either kind");
    assert_eq!(node.ended(), Some(74));
    // A new process reads what is there; what was acknowledged is.
    std::fs::remove_file(&flag).expect("the disk is mended");
    let node = Node::serve(&data.0, None);
    assert_eq!(seat.send(&node.base, &command(1)).expect("an answer").1, receipt);
    assert_eq!(seat.send(&node.base, &command(2)).expect("an answer").0, 200);
    drop(node);
    let verified = cli(&data.0, None, &["verify"]).ok();
    assert!(verified.out.contains(", 0 differences"), "{}", verified.out);
}
