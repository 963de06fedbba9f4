//! Floor 2: bytes under keys, published whole or not at all.
//!
//! [`Blobs`] knows neither what the bytes are nor who may read them. A blob appears under its
//! [`Key`] only when all of it is on the disk, and its [`Stored::sha256`] was computed on the way.

mod key;
mod range;
mod read;
mod write;

#[cfg(test)]
mod tests;

use std::io;
use std::path::Path;
use std::sync::Arc;

use object_store::local::LocalFileSystem;
use object_store::{ObjectStore, ObjectStoreExt};

pub use key::{BadKey, Key};
pub use range::Slice;
pub use read::Chunks;
pub use write::{PutError, Stored};

/// A place for blobs. Cloning it is cheap; all clones are the same place.
#[derive(Clone, Debug)]
pub struct Blobs {
    store: Arc<dyn ObjectStore>,
}

/// Something that the operator has to look at: the disk or the store does not do its work.
#[derive(Debug, thiserror::Error)]
#[error("{doing} failed")]
pub struct Fault {
    doing: &'static str,
    source: Box<dyn std::error::Error + Send + Sync>,
}

impl Fault {
    pub(crate) fn new(
        doing: &'static str,
        source: impl Into<Box<dyn std::error::Error + Send + Sync>>,
    ) -> Self {
        Self { doing, source: source.into() }
    }
}

impl Blobs {
    /// Blobs in this folder, which is made if it is missing. Each write is on the disk (file and
    /// folder synced) before it is visible.
    pub fn local(root: &Path) -> Result<Self, Fault> {
        let make = || -> Result<LocalFileSystem, Box<dyn std::error::Error + Send + Sync>> {
            std::fs::create_dir_all(root)?;
            Ok(LocalFileSystem::new_with_prefix(root)?.with_fsync(true))
        };
        let store = make().map_err(|source| Fault::new("opening the blob folder", source))?;
        Ok(Self { store: Arc::new(store) })
    }

    /// How many bytes lie under the key, or `None` when nothing does.
    pub async fn size(&self, key: &Key) -> Result<Option<u64>, Fault> {
        match self.store.head(key.path()).await {
            Ok(meta) => Ok(Some(meta.size)),
            Err(object_store::Error::NotFound { .. }) => Ok(None),
            Err(source) => Err(Fault::new("looking up a blob", source)),
        }
    }

    /// Removes what lies under the key. Nothing there is fine too.
    pub async fn delete(&self, key: &Key) -> Result<(), Fault> {
        match self.store.delete(key.path()).await {
            Ok(()) | Err(object_store::Error::NotFound { .. }) => Ok(()),
            Err(source) => Err(Fault::new("deleting a blob", source)),
        }
    }

    /// Writes a few bytes under `probe`, reads them back and deletes them: is the store usable now?
    ///
    /// Every process needs a probe of its own, or they read and delete each other's.
    pub async fn check(&self, probe: &Key) -> Result<(), PutError> {
        const BYTES: &[u8] = b"is there anybody?";
        let source = futures_util::stream::iter([Ok::<_, io::Error>(BYTES.into())]);
        self.put(probe, source, BYTES.len() as u64).await?;
        let found = match self.read(probe, None).await? {
            Some(chunks) => chunks.collect_up_to(BYTES.len()).await?,
            None => return Err(Fault::new("reading the probe", "it is gone").into()),
        };
        self.delete(probe).await?;
        if found == BYTES {
            Ok(())
        } else {
            Err(Fault::new("reading the probe", "other bytes came back").into())
        }
    }
}
