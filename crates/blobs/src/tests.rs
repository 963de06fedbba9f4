//! What a caller sees of blobs, on the local folder and on another store.

mod full_disk;

use std::io;
use std::path::PathBuf;

use bytes::Bytes;
use futures_util::stream::{self, Stream, StreamExt, TryStreamExt};
use object_store::memory::InMemory;
use sha2::{Digest, Sha256};
use tempfile::TempDir;

use super::*;

const MIB: usize = 1024 * 1024;

/// A local folder, and a store that is none: what holds on one must hold on the other.
fn stores() -> [(Blobs, Option<TempDir>); 2] {
    let dir = TempDir::new().unwrap();
    let local = Blobs::local(&dir.path().join("blobs")).unwrap();
    [(local, Some(dir)), (Blobs { store: Arc::new(InMemory::new()) }, None)]
}

fn key(name: &str) -> Key {
    Key::of("t_1", &["recordings", name]).unwrap()
}

/// Bytes that differ everywhere, so that a part in the wrong place is seen.
fn noise(length: usize) -> Vec<u8> {
    let mut state = 0x2545_F491_u32;
    let next = || {
        state ^= state << 13;
        state ^= state >> 17;
        state ^= state << 5;
        state as u8
    };
    std::iter::repeat_with(next).take(length).collect()
}

fn source(bytes: &[u8], chunk: usize) -> impl Stream<Item = io::Result<Bytes>> + use<> {
    let chunks: Vec<_> = bytes.chunks(chunk).map(|c| Ok(Bytes::copy_from_slice(c))).collect();
    stream::iter(chunks)
}

async fn read_all(blobs: &Blobs, key: &Key) -> Option<Vec<u8>> {
    let chunks = blobs.read(key, None).await.unwrap()?;
    Some(chunks.collect_up_to(usize::MAX).await.unwrap())
}

fn files_below(dir: &Path) -> Vec<PathBuf> {
    let mut files = Vec::new();
    for entry in std::fs::read_dir(dir).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() { files.extend(files_below(&path)) } else { files.push(path) }
    }
    files
}

#[tokio::test]
async fn what_is_put_is_read_with_its_length_and_hash() {
    for (blobs, _dir) in stores() {
        for (length, chunk) in
            [(0, 1), (1, 1), (10_000, 7), (MIB, MIB), (MIB + 1, 8_192), (5 * MIB, 300_000)]
        {
            let (bytes, key) = (noise(length), key(&format!("{length}.wav")));
            let stored = blobs.put(&key, source(&bytes, chunk), length as u64).await.unwrap();
            assert_eq!(
                stored,
                Stored { bytes: length as u64, sha256: Sha256::digest(&bytes).into() }
            );
            assert_eq!(blobs.size(&key).await.unwrap(), Some(length as u64));
            assert_eq!(read_all(&blobs, &key).await, Some(bytes));
        }
    }
}

#[tokio::test]
async fn a_part_is_read_without_the_rest_and_in_large_chunks() {
    for (blobs, _dir) in stores() {
        let (bytes, key) = (noise(MIB), key("a.wav"));
        blobs.put(&key, source(&bytes, 65_536), MIB as u64).await.unwrap();
        for range in [0..1, 0..MIB as u64, 5..6, 100_000..900_001, MIB as u64 - 1..MIB as u64] {
            let chunks = blobs.read(&key, Some(range.clone())).await.unwrap().unwrap();
            assert_eq!(chunks.length(), range.end - range.start);
            let read: Vec<Bytes> = chunks.try_collect().await.unwrap();
            assert!(read.len() <= 8, "{} chunks", read.len());
            assert_eq!(read.concat(), bytes[range.start as usize..range.end as usize]);
        }
        let beyond = MIB as u64 - 10..MIB as u64 + 10;
        assert_eq!(blobs.read(&key, Some(beyond)).await.unwrap().unwrap().length(), 10);
        assert!(blobs.read(&key, Some(MIB as u64..MIB as u64 + 1)).await.is_err());
    }
}

#[tokio::test]
async fn nothing_is_an_answer_and_deleting_it_is_fine() {
    for (blobs, _dir) in stores() {
        let key = key("a.wav");
        assert_eq!(blobs.size(&key).await.unwrap(), None);
        assert!(blobs.read(&key, None).await.unwrap().is_none());
        blobs.delete(&key).await.unwrap();
        blobs.put(&key, source(b"abc", 1), 3).await.unwrap();
        blobs.delete(&key).await.unwrap();
        blobs.delete(&key).await.unwrap();
        assert_eq!(blobs.size(&key).await.unwrap(), None);
    }
}

#[tokio::test]
async fn a_source_that_is_too_long_leaves_nothing() {
    for length in [11, 3 * MIB] {
        for (blobs, dir) in stores() {
            let (bytes, key) = (noise(length), key("a.wav"));
            let max_bytes = length as u64 - 1;
            let error = blobs.put(&key, source(&bytes, 100_000), max_bytes).await.unwrap_err();
            assert!(
                matches!(error, PutError::TooLarge { max_bytes: m } if m == max_bytes),
                "{error:?}"
            );
            assert_eq!(blobs.size(&key).await.unwrap(), None);
            assert_eq!(dir.map_or(vec![], |d| files_below(d.path())), Vec::<PathBuf>::new());
        }
    }
}

