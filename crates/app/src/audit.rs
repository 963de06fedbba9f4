//! The audit log: what people changed outside messages, chained by hash so that a changed row is
//! found.

use data_encoding::HEXLOWER;
use domain::{Instant, TenantId};
use sha2::{Digest, Sha256};
use store::Tx;
use store::audit::AuditEntry;

use crate::{Actor, App, Result};

/// Who did something.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Who<'a> {
    /// A user.
    User(&'a Actor),
    /// Whoever runs the program on the command line.
    CommandLine,
    /// Somebody outside, by what is known of it: a phone.
    Named(&'a str),
}

/// Appends a row in the caller's transaction. `actor` is `None` on the command line.
pub(crate) async fn record(
    tx: &mut Tx,
    tenant: TenantId,
    actor: Option<&Actor>,
    action: &str,
    subject: &str,
    at: Instant,
) -> Result<()> {
    let who = actor.map_or(Who::CommandLine, Who::User);
    record_by(tx, tenant, who, action, subject, at).await
}

/// Appends a row about what anybody did, in the caller's transaction.
pub(crate) async fn record_by(
    tx: &mut Tx,
    tenant: TenantId,
    who: Who<'_>,
    action: &str,
    subject: &str,
    at: Instant,
) -> Result<()> {
    let (actor_id, actor_name) = match who {
        Who::User(actor) => (Some(actor.user_id), actor.name.as_str()),
        Who::CommandLine => (None, "command line"),
        Who::Named(name) => (None, name),
    };
    let before = store::audit::lock_head(tx.link(), tenant).await?;
    let mut entry = AuditEntry {
        actor_id,
        actor_name: actor_name.to_owned(),
        action: action.to_owned(),
        subject: subject.to_owned(),
        at,
        hash: String::new(),
    };
    entry.hash = chained(&before, &entry);
    store::audit::append(tx.link(), tenant, &entry).await?;
    Ok(())
}

/// The hash over the row before and everything in this one. Each part is preceded by its length,
/// so that no two rows look alike.
fn chained(before: &str, entry: &AuditEntry) -> String {
    let actor = entry.actor_id.map(|id| id.to_string()).unwrap_or_default();
    let at = entry.at.as_ms().to_string();
    let parts = [before, &actor, &entry.actor_name, &entry.action, &entry.subject, &at];
    let mut hash = Sha256::new();
    for part in parts {
        hash.update((part.len() as u64).to_be_bytes());
        hash.update(part.as_bytes());
    }
    HEXLOWER.encode(&hash.finalize())
}

/// What a check of an audit log found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AuditVerdict {
    /// All rows are as they were written; how many.
    Sound(usize),
    /// The row with this number (from 1) is not as it was written, or one before it is missing.
    Broken(usize),
}

/// Checks every row of a tenant's audit log against the row before it, and the last one against
/// the tenant.
#[crate::boxed]
pub async fn verify(app: &App, tenant: TenantId) -> Result<AuditVerdict> {
    let mut reader = app.db.read().await?;
    let entries = store::audit::list(reader.link(), tenant).await?;
    let head = store::audit::head(reader.link(), tenant).await?;
    let mut before = String::new();
    for (i, entry) in entries.iter().enumerate() {
        if chained(&before, entry) != entry.hash {
            return Ok(AuditVerdict::Broken(i + 1));
        }
        before.clone_from(&entry.hash);
    }
    Ok(if before == head {
        AuditVerdict::Sound(entries.len())
    } else {
        AuditVerdict::Broken(entries.len())
    })
}
