//! The detail record of a call whose switch gave none.

use domain::live::LiveCall;
use domain::{Call, Cdr};
use store::Tx;

use crate::Result;

/// Fills in what a report left out, where it brought no detail record: who called and who answered,
/// as far as events told of it, and the record itself.
pub(super) async fn fill(tx: &mut Tx, call: &mut Call, audio_ms: Option<i64>) -> Result<()> {
    if call.cdr != Cdr::default() {
        return Ok(());
    }
    if let Some(live) = live(tx, call).await? {
        if call.from.is_empty() {
            call.from = live.from;
        }
        if let (true, Some(agent)) = (call.agent_username.is_empty(), live.progress.agent_id) {
            let agent = store::users::find(tx.link(), call.tenant_id, agent).await?;
            call.agent_username = agent.map(|agent| agent.username).unwrap_or_default();
        }
    }
    call.cdr = known(tx, call, audio_ms).await?;
    Ok(())
}

/// Gives a call its length, whose audio came later than a report without a detail record.
pub(super) async fn lengthen(tx: &mut Tx, mut call: Call, audio_ms: Option<i64>) -> Result<Call> {
    if audio_ms.is_some_and(|ms| call.cdr.lengthen(ms)) {
        store::calls::update_cdr(tx.link(), call.tenant_id, call.id, &call.cdr).await?;
    }
    Ok(call)
}

async fn known(tx: &mut Tx, call: &Call, audio_ms: Option<i64>) -> Result<Cdr> {
    let live = live(tx, call).await?;
    let agent = match call.agent_username.as_str() {
        "" => None,
        name => store::live::agent_named(tx.link(), call.tenant_id, name).await?,
    };
    Ok(Cdr::known(call, agent, live.as_ref().map(|live| &live.progress), audio_ms))
}

/// What events told of a call, where it was told of while it went on.
async fn live(tx: &mut Tx, call: &Call) -> Result<Option<LiveCall>> {
    let (tenant, sid) = (call.tenant_id, call.call_sid.as_str());
    let Some(id) = store::live::call_to_change(tx.link(), tenant, sid).await? else {
        return Ok(None);
    };
    Ok(store::live::find(tx.link(), tenant, id).await?)
}
