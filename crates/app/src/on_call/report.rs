//! What was done about a rotation: in its own report and in the audit log.

use domain::on_call::{ChangeNote, Rotation};
use domain::{Instant, RotationId};
use store::Tx;

use super::read::visible;
use crate::{Actor, App, Result, audit};

/// The last changes of a rotation, the newest first.
#[crate::boxed]
pub async fn changes(app: &App, actor: &Actor, id: RotationId) -> Result<Vec<ChangeNote>> {
    const SHOWN: i64 = 20;
    let mut reader = app.db.read().await?;
    let tenant = actor.tenant_id;
    visible(actor, store::rotations::roster(reader.link(), tenant, id, app.now()).await?)?;
    Ok(store::rotations::changes(reader.link(), tenant, id, SHOWN).await?)
}

/// Writes into the audit log and into the rotation's report what was done about it.
pub(super) async fn log(
    tx: &mut Tx,
    actor: Option<&Actor>,
    action: &str,
    rotation: &Rotation,
    what: &str,
    now: Instant,
) -> Result<()> {
    let gap = if what.is_empty() { "" } else { ": " };
    let (id, account) = (rotation.id, rotation.account_id);
    let subject = format!("rotation {id} of account {account}{gap}{what}");
    let tenant = rotation.tenant_id;
    let note = ChangeNote {
        actor_name: actor.map_or("coverage check", |actor| &actor.name).to_owned(),
        action: action.to_owned(),
        what: what.to_owned(),
        at: now,
    };
    store::rotations::insert_change(tx.link(), tenant, rotation.id, &note).await?;
    match actor {
        Some(actor) => audit::record(tx, tenant, Some(actor), action, &subject, now).await,
        None => {
            let who = audit::Who::Named("coverage check");
            audit::record_by(tx, tenant, who, action, &subject, now).await
        }
    }
}
