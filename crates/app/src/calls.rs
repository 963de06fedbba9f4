//! Calls and recordings: reported by switches, read by clients, removed when their days are over.

mod known;
mod locate;

use domain::token::Switch;
use domain::{
    Call, CallId, Date, Instant, Job, JobKind, Message, Recording, RecordingId, TenantId, call,
};
use store::jobs::NewJob;

pub(crate) use locate::locate;
pub use store::calls::{Position, RecordingFilter};

use crate::messages::{Period, list_scope};
use crate::{Actor, App, Error, Result};

/// The audio of a reported call, whose bytes are stored already.
#[derive(Clone, Debug)]
pub struct Audio {
    /// `audio/mpeg` or `audio/wav`.
    pub media_type: String,
    /// Where the bytes lie.
    pub blob_key: String,
    /// How many there are.
    pub bytes: i64,
    /// Their SHA-256, as 64 hexadecimal digits.
    pub sha256: String,
    /// How long it plays, in milliseconds.
    pub duration_ms: i64,
}

/// What a report made or found.
#[derive(Clone, Debug)]
pub struct Ingested {
    /// The call as it is stored.
    pub call: Call,
    /// Its recording, if it has one.
    pub recording: Option<Recording>,
    /// Whether this report made the call or its recording; false for a repetition.
    pub is_new: bool,
    /// Whether the bytes of `Audio` are used: if not, the caller removes them.
    pub keeps_audio: bool,
}

/// Stores a call with its detail record and its audio, in one transaction. The same report may
/// come any number of times, the audio later than the call: there is one call for each
/// `call_sid`, and the first audio stays.
///
/// The account is found by `call.account_number`, or else by the line that was dialled.
#[crate::boxed]
pub async fn ingest(
    app: &App,
    tenant: TenantId,
    switch: &Switch,
    call: Call,
    audio: Option<Audio>,
) -> Result<Ingested> {
    let call = Call { tenant_id: tenant, ..call.checked()? };
    match ingest_once(app, switch, call.clone(), audio.clone()).await {
        // The same report came in twice at once, and the other was first: now it is there.
        Err(Error::Changed) => ingest_once(app, switch, call, audio).await,
        other => other,
    }
}

async fn ingest_once(
    app: &App,
    switch: &Switch,
    mut call: Call,
    audio: Option<Audio>,
) -> Result<Ingested> {
    let tenant = call.tenant_id;
    let mut tx = app.db.begin().await?;
    locate(&mut tx, &mut call).await?;
    let before = store::calls::by_sid(tx.link(), tenant, &call.call_sid).await?;
    let mut is_new = before.is_none();
    let audio_ms = audio.as_ref().map(|audio| audio.duration_ms);
    let call = match before {
        Some(before) => known::lengthen(&mut tx, before, audio_ms).await?,
        None => {
            known::fill(&mut tx, &mut call, audio_ms).await?;
            let live = store::live::call_to_change(tx.link(), tenant, &call.call_sid).await?;
            let added = match live {
                Some(id) => complete(app, &mut tx, id, &call).await,
                None => add(&mut tx, &call, switch).await,
            };
            match added {
                Err(Error::Fault(store::Error::Taken(_))) => return Err(Error::Changed),
                other => other?,
            }
            let stored = store::calls::by_sid(tx.link(), tenant, &call.call_sid).await?;
            stored.ok_or(Error::NotFound)?
        }
    };
    let mut recording = store::calls::recording_of(tx.link(), tenant, call.id).await?;
    let mut keeps_audio = false;
    if let (None, Some(audio)) = (&recording, audio) {
        recording = Some(keep(&mut tx, &call, audio, app.now()).await?);
        (is_new, keeps_audio) = (true, true);
    }
    tx.commit().await?;
    app.bells.ring(tenant);
    Ok(Ingested { call, recording, is_new, keeps_audio })
}

async fn add(tx: &mut store::Tx, call: &Call, switch: &Switch) -> Result<()> {
    store::calls::insert(tx.link(), call, Some(switch.id)).await?;
    Ok(())
}

/// Fills in a call that was heard of while it went on. It is over now.
async fn complete(app: &App, tx: &mut store::Tx, id: CallId, call: &Call) -> Result<()> {
    let ended = call.cdr.end_time.or(call.cdr.hang_up_time).unwrap_or(app.now());
    store::live::complete(tx.link(), id, call).await?;
    store::calls::insert_cdr(tx.link(), call.tenant_id, id, &call.cdr).await?;
    crate::live::completed(tx, call.tenant_id, id, ended, app.now()).await
}