#[tokio::test]
async fn a_source_that_breaks_off_leaves_what_was_there() {
    for length in [0, 11, 3 * MIB] {
        for (blobs, dir) in stores() {
            let (bytes, key) = (noise(length), key("a.wav"));
            blobs.put(&key, source(b"first", 5), 5).await.unwrap();
            let broken =
                source(&bytes, 100_000).chain(stream::iter([Err(io::Error::other("cable"))]));
            let error = blobs.put(&key, broken, u64::MAX).await.unwrap_err();
            assert!(matches!(error, PutError::Interrupted(_)), "{error:?}");
            assert_eq!(read_all(&blobs, &key).await.unwrap(), b"first");
            assert_eq!(dir.map_or(1, |d| files_below(d.path()).len()), 1);
        }
    }
}

#[tokio::test]
async fn a_half_written_blob_is_never_visible() {
    for (blobs, _dir) in stores() {
        let (bytes, key) = (noise(3 * MIB), key("a.wav"));
        let watched = source(&bytes, 100_000).then(|chunk| {
            let (blobs, key) = (blobs.clone(), key.clone());
            async move {
                assert_eq!(blobs.size(&key).await.unwrap(), None);
                chunk
            }
        });
        blobs.put(&key, watched, u64::MAX).await.unwrap();
        assert_eq!(read_all(&blobs, &key).await, Some(bytes));
    }
}

#[tokio::test]
async fn a_put_that_nobody_waits_for_any_more_leaves_nothing() {
    let dir = TempDir::new().unwrap();
    let blobs = Blobs::local(dir.path()).unwrap();
    let (started, has_started) = tokio::sync::oneshot::channel();
    let mut started = Some(started);
    let (bytes, key) = (noise(2 * MIB), key("a.wav"));
    let endless = source(&bytes, MIB).chain(stream::poll_fn(move |_| {
        if let Some(started) = started.take() {
            started.send(()).unwrap();
        }
        std::task::Poll::Pending
    }));
    tokio::select! {
        _ = blobs.put(&key, endless, u64::MAX) => unreachable!("the source never ends"),
        started = has_started => started.unwrap(),
    }
    // It is taken away in the background.
    while !files_below(dir.path()).is_empty() {
        tokio::task::yield_now().await;
    }
    assert_eq!(blobs.size(&key).await.unwrap(), None);
}

#[tokio::test]
async fn two_writers_of_one_key_leave_one_whole_blob() {
    for (blobs, dir) in stores() {
        let (a, b) = (noise(3 * MIB), vec![7; 2 * MIB]);
        let key = key("a.wav");
        let (first, second) = tokio::join!(
            blobs.put(&key, source(&a, 100_000), u64::MAX),
            blobs.put(&key, source(&b, 100_000), u64::MAX),
        );
        assert_eq!((first.unwrap().bytes, second.unwrap().bytes), (a.len() as u64, b.len() as u64));
        let found = read_all(&blobs, &key).await.unwrap();
        assert!(found == a || found == b);
        assert_eq!(dir.map_or(1, |d| files_below(d.path()).len()), 1);
    }
}

#[tokio::test]
async fn an_open_read_survives_its_deletion() {
    let dir = TempDir::new().unwrap();
    let blobs = Blobs::local(dir.path()).unwrap();
    let (bytes, key) = (noise(MIB), key("a.wav"));
    blobs.put(&key, source(&bytes, MIB), u64::MAX).await.unwrap();
    let open = blobs.read(&key, None).await.unwrap().unwrap();
    blobs.delete(&key).await.unwrap();
    assert_eq!(open.collect_up_to(MIB).await.unwrap(), bytes);
}

#[tokio::test]
async fn a_file_that_became_shorter_is_a_fault() {
    let dir = TempDir::new().unwrap();
    let blobs = Blobs::local(dir.path()).unwrap();
    let (bytes, key) = (noise(MIB), key("a.wav"));
    blobs.put(&key, source(&bytes, MIB), u64::MAX).await.unwrap();
    let open = blobs.read(&key, None).await.unwrap().unwrap();
    let file = std::fs::File::options().write(true).open(dir.path().join(key.as_str())).unwrap();
    file.set_len(1_000).unwrap();
    assert!(open.collect_up_to(MIB).await.is_err());
}

#[tokio::test]
async fn the_check_tells_a_usable_store_from_one_that_is_gone() {
    let probe = Key::of("probe", &["node-1"]).unwrap();
    for (blobs, _dir) in stores() {
        blobs.check(&probe).await.unwrap();
        assert_eq!(blobs.size(&probe).await.unwrap(), None);
    }
    let dir = TempDir::new().unwrap();
    let blobs = Blobs::local(&dir.path().join("blobs")).unwrap();
    // A file where the folder was: as root, a folder without permission would still be writable.
    std::fs::remove_dir(dir.path().join("blobs")).unwrap();
    std::fs::write(dir.path().join("blobs"), "").unwrap();
    assert!(matches!(blobs.check(&probe).await, Err(PutError::Fault(_))));
}
