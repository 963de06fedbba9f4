//! Telling messages how their deliveries went: the log, the status, and what follows when a
//! way to somebody fails.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use domain::activity::delivery_named;
use domain::closing::Action;
use domain::delivery::{Cause, State};
use domain::playbook::Moment;
use domain::work_item::{NewItem, WorkKind};
use domain::{
    AccountId, ActivityKind, Channel, ContactId, Delivery, DigestId, Escalation, Instant, Message,
    MessageId, Playbook, Status, TenantId,
};
use store::Tx;

use crate::ledger::Ledger;
use crate::{App, Result, acknowledgements, escalations, playbooks, work_queue};

/// How a delivery went, as its message is to be told.
pub(super) struct DeliveryNews {
    pub(super) tenant: TenantId,
    /// The delivery as it now stands.
    pub(super) delivery: Delivery,
    /// What the log says.
    pub(super) activity: ActivityKind,
}

/// Tells the messages of deliveries how these went, and logs why. What a person has settled
/// stays settled, and what was only captured is not delivered. Where a way to somebody fails for
/// good the next one is taken; where none is left the next level is told, or agents see to it.
///
/// Messages are locked all at once in the order of their ids.
pub(super) async fn tell_all(
    app: &App,
    tx: &mut Tx,
    told: Vec<DeliveryNews>,
    now: Instant,
) -> Result<()> {
    let digests = digests(tx, &told).await?;
    let of = |told: &DeliveryNews| -> Vec<(TenantId, MessageId)> {
        match told.delivery.cause {
            Cause::Message(id) => vec![(told.tenant, id)],
            Cause::Digest(id) => digests.get(&id).into_iter().flatten().copied().collect(),
            Cause::Run(_) | Cause::Reply => Vec::new(),
        }
    };
    let keys: HashSet<(TenantId, MessageId)> = told.iter().flat_map(of).collect();
    if keys.is_empty() {
        return Ok(());
    }
    let keys: Vec<(TenantId, MessageId)> = keys.into_iter().collect();
    let found = store::messages::find_all_to_change(tx.link(), &keys).await?;
    let mut messages: HashMap<(TenantId, MessageId), Message> =
        found.into_iter().map(|message| ((message.tenant_id, message.id), message)).collect();
    let fallen = Fallbacks::load(tx, &told, &messages, now).await?;
    let mut ledger = Ledger::new(app, now);
    for one in &told {
        for key in of(one) {
            let Some(mut message) = messages.remove(&key) else { continue };
            note(tx, &mut ledger, &mut message, one, now).await?;
            if one.delivery.state == State::Failed && !message.status.is_settled() {
                fallen.fall_back(tx, &mut ledger, &mut message, one, now).await?;
            }
            messages.insert(key, message);
        }
    }
    for (_, mut message) in messages {
        message.touch(now);
        ledger.keep(message);
    }
    ledger.write(tx).await?;
    Ok(())
}

/// The messages of each digest among them.
async fn digests(
    tx: &mut Tx,
    told: &[DeliveryNews],
) -> Result<HashMap<DigestId, Vec<(TenantId, MessageId)>>> {
    let mut digests = HashMap::new();
    for one in told {
        if let Some(id) = one.delivery.cause.digest().filter(|id| !digests.contains_key(id)) {
            let ids = store::closings::messages_of(tx.link(), one.tenant, id).await?;
            digests.insert(id, ids.into_iter().map(|message| (one.tenant, message)).collect());
        }
    }
    Ok(digests)
}

/// Logs how a delivery of a message went, and follows it in the message's columns.
async fn note(
    tx: &mut Tx,
    ledger: &mut Ledger<'_>,
    message: &mut Message,
    told: &DeliveryNews,
    now: Instant,
) -> Result<()> {
    let delivery = &told.delivery;
    let what = delivery_named(delivery.channel, &delivery.recipient, &delivery.address);
    let reached = told.activity == ActivityKind::Reached;
    let why = match delivery.reach.filter(|_| reached) {
        Some(reach) => reach.in_words(),
        None => delivery.detail.as_str(),
    };
    ledger.log(message, told.activity.by_system(&what, why));
    if delivery.state == State::Sent {
        message.delivered_at = Some(now);
        message.delivered_by = message.agent_id;
        message.delivered_to = Some(delivery.address.clone());
        if !message.status.is_settled() {
            message.status = Status::Delivered;
        }
        if acknowledgements::was_pressed(delivery) {
            let (name, how) = (&delivery.recipient, "with a key in the call");
            acknowledgements::by_name(tx, ledger, message, name, how, now).await?;
        }
    }
    Ok(())
}

/// What it takes to go on when ways to somebody fail: loaded once for many.
struct Fallbacks {
    books: HashMap<AccountId, Arc<Playbook>>,
    siblings: HashMap<(TenantId, MessageId), Vec<Delivery>>,
    standing: HashMap<(TenantId, MessageId), Escalation>,
    opted_out: HashSet<(TenantId, String)>,
}

