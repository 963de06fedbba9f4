//! Reading a blob, or a part of it, as a stream of large chunks.

use std::fs::File;
use std::io::{Read, Seek, SeekFrom};
use std::ops::Range;
use std::pin::Pin;
use std::task::{Context, Poll};

use bytes::Bytes;
use futures_util::stream::{self, BoxStream};
use futures_util::{Stream, StreamExt, TryStreamExt};
use object_store::{GetOptions, GetRange, GetResultPayload};

use crate::{Blobs, Fault, Key};

/// Bytes read at a time: each read of a file is a trip to another thread, so it should be worth it.
const CHUNK_BYTES: u64 = 128 * 1024;

/// The bytes of a blob, or of a part of it, read as they are asked for.
pub struct Chunks {
    length: u64,
    stream: BoxStream<'static, Result<Bytes, Fault>>,
}

impl Blobs {
    /// The bytes under the key (those of `part`, end exclusive, where given), or `None` when
    /// nothing lies there. A part beyond the end is cut to it; one that begins there is a fault.
    ///
    /// Once this has returned, the bytes stay readable even if the key is deleted or replaced.
    pub async fn read(&self, key: &Key, part: Option<Range<u64>>) -> Result<Option<Chunks>, Fault> {
        let options = GetOptions { range: part.map(GetRange::Bounded), ..GetOptions::default() };
        let found = match self.store.get_opts(key.path(), options).await {
            Ok(found) => found,
            Err(object_store::Error::NotFound { .. }) => return Ok(None),
            Err(source) => return Err(Fault::new("opening a blob", source)),
        };
        let range = found.range.clone();
        let length = range.end - range.start;
        let stream = match found.payload {
            GetResultPayload::File(file, _) => from_file(file, range).boxed(),
            GetResultPayload::Stream(stream) => {
                stream.map_err(|source| Fault::new("reading a blob", source)).boxed()
            }
        };
        Ok(Some(Chunks { length, stream }))
    }
}

impl Chunks {
    /// How many bytes the stream will give.
    pub fn length(&self) -> u64 {
        self.length
    }

    /// All bytes at once. More than `max_bytes` of them is a fault, not a full memory.
    pub async fn collect_up_to(mut self, max_bytes: usize) -> Result<Vec<u8>, Fault> {
        let mut bytes = Vec::new();
        while let Some(chunk) = self.try_next().await? {
            if bytes.len() + chunk.len() > max_bytes {
                return Err(Fault::new("reading a blob", "it is longer than expected"));
            }
            bytes.extend_from_slice(&chunk);
        }
        Ok(bytes)
    }
}

impl Stream for Chunks {
    type Item = Result<Bytes, Fault>;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        self.stream.poll_next_unpin(cx)
    }
}

fn from_file(file: File, range: Range<u64>) -> impl Stream<Item = Result<Bytes, Fault>> {
    stream::try_unfold((file, range), |(file, range)| async move {
        if range.is_empty() {
            return Ok(None);
        }
        let read = tokio::task::spawn_blocking(move || read_chunk(file, range)).await;
        match read {
            Ok(Ok((chunk, file, rest))) => Ok(Some((chunk, (file, rest)))),
            Ok(Err(source)) => Err(Fault::new("reading a blob", source)),
            Err(source) => Err(Fault::new("reading a blob", source)),
        }
    })
}

fn read_chunk(mut file: File, range: Range<u64>) -> std::io::Result<(Bytes, File, Range<u64>)> {
    let count = CHUNK_BYTES.min(range.end - range.start);
    file.seek(SeekFrom::Start(range.start))?;
    let mut bytes = vec![0; count as usize];
    // A file that became shorter is an error here, not a quiet end of the answer.
    file.read_exact(&mut bytes)?;
    Ok((bytes.into(), file, range.start + count..range.end))
}
