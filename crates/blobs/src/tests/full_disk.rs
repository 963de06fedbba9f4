//! A full disk, for real: a small file system in a namespace of its own, or a limit of the process.

use std::path::Path;
use std::process::{Command, Output};

use bytes::Bytes;

use crate::{Blobs, Key, PutError};

/// Where the child process finds the folder that is about to be full: in its working directory.
const SMALL: &str = "small";
/// The room there: enough for the small blob, not for the large one.
const ROOM_KIB: usize = 512;
const LARGE_BYTES: usize = 4 * 1024 * 1024;

#[test]
fn a_full_disk_is_told_apart_and_loses_nothing() {
    if Path::new(SMALL).is_dir() {
        return in_the_small_folder();
    }
    let dir = tempfile::tempdir().unwrap();
    std::fs::create_dir(dir.path().join(SMALL)).unwrap();
    // ENOSPC from a file system of its own where the kernel allows one to this user; EFBIG from
    // the limit on the size of a file everywhere else. Both are "no room", and the story is one.
    let tmpfs = format!("mount -t tmpfs -o size={ROOM_KIB}k none {SMALL}");
    let can_mount = run(dir.path(), "unshare", &["-rm", "sh", "-c", &tmpfs]).status.success();
    let myself = std::env::current_exe().unwrap();
    let name = "tests::full_disk::a_full_disk_is_told_apart_and_loses_nothing";
    let test = format!("exec '{}' --exact {name}", myself.display());
    let ran = if can_mount {
        run(dir.path(), "unshare", &["-rm", "sh", "-c", &format!("{tmpfs} && {test}")])
    } else {
        let blocks = ROOM_KIB * 2;
        run(dir.path(), "sh", &["-c", &format!("trap '' XFSZ; ulimit -f {blocks}; {test}")])
    };
    let said = String::from_utf8_lossy(&ran.stdout);
    assert!(ran.status.success() && said.contains("1 passed"), "{ran:?}");
}

fn run(dir: &Path, program: &str, arguments: &[&str]) -> Output {
    let mut command = Command::new(program);
    command.current_dir(dir).args(arguments);
    command.output().unwrap_or_else(|error| panic!("cannot run {program}: {error}"))
}

#[tokio::main(flavor = "current_thread")]
async fn in_the_small_folder() {
    let blobs = Blobs::local(Path::new(SMALL)).expect("a folder");
    let key = |name: &str| Key::of("t_1", &[name]).expect("a key");
    let put = async |name: &str, length: usize| {
        let chunk = Bytes::from(vec![7; 64 * 1024]);
        let chunks = (0..length / chunk.len()).map(move |_| Ok::<_, std::io::Error>(chunk.clone()));
        blobs.put(&key(name), futures_util::stream::iter(chunks), u64::MAX).await
    };
    put("small", 65_536).await.expect("room for a small blob");

    // In one write and in several: the store goes another way for each.
    for length in [LARGE_BYTES, 768 * 1024] {
        let error = put("large", length).await.expect_err("no room for a large blob");
        assert!(matches!(error, PutError::Full(_)), "{error:?}");
        assert_eq!(blobs.size(&key("large")).await.expect("a look"), None);
        let left: Vec<_> = std::fs::read_dir(Path::new(SMALL).join("t_1"))
            .expect("a folder")
            .map(|entry| entry.expect("an entry").file_name())
            .collect();
        assert_eq!(left, ["small"]);
    }

    let chunks = blobs.read(&key("small"), None).await.expect("a read").expect("a blob");
    assert_eq!(chunks.collect_up_to(65_536).await.expect("its bytes"), vec![7; 65_536]);
    put("next", 65_536).await.expect("room again, without a restart");
}
