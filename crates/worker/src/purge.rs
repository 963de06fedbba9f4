//! Removing the audio of a recording whose days are over: first the bytes, then the row's word for
//! it. A crash between the two repeats harmlessly.
//!
//! Bytes that no row names are left only by a process that died between storing them and storing
//! their row. Each upload has a key of its own, so a repetition of the report does not find them.

use app::{calls, jobs};
use blobs::Key;
use domain::Job;

use crate::{WorkFault, WorkerParts};

/// Removes the audio of a recording.
pub(crate) async fn remove(parts: &WorkerParts, job: &Job) -> Result<(), WorkFault> {
    let Some(recording) = calls::to_purge(&parts.app, job).await? else {
        jobs::abandon(&parts.app, job).await?;
        return Ok(());
    };
    match Key::parse(&recording.blob_key) {
        Ok(key) => parts.blobs.delete(&key).await?,
        // No bytes can lie under what is no key.
        Err(_) => tracing::error!(recording = recording.id.0, "a recording's blob key is none"),
    }
    calls::purged(&parts.app, job, recording.id).await?;
    tracing::info!(tenant = job.tenant_id.0, recording = recording.id.0, "recording purged");
    Ok(())
}
