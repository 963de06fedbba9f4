//! Creates that may be asked for twice and happen once: the same key gets the first answer again.
//!
//! After <https://datatracker.ietf.org/doc/html/draft-ietf-httpapi-idempotency-key-header>. A use
//! case that creates begins its transaction with [`claim`] and ends it with [`keep`], so that what
//! is created and its first answer are on disk together, or neither is. A refusal or a fault drops
//! the transaction, and nothing of it is kept: the same key may be used again.

use domain::{Instant, limits};
use store::Tx;
use store::idempotency::{FirstAnswer, KeyPlace};

use crate::{Actor, App, Result};

/// The most answers that one [`purge`] removes.
const PURGE_ROWS: i64 = 1_000;

/// An answer as it is kept: what stands in it is the door's affair.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KeptAnswer {
    /// The status of HTTP, such as 201.
    pub status: u16,
    /// The body.
    pub body: String,
}

/// A request that may be repeated, and how what it creates is answered.
#[derive(Clone, Copy)]
pub struct Repeat<'a, T> {
    /// What is asked for: the method and the route by its one name, such as `POST /to-dos`.
    pub route: &'a str,
    /// The key that its sender chose: 1 to [`limits::IDEMPOTENCY_KEY_BYTES`] visible ASCII
    /// characters, which the door has checked.
    pub key: &'a str,
    /// What tells this body from any other: a hash in hexadecimal digits.
    pub body_hash: &'a str,
    /// The answer to the first request. It is asked before the transaction is committed, so it
    /// must answer from what it is given alone.
    pub render: &'a (dyn Fn(&T) -> KeptAnswer + Send + Sync),
}

/// The result of a create that may be repeated.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Once<T> {
    /// It was created now.
    New(T),
    /// The key was used before, and nothing was created now.
    Before(Before),
}

/// What is known about a key that was used before.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Before {
    /// The same was asked, and this was the answer.
    Answered(KeptAnswer),
    /// Something else was asked.
    OtherBody,
    /// It is being created at this moment, by another request.
    Underway,
}

/// Claims the key of a repeat for this transaction, before anything else is done in it. `None`
/// says: go on, and end with [`keep`]. Otherwise nothing is to be created; drop the transaction.
///
/// On PostgreSQL a key that another transaction has claimed is [`Before::Underway`] at once. On
/// SQLite the other's transaction has ended when this one begins, so its answer is known. After a
/// refusal the claim lasts until the dropped transaction is rolled back: a moment.
pub async fn claim<T>(
    tx: &mut Tx,
    actor: &Actor,
    repeat: &Repeat<'_, T>,
    now: Instant,
) -> Result<Option<Before>> {
    let place = place(actor, repeat);
    if let Some(before) = look(tx, place, repeat.body_hash, now).await? {
        return Ok(Some(before));
    }
    if !store::idempotency::hold(tx.link(), place).await? {
        return Ok(Some(Before::Underway));
    }
    // Whoever held it may have committed since we looked.
    look(tx, place, repeat.body_hash, now).await
}

/// What is kept about a key. A repeat needs no lock for it: a transaction that is dropped lets go
/// of its locks a moment later, and the next repeat would hear of a request under way.
async fn look(
    tx: &mut Tx,
    place: KeyPlace<'_>,
    body_hash: &str,
    now: Instant,
) -> Result<Option<Before>> {
    let Some(kept) = store::idempotency::find(tx.link(), place).await? else {
        return Ok(None);
    };
    if now.ms_since(kept.created_at) >= limits::IDEMPOTENCY_LIFE_MS {
        return Ok(None);
    }
    if kept.body_hash != body_hash {
        return Ok(Some(Before::OtherBody));
    }
    Ok(Some(Before::Answered(answer(kept)?)))
}

/// Keeps the answer to what was created, as the last thing before the commit. `subject` is its id.
pub async fn keep<T>(
    tx: &mut Tx,
    actor: &Actor,
    repeat: &Repeat<'_, T>,
    subject: i64,
    created: &T,
    now: Instant,
) -> Result<()> {
    let answer = (repeat.render)(created);
    let kept = FirstAnswer {
        body_hash: repeat.body_hash.to_owned(),
        status: answer.status.into(),
        answer: answer.body,
        subject_id: subject,
        created_at: now,
    };
    let place = place(actor, repeat);
    // One that is a day old may stand there still.
    store::idempotency::delete(tx.link(), place).await?;
    Ok(store::idempotency::insert(tx.link(), place, &kept).await?)
}

/// Removes answers that are a day old, at most a thousand; answers how many. Work for a job that
/// comes again and again: where it answers a thousand, there may be more.
#[crate::boxed]
pub async fn purge(app: &App) -> Result<u64> {
    let by = app.now().minus_ms(limits::IDEMPOTENCY_LIFE_MS);
    let mut tx = app.db.begin().await?;
    let gone = store::idempotency::purge(tx.link(), by, PURGE_ROWS).await?;
    tx.commit().await?;
    Ok(gone)
}

fn place<'a, T>(actor: &Actor, repeat: &Repeat<'a, T>) -> KeyPlace<'a> {
    KeyPlace { tenant: actor.tenant_id, user: actor.user_id, route: repeat.route, key: repeat.key }
}

fn answer(kept: FirstAnswer) -> Result<KeptAnswer> {
    let corrupt = |_| store::Error::Corrupt(format!("status {}", kept.status));
    let status = u16::try_from(kept.status).map_err(corrupt)?;
    Ok(KeptAnswer { status, body: kept.answer })
}
