//! Upkeep: what is kept for a time only, and is forgotten when that is over.

use domain::limits;

use crate::{App, Result, idempotency, live};

/// The most rows of each of the webhooks' tables that one [`sweep`] removes.
const HOOK_ROWS: i64 = 5_000;

/// Forgets first answers of creates, counters, carriers' ids and what webhooks were told, when their
/// time is over, and ends calls that went silent. Harmless to repeat, and to run on several nodes at once.
#[crate::boxed]
pub async fn sweep(app: &App) -> Result<()> {
    let now = app.now();
    idempotency::purge(app).await?;
    let mut tx = app.db.begin().await?;
    store::spending::forget(tx.link(), now.minus_ms(2 * limits::DAY_MS)).await?;
    let references = now.minus_ms(limits::REFERENCE_LIFE_MS);
    store::references::forget(tx.link(), references).await?;
    live::sweep(&mut tx, now).await?;
    store::webhooks::posts::forget(tx.link(), now.minus_ms(limits::HOOK_LOG_MS), HOOK_ROWS).await?;
    Ok(tx.commit().await?)
}