impl Fallbacks {
    async fn load(
        tx: &mut Tx,
        told: &[DeliveryNews],
        messages: &HashMap<(TenantId, MessageId), Message>,
        now: Instant,
    ) -> Result<Self> {
        let failed: Vec<&DeliveryNews> =
            told.iter().filter(|one| one.delivery.state == State::Failed).collect();
        let accounts: Vec<(TenantId, AccountId)> =
            failed.iter().map(|one| (one.tenant, one.delivery.account_id)).collect();
        let mut siblings = HashMap::new();
        let mut keys: Vec<(TenantId, MessageId)> = Vec::new();
        for one in &failed {
            let key = one.delivery.cause.message().map(|id| (one.tenant, id));
            if let Some(key) = key.filter(|key| messages.contains_key(key) && !keys.contains(key)) {
                let rows = store::deliveries::of_message(tx.link(), key.0, key.1).await?;
                siblings.insert(key, rows);
                keys.push(key);
            }
        }
        let standing = match keys.is_empty() {
            true => Vec::new(),
            false => store::policies::escalations(tx.link(), &keys).await?,
        };
        let texts: Vec<(TenantId, &str)> = failed
            .iter()
            .filter(|one| one.delivery.channel == Channel::Sms)
            .map(|one| (one.tenant, one.delivery.address.as_str()))
            .collect();
        let opted_out = store::texts::opted_out_among(tx.link(), &texts).await?;
        Ok(Fallbacks {
            books: playbooks::read::load(tx.link(), &accounts, now).await?,
            siblings,
            standing: standing.into_iter().map(|(t, it)| ((t, it.message_id), it)).collect(),
            opted_out: opted_out.into_iter().collect(),
        })
    }

    /// Goes on after a delivery of a message failed for good.
    async fn fall_back(
        &self,
        tx: &mut Tx,
        ledger: &mut Ledger<'_>,
        message: &mut Message,
        told: &DeliveryNews,
        now: Instant,
    ) -> Result<()> {
        let (key, failed) = ((told.tenant, message.id), &told.delivery);
        let Some(book) = self.books.get(&message.account_id) else { return Ok(()) };
        if self.opted_out.contains(&(told.tenant, failed.address.clone())) {
            ledger.items.push((told.tenant, stopped(failed)));
        }
        let none = Vec::new();
        let siblings = self.siblings.get(&key).unwrap_or(&none);
        let standing = self.standing.get(&key);
        if let Some(contact) = failed.contact_id
            && let Some(notice) =
                next_way(book, message, standing, siblings, (contact, failed), now)
        {
            let telling = failed.telling;
            let moment =
                Moment { event: None, notices: vec![notice], missing: Vec::new(), telling };
            ledger.perform(message, book, vec![moment]);
            return Ok(());
        }
        let is_over = |other: &Delivery| {
            other.id == failed.id || matches!(other.state, State::Failed | State::Cancelled)
        };
        let current = standing.map_or(0, |standing| standing.tellings);
        let same = |other: &&Delivery| other.telling == current;
        let all_failed = failed.telling == current && siblings.iter().filter(same).all(is_over);
        if !all_failed {
            return Ok(());
        }
        if escalations::hurry(tx, ledger, book, message, now).await? {
            return Ok(());
        }
        if standing.is_none() {
            let nothing_went = siblings.iter().all(is_over);
            if nothing_went && matches!(message.status, Status::Pending) {
                message.status = Status::Failed;
            }
            let why = format!("Nobody could be reached: {}", failed.detail);
            ledger.items.push((told.tenant, work_queue::dispatch(message, &why)));
        }
        Ok(())
    }
}

/// The next way to a person whose last one failed, within the channels that were meant.
fn next_way(
    book: &Playbook,
    message: &Message,
    standing: Option<&Escalation>,
    siblings: &[Delivery],
    (contact, failed): (ContactId, &Delivery),
    now: Instant,
) -> Option<domain::playbook::Notice> {
    let channels = match standing.filter(|_| failed.telling > 0) {
        Some(standing) => {
            // What an earlier level began is left to the level that is told now.
            if standing.tellings != failed.telling {
                return None;
            }
            let policy = book.policy(standing.policy_id)?;
            let is_it = |level: &&domain::escalation::Level| {
                Some(level.id.0) == message.escalation_level_id
            };
            policy.levels.iter().find(is_it)?.telling.channels.clone()
        }
        None => closing_channels(book, message),
    };
    let tried: Vec<(Channel, &str)> = siblings
        .iter()
        .chain([failed])
        .filter(|other| other.contact_id == Some(contact) && other.telling == failed.telling)
        .map(|other| (other.channel, other.address.as_str()))
        .collect();
    book.next_way(contact, &channels, now, &tried)
}

/// The channels that a message's closing actions may use; none means any.
fn closing_channels(book: &Playbook, message: &Message) -> Vec<Channel> {
    let id = message.closing_action_group_id;
    let group = book.closings.iter().find(|group| Some(group.id.0) == id);
    let tellings =
        group.into_iter().flat_map(|group| &group.actions).filter_map(|action| match action {
            Action::Tell(telling) => Some(&telling.channels),
            Action::Copy(_) | Action::Escalate(_) => None,
        });
    let all: Vec<&Vec<Channel>> = tellings.collect();
    match all.iter().any(|channels| channels.is_empty()) {
        true => Vec::new(),
        false => all.into_iter().flatten().copied().collect(),
    }
}

/// What a supervisor must know: somebody who is to be told asked for no more texts.
fn stopped(failed: &Delivery) -> NewItem {
    let who = match failed.recipient.as_str() {
        "" => failed.address.clone(),
        name => format!("{name} ({})", failed.address),
    };
    NewItem {
        account_id: failed.account_id,
        kind: WorkKind::Notice,
        message_id: failed.cause.message(),
        run_id: None,
        subject: format!("stop {}", failed.address),
        title: format!("{who} sent STOP and gets no texts"),
        detail: "Messages go to the next way instead. The person can text START, or another way \
            can be set in the directory."
            .to_owned(),
        is_urgent: true,
    }
}
