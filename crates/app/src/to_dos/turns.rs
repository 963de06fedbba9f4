//! Where the runs of To Dos stand: the one way in which that is written down.

use domain::Instant;
use store::Tx;
use store::runs::RunOutcome;

use crate::{Result, webhooks};

/// Writes down where runs stand, and tells webhooks of those that have ended.
pub(crate) async fn turn_all(tx: &mut Tx, turns: &[RunOutcome], now: Instant) -> Result<()> {
    store::runs::turn_all(tx.link(), turns).await?;
    let ended = turns.iter().filter(|turn| turn.finished_at.is_some());
    let ended: Vec<_> = ended.map(|turn| (turn.tenant_id, turn.run_id)).collect();
    webhooks::ran(tx, &ended, now).await
}
