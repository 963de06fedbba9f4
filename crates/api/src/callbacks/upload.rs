//! Parts of a report on their way in: a small one to memory, audio to the blobs.

use axum::extract::multipart::{Field, MultipartError};
use axum::http::StatusCode;
use blobs::{Blobs, Key, PutError, Stored};
use domain::{TenantId, limits};
use web::Web;
use web::refusal::{Refusal, chain};

/// Audio that is stored, but that no row names yet: dropped, it is removed again.
pub(crate) struct Upload {
    blobs: Blobs,
    key: Key,
    stored: Stored,
    is_settled: bool,
}

impl Upload {
    /// Stores a part under a key of its own. Nothing is visible before all of it has come.
    pub(crate) async fn receive(
        web: &Web,
        tenant: TenantId,
        part: Field<'_>,
    ) -> Result<Self, Refusal> {
        let name = web.app.entropy().uuid();
        let key = Key::of(&format!("t_{tenant}"), &["recordings", &name]);
        let key = key.map_err(|error| Refusal::fault(&error))?;
        let put = web.blobs.put(&key, part, limits::RECORDING_BYTES).await;
        let stored = put.map_err(|error| refused(&error))?;
        Ok(Upload { blobs: web.blobs.clone(), key, stored, is_settled: false })
    }

    /// Where it lies.
    pub(crate) fn key(&self) -> &Key {
        &self.key
    }

    /// How long it is, and its hash.
    pub(crate) fn stored(&self) -> &Stored {
        &self.stored
    }

    /// Says whether a row names it now. If none does, it is removed.
    pub(crate) async fn settle(mut self, is_named: bool) {
        self.is_settled = true;
        if !is_named {
            remove(&self.blobs, &self.key).await;
        }
    }
}

impl Drop for Upload {
    fn drop(&mut self) {
        if !self.is_settled
            && let Ok(runtime) = tokio::runtime::Handle::try_current()
        {
            let (blobs, key) = (self.blobs.clone(), self.key.clone());
            runtime.spawn(async move { remove(&blobs, &key).await });
        }
    }
}

async fn remove(blobs: &Blobs, key: &Key) {
    if let Err(error) = blobs.delete(key).await {
        tracing::error!(error = chain(&error), %key, "audio that nothing names stays behind");
    }
}

fn refused(error: &PutError) -> Refusal {
    match error {
        PutError::TooLarge { max_bytes } => Refusal::too_large(*max_bytes),
        PutError::Interrupted(_) => Refusal::processing("The upload broke off."),
        PutError::Full(_) => {
            tracing::error!(error = chain(error), "no room left for audio");
            Refusal::full()
        }
        PutError::Fault(_) => Refusal::fault(error),
    }
}

/// All of a small part.
pub(crate) async fn small(mut part: Field<'_>) -> Result<Vec<u8>, Refusal> {
    let mut bytes = Vec::new();
    while let Some(chunk) = part.chunk().await.map_err(|error| broken_off(&error))? {
        if bytes.len() + chunk.len() > limits::JSON_BYTES {
            return Err(Refusal::too_large(limits::JSON_BYTES as u64));
        }
        bytes.extend_from_slice(&chunk);
    }
    Ok(bytes)
}

/// A body that is no sound multipart body, or ends too early.
pub(crate) fn broken_off(error: &MultipartError) -> Refusal {
    match error.status() {
        StatusCode::PAYLOAD_TOO_LARGE => Refusal::too_large(limits::RECORDING_BYTES),
        _ => Refusal::processing("The multipart body is malformed or broke off."),
    }
}
