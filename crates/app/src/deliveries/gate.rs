//! What may go out now: quiet hours, and phones that asked for no more texts.

use std::collections::hash_map::Entry;
use std::collections::{HashMap, HashSet};

use domain::delivery::Cause;
use domain::phone::e164;
use domain::sending::{QuietPolicy, Rules};
use domain::to_do::RunState;
use domain::{AccountId, Channel, Contact, Delivery, Instant, MessageId, TenantId, Zone};
use store::Tx;
use store::sending::SendingTerms;

use super::OwnedDelivery;
use crate::Result;

/// Whether a delivery may go out now.
pub(super) enum GateVerdict {
    /// It may.
    Go,
    /// It never may; what its run becomes, and why.
    Stop(RunState, String),
    /// Not before an instant, and why.
    Wait(Instant, String),
}

/// What it takes to judge many deliveries: loaded once for all of them.
pub(super) struct Gate {
    now: Instant,
    judges: HashMap<AccountId, SendingTerms>,
    opted_out: HashSet<(TenantId, String)>,
    settled: HashSet<(TenantId, MessageId)>,
    directories: HashMap<AccountId, Vec<Contact>>,
}

impl Gate {
    /// Loads what judging these deliveries takes.
    pub(super) async fn open(tx: &mut Tx, rows: &[OwnedDelivery], now: Instant) -> Result<Self> {
        let bound = |row: &&OwnedDelivery| matches!(row.1.cause, Cause::Run(_));
        let mut accounts: Vec<(TenantId, AccountId)> =
            rows.iter().filter(bound).map(|(tenant, row)| (*tenant, row.account_id)).collect();
        accounts.sort_unstable();
        accounts.dedup();
        let judges = match accounts.is_empty() {
            true => Vec::new(),
            false => store::sending::judges(tx.link(), &accounts).await?,
        };
        let is_sms =
            |row: &&OwnedDelivery| row.1.channel == Channel::Sms && row.1.cause != Cause::Reply;
        let phones: Vec<(TenantId, &str)> = rows
            .iter()
            .filter(is_sms)
            .map(|(tenant, row)| (*tenant, row.address.as_str()))
            .collect();
        let opted_out = store::texts::opted_out_among(tx.link(), &phones).await?;
        // What escalates is taken back once somebody has it in hand; the first copies are not.
        let climbing: Vec<(TenantId, MessageId)> = rows
            .iter()
            .filter(|(_, row)| row.telling > 0)
            .filter_map(|(tenant, row)| Some((*tenant, row.cause.message()?)))
            .collect();
        let settled = store::messages::settled_among(tx.link(), &climbing).await?;
        Ok(Gate {
            now,
            judges: judges.into_iter().map(|judge| (judge.account_id, judge)).collect(),
            opted_out: opted_out.into_iter().collect(),
            settled: settled.into_iter().collect(),
            directories: HashMap::new(),
        })
    }

    /// Judges whether a delivery may go out at this time at all.
    pub(super) async fn judge(
        &mut self,
        tx: &mut Tx,
        tenant: TenantId,
        delivery: &Delivery,
    ) -> Result<GateVerdict> {
        if self.opted_out.contains(&(tenant, delivery.address.clone()))
            && delivery.cause != Cause::Reply
            && delivery.channel == Channel::Sms
        {
            let why = format!("{} asked for no more texts (STOP).", delivery.address);
            return Ok(GateVerdict::Stop(RunState::Failed, why));
        }
        let message = delivery.cause.message().map(|id| (tenant, id));
        if delivery.telling > 0 && message.is_some_and(|key| self.settled.contains(&key)) {
            let why = "Somebody had taken charge before it went out.".to_owned();
            return Ok(GateVerdict::Stop(RunState::Skipped, why));
        }
        let Cause::Run(_) = delivery.cause else { return Ok(GateVerdict::Go) };
        let Some(judge) = self.judges.get(&delivery.account_id).cloned() else {
            return Ok(GateVerdict::Go);
        };
        if let Some(quiet) = judge.rules.quiet {
            let zone = self.zone(tx, tenant, delivery, &judge).await?;
            if let Some(end) = quiet.until(delivery.channel, self.now, &zone) {
                let until = zone.portal(end);
                return Ok(match quiet.policy {
                    QuietPolicy::Defer => GateVerdict::Wait(
                        end,
                        format!("It waits for quiet hours to end at {until}."),
                    ),
                    QuietPolicy::Skip => {
                        let why = format!("It came due in quiet hours, which end at {until}.");
                        GateVerdict::Stop(RunState::Skipped, why)
                    }
                });
            }
        }
        Ok(GateVerdict::Go)
    }

    /// An account's rules for sending; the usual ones where none were loaded.
    pub(super) fn rules(&self, account: AccountId) -> Rules {
        self.judges.get(&account).map(|judge| judge.rules).unwrap_or_default()
    }

    /// The zone of the recipient: its own in the directory, else the account's.
    async fn zone(
        &mut self,
        tx: &mut Tx,
        tenant: TenantId,
        delivery: &Delivery,
        judge: &SendingTerms,
    ) -> Result<Zone> {
        let account = delivery.account_id;
        let directory = match self.directories.entry(account) {
            Entry::Occupied(known) => known.into_mut(),
            Entry::Vacant(place) => {
                place.insert(store::accounts::contacts(tx.link(), tenant, account).await?)
            }
        };
        let is_it = |contact: &&Contact| match delivery.contact_id {
            Some(id) => contact.id == id,
            None => e164(&contact.phone).is_ok_and(|phone| phone == delivery.address),
        };
        let own = directory.iter().find(is_it).and_then(|contact| contact.zone.clone());
        Ok(own.unwrap_or_else(|| judge.zone.clone()))
    }
}
