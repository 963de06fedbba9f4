//! How much may go out: sends counted by account and by address, in windows of time.

use std::collections::BTreeMap;

use domain::delivery::Cause;
use domain::sending::Rules;
use domain::{Delivery, Instant, TenantId, limits};
use store::Tx;
use store::spending::Purse;

use crate::Result;

/// A send that wants to go out.
pub(super) struct WantedSend<'a> {
    /// The tenant.
    pub(super) tenant_id: TenantId,
    /// What wants to go out.
    pub(super) delivery: &'a Delivery,
    /// The account's rules.
    pub(super) rules: Rules,
}

/// A limit that a send falls under.
struct Limit {
    purse: Purse,
    most: i64,
    ends_at: Instant,
    reason: String,
}

/// Counts sends, and answers for each whether it goes out now (`None`) or until when it waits, and
/// why. Messages go out whatever was sent before: somebody on call waits for them.
pub(super) async fn spend(
    tx: &mut Tx,
    sends: &[WantedSend<'_>],
    now: Instant,
) -> Result<Vec<Option<(Instant, String)>>> {
    let limits: Vec<Vec<Limit>> = sends.iter().map(|send| limits_of(send, now)).collect();
    let mut wanted: BTreeMap<Purse, i64> = BTreeMap::new();
    for limit in limits.iter().flatten() {
        *wanted.entry(limit.purse.clone()).or_default() += 1;
    }
    let asked: Vec<(Purse, i64)> = wanted.into_iter().collect();
    let sums = store::spending::spend(tx.link(), &asked).await?;
    let mut spent: BTreeMap<Purse, i64> = BTreeMap::new();
    for ((purse, amount), sum) in asked.iter().zip(sums) {
        spent.insert(purse.clone(), sum - amount);
    }
    let verdicts: Vec<_> = limits.iter().map(|limits| verdict(limits, &mut spent)).collect();
    give_back(tx, &limits, &verdicts).await?;
    Ok(verdicts)
}

/// Takes one send out of its purses, or none if one of them is empty.
fn verdict(limits: &[Limit], spent: &mut BTreeMap<Purse, i64>) -> Option<(Instant, String)> {
    let is_empty = |limit: &&Limit| spent.get(&limit.purse).is_some_and(|sum| *sum >= limit.most);
    let empty = limits.iter().filter(is_empty).max_by_key(|limit| limit.ends_at);
    if let Some(limit) = empty {
        return Some((limit.ends_at, limit.reason.clone()));
    }
    for limit in limits {
        *spent.entry(limit.purse.clone()).or_default() += 1;
    }
    None
}

/// Gives back what was counted for sends that wait: they are counted when they go out.
async fn give_back(
    tx: &mut Tx,
    limits: &[Vec<Limit>],
    verdicts: &[Option<(Instant, String)>],
) -> Result<()> {
    if verdicts.iter().all(Option::is_none) {
        return Ok(());
    }
    let mut back: BTreeMap<Purse, i64> = BTreeMap::new();
    for (limits, verdict) in limits.iter().zip(verdicts) {
        for limit in limits.iter().filter(|_| verdict.is_some()) {
            *back.entry(limit.purse.clone()).or_default() -= 1;
        }
    }
    let back: Vec<(Purse, i64)> = back.into_iter().collect();
    store::spending::spend(tx.link(), &back).await?;
    Ok(())
}

fn limits_of(send: &WantedSend<'_>, now: Instant) -> Vec<Limit> {
    let WantedSend { tenant_id, delivery, rules } = send;
    let (channel, noun) = (delivery.channel.as_str(), delivery.channel.noun());
    let limit = |name: String, window_ms: i64, most: i64, reason: String| {
        let window_at = Instant::from_ms(now.as_ms().div_euclid(window_ms) * window_ms);
        let purse = Purse { tenant_id: *tenant_id, name, window_at };
        Limit { purse, most, ends_at: window_at.plus_ms(window_ms), reason }
    };
    let account = delivery.account_id;
    let of_account = |unit: &str, window_ms, most: i64| {
        let reason = format!("The account's limit of {most} {noun}s a {unit} is reached.");
        limit(format!("account {account} {channel} {unit}"), window_ms, most, reason)
    };
    let of_address = || {
        let most = limits::ADDRESS_PER_MINUTE;
        let reason = format!("{} already got {most} within a minute.", delivery.address);
        let name = format!("address {channel} {}", delivery.address);
        limit(name, limits::MINUTE_MS, most, reason)
    };
    match delivery.cause {
        Cause::Message(_) | Cause::Digest(_) => Vec::new(),
        Cause::Reply => vec![of_address()],
        Cause::Run(_) => vec![
            of_account("minute", limits::MINUTE_MS, rules.per_minute),
            of_account("day", limits::DAY_MS, rules.per_day),
            of_address(),
        ],
    }
}