/// Adds the recording of a call, and the job that removes it in time.
async fn keep(tx: &mut store::Tx, call: &Call, audio: Audio, at: Instant) -> Result<Recording> {
    let mut recording = Recording {
        id: RecordingId(0),
        expires_at: call::expires_at(call.started_at),
        call: call.clone(),
        media_type: audio.media_type,
        blob_key: audio.blob_key,
        bytes: audio.bytes,
        sha256: audio.sha256,
        duration_ms: audio.duration_ms,
        purged_at: None,
    };
    recording.id = store::calls::insert_recording(tx.link(), &recording).await?;
    let (id, due_at) = (recording.id.0, recording.expires_at);
    let (tenant_id, kind) = (call.tenant_id, JobKind::PurgeRecording);
    let job = NewJob { tenant_id, kind, subject_id: id, due_at };
    store::jobs::set(tx.link(), job).await?;
    crate::webhooks::recorded(tx, &recording, at).await?;
    Ok(recording)
}

/// Which recordings somebody asks for. What is `None` does not narrow it.
#[derive(Clone, Debug, Default)]
pub struct RecordingQuery {
    /// Of the accounts with these numbers; all of them where none is named.
    pub account_numbers: Vec<String>,
    /// Of calls on this day or later, in the zone of the account (of the tenant for several).
    pub from: Option<Date>,
    /// Of calls on this day or before.
    pub to: Option<Date>,
}

/// Turns a query of somebody into a filter, now.
#[crate::boxed]
pub async fn filter(app: &App, actor: &Actor, query: RecordingQuery) -> Result<RecordingFilter> {
    let period = Period { from: query.from, to: query.to };
    let scope = list_scope(app, actor, &query.account_numbers, period).await?;
    Ok(RecordingFilter {
        accounts: scope.accounts,
        from: scope.from,
        until: scope.until,
        kept_at: app.now(),
        skip: 0,
    })
}

/// A page of recordings, newest call first. The filter comes from [`filter`] for the same actor.
#[crate::boxed]
pub async fn page(
    app: &App,
    actor: &Actor,
    filter: &RecordingFilter,
    after: Option<Position>,
    limit: usize,
) -> Result<Vec<Recording>> {
    let mut reader = app.db.read().await?;
    let limit = i64::try_from(limit).unwrap_or(i64::MAX);
    Ok(store::calls::page(reader.link(), actor.tenant_id, filter, after, limit).await?)
}

/// A recording whose audio is still kept.
#[crate::boxed]
pub async fn recording(app: &App, actor: &Actor, id: RecordingId) -> Result<Recording> {
    let mut reader = app.db.read().await?;
    let recording = store::calls::recording(reader.link(), actor.tenant_id, id).await?;
    let now = app.now();
    recording
        .filter(|recording| actor.sees(recording.call.account_id) && recording.is_kept_at(now))
        .ok_or(Error::NotFound)
}

/// A recording with its call's figures, which stay when the audio is gone.
#[crate::boxed]
pub async fn figures(app: &App, actor: &Actor, id: RecordingId) -> Result<Recording> {
    let mut reader = app.db.read().await?;
    let recording = store::calls::recording(reader.link(), actor.tenant_id, id).await?;
    recording.filter(|recording| actor.sees(recording.call.account_id)).ok_or(Error::NotFound)
}

/// The recording of the call that a message was taken in, its audio kept or gone. The message is
/// such that whoever asks may see.
#[crate::boxed]
pub async fn recording_of(
    app: &App,
    actor: &Actor,
    message: &Message,
) -> Result<Option<Recording>> {
    let Some(call) = message.call_id else { return Ok(None) };
    let mut reader = app.db.read().await?;
    let recording = store::calls::recording_of(reader.link(), actor.tenant_id, call).await?;
    Ok(recording.filter(|recording| actor.sees(recording.call.account_id)))
}

/// The messages that were taken in a call, as far as whoever asks may see them, first to last.
#[crate::boxed]
pub async fn messages_of(app: &App, actor: &Actor, call: CallId) -> Result<Vec<Message>> {
    let mut reader = app.db.read().await?;
    let mut messages = store::messages::of_call(reader.link(), actor.tenant_id, call).await?;
    messages.retain(|message| actor.sees(message.account_id));
    Ok(messages)
}

/// A recording for whoever holds a signed link to it, whether its audio is still kept or not.
#[crate::boxed]
pub async fn linked(app: &App, tenant: TenantId, id: RecordingId) -> Result<Recording> {
    let mut reader = app.db.read().await?;
    store::calls::recording(reader.link(), tenant, id).await?.ok_or(Error::NotFound)
}

/// The recording whose bytes a job is to remove; `None` if that was done before.
#[crate::boxed]
pub async fn to_purge(app: &App, job: &Job) -> Result<Option<Recording>> {
    let mut reader = app.db.read().await?;
    let id = RecordingId(job.subject_id);
    let recording = store::calls::recording(reader.link(), job.tenant_id, id).await?;
    Ok(recording.filter(|recording| recording.purged_at.is_none()))
}

/// Writes down that a recording's bytes are gone, and ends the job.
#[crate::boxed]
pub async fn purged(app: &App, job: &Job, id: RecordingId) -> Result<Instant> {
    let now = app.now();
    let mut tx = app.db.begin().await?;
    store::calls::set_purged(tx.link(), job.tenant_id, id, now).await?;
    store::jobs::finish(tx.link(), &[job.id]).await?;
    tx.commit().await?;
    Ok(now)
}
