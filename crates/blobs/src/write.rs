//! Writing a blob from a stream: bounded, hashed on the way, visible when it is complete.

use std::error::Error as StdError;
use std::io;
use std::pin::pin;

use bytes::Bytes;
use futures_util::{Stream, StreamExt};
use object_store::{MultipartUpload, ObjectStoreExt, PutPayload};
use sha2::{Digest, Sha256};

use crate::{Blobs, Fault, Key};

/// Bytes gathered in memory before they are written; what is shorter is written at once.
const PART_BYTES: usize = 1024 * 1024;

/// What was written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Stored {
    /// How many bytes.
    pub bytes: u64,
    /// Their SHA-256.
    pub sha256: [u8; 32],
}

/// Why nothing was written.
#[derive(Debug, thiserror::Error)]
pub enum PutError {
    /// The source has more than this many bytes.
    #[error("more than {max_bytes} bytes")]
    TooLarge {
        /// The limit that was given.
        max_bytes: u64,
    },
    /// The source failed before its end.
    #[error("the source broke off")]
    Interrupted(#[source] Box<dyn StdError + Send + Sync>),
    /// The store has no room for it.
    #[error("no room is left")]
    Full(#[source] Fault),
    /// The store does not do its work.
    #[error(transparent)]
    Fault(#[from] Fault),
}

impl Blobs {
    /// Writes the whole of `source` under `key`; what lay there before is replaced at the end.
    ///
    /// Until then readers see what was there before, and after an error (or when this future is
    /// dropped) they still do. Give each upload a key of its own: two writers of one key both
    /// succeed, and the last stays. At most about 1 MiB of the source is held in memory.
    pub async fn put<E>(
        &self,
        key: &Key,
        source: impl Stream<Item = Result<Bytes, E>>,
        max_bytes: u64,
    ) -> Result<Stored, PutError>
    where
        E: Into<Box<dyn StdError + Send + Sync>>,
    {
        let mut source = pin!(source);
        let mut upload: Option<Box<dyn MultipartUpload>> = None;
        let mut part = Part::default();
        let mut sha256 = Sha256::new();
        let mut bytes = 0_u64;
        let filled = loop {
            let chunk = match source.next().await {
                None => break Ok(()),
                Some(Err(error)) => break Err(PutError::Interrupted(error.into())),
                Some(Ok(chunk)) => chunk,
            };
            bytes = bytes.saturating_add(chunk.len() as u64);
            if bytes > max_bytes {
                break Err(PutError::TooLarge { max_bytes });
            }
            sha256.update(&chunk);
            if let Some(payload) = part.push(chunk)
                && let Err(error) = self.write_part(key, &mut upload, payload).await
            {
                break Err(error);
            }
        };
        self.publish(key, upload, part.take(), filled).await?;
        Ok(Stored { bytes, sha256: sha256.finalize().into() })
    }

    async fn write_part(
        &self,
        key: &Key,
        upload: &mut Option<Box<dyn MultipartUpload>>,
        payload: PutPayload,
    ) -> Result<(), PutError> {
        let open = match upload {
            Some(open) => open,
            None => upload.insert(self.store.put_multipart(key.path()).await.map_err(failed)?),
        };
        open.put_part(payload).await.map_err(failed)
    }

    /// Makes visible what was written, or takes it away where `filled` is an error.
    async fn publish(
        &self,
        key: &Key,
        upload: Option<Box<dyn MultipartUpload>>,
        rest: PutPayload,
        filled: Result<(), PutError>,
    ) -> Result<(), PutError> {
        let Some(mut upload) = upload else {
            filled?;
            return self.store.put(key.path(), rest).await.map(|_| ()).map_err(failed);
        };
        let outcome = match filled {
            Ok(()) if rest.content_length() > 0 => upload.put_part(rest).await.map_err(failed),
            filled => filled,
        };
        match outcome {
            Ok(()) => upload.complete().await.map(|_| ()).map_err(failed),
            Err(error) => {
                // The error that is known says more than one about the tidying up.
                let _ = upload.abort().await;
                Err(error)
            }
        }
    }
}

/// Chunks gathered for one write, without copying them.
#[derive(Default)]
struct Part {
    chunks: Vec<Bytes>,
    length: usize,
}

impl Part {
    /// Adds a chunk; gives everything back when it is enough for a write.
    fn push(&mut self, chunk: Bytes) -> Option<PutPayload> {
        self.length += chunk.len();
        self.chunks.push(chunk);
        (self.length >= PART_BYTES).then(|| self.take())
    }

    fn take(&mut self) -> PutPayload {
        self.length = 0;
        std::mem::take(&mut self.chunks).into_iter().collect()
    }
}

fn failed(source: object_store::Error) -> PutError {
    let is_full = is_out_of_room(&source);
    let fault = Fault::new("writing a blob", source);
    if is_full { PutError::Full(fault) } else { PutError::Fault(fault) }
}

/// Whether the system says that there is no room: ENOSPC, EDQUOT, or EFBIG (the process's limit).
fn is_out_of_room(error: &(dyn StdError + 'static)) -> bool {
    let mut cause = Some(error);
    while let Some(error) = cause {
        if let Some(io) = error.downcast_ref::<io::Error>() {
            use io::ErrorKind::{FileTooLarge, QuotaExceeded, StorageFull};
            return matches!(io.kind(), StorageFull | QuotaExceeded | FileTooLarge);
        }
        cause = error.source();
    }
    false
}
