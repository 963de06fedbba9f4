//! What happens when an agent has finished: people are told, copies go out, escalation begins; at
//! once, at the time asked for, or together with others in a digest.

use std::collections::HashMap;
use std::sync::Arc;

use domain::closing::Timing;
use domain::playbook::Notice;
use domain::wording::compose_digest;
use domain::{
    ActivityKind, ClosingGroup, ClosingGroupId, Escalation, Instant, Job, JobId, JobKind, Message,
    MessageId, Playbook, Status, TenantId,
};
use store::Tx;
use store::jobs::NewJob;

use crate::ledger::{self, Ledger};
use crate::{App, Error, Result, playbooks, work_queue};

/// What saving a message sets off. A page can tell all of it without looking anything up.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Consequence {
    /// Nothing new: an earlier save of the same form made the message.
    SavedBefore,
    /// It is no message: it is kept and closed, and nobody is told.
    Filed,
    /// It waits, and nobody is told before.
    Held {
        /// Until then.
        until: Instant,
        /// The closing action group whose digest it goes out in; `None` where the agent was asked
        /// to hold it.
        digest: Option<String>,
    },
    /// It was let out.
    LetOut(LetOut),
}

/// What was queued for a message that was let out. With nobody in `notices`, no `next_step` and no
/// `agents`, it is for nobody: it is kept for the portal.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct LetOut {
    /// Each telling that is due now, in order: who, why (`on call in Nights`), by which channel, and
    /// where. A person who is told in two ways stands here twice.
    pub notices: Vec<Notice>,
    /// Why somebody who was meant is not told, in sentences.
    pub missing: Vec<String>,
    /// What happens next, if nobody acknowledges it; `None` if it does not escalate, or has done
    /// all that its policy says.
    pub next_step: Option<NextStep>,
    /// Why it waits in the work queue from now on, in a sentence; `None` if it does not.
    pub agents: Option<String>,
}

/// The next turn of an escalation, foreseen with what is known now.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NextStep {
    /// When it is taken.
    pub at: Instant,
    /// Who is told then; nobody if it goes to the agents.
    pub notices: Vec<Notice>,
    /// Whether nobody is left to be told, so that it goes to the work queue.
    pub goes_to_agents: bool,
}

impl NextStep {
    fn foreseen(book: &Playbook, escalation: &Escalation, message: &Message, at: Instant) -> Self {
        let climb = book.climb(&mut escalation.clone(), &mut message.clone(), at);
        let notices = climb.moments.into_iter().flat_map(|moment| moment.notices).collect();
        NextStep { at, notices, goes_to_agents: climb.exhausted.is_some() }
    }
}

/// Does what the account wants done with a message that was just taken: lets it out, or holds it.
/// The playbook needs no more than the group's actions lead to.
pub(crate) fn finish(
    ledger: &mut Ledger<'_>,
    book: &Arc<Playbook>,
    message: &mut Message,
    group: Option<&ClosingGroup>,
    now: Instant,
) -> Consequence {
    message.closing_action_group_id = group.map(|group| group.id.0);
    let Some(until) = book.held_until(message, group, now) else {
        return Consequence::LetOut(let_out(ledger, book, message, now));
    };
    let asked = message.send_at == Some(until);
    message.status = Status::Held;
    message.send_at = Some(until);
    let digest = group.filter(|_| !asked);
    let when = match digest {
        Some(group) => format!("the digest “{}”, {}", group.name, book.account.zone.portal(until)),
        None => book.account.zone.portal(until).to_string(),
    };
    ledger.log(message, ActivityKind::Held.by_system("", &when));
    let (kind, subject_id) = match digest {
        Some(group) => (JobKind::Digest, group.id.0),
        None => (JobKind::Release, message.id.0),
    };
    let tenant_id = message.tenant_id;
    ledger.jobs.push(NewJob { tenant_id, kind, subject_id, due_at: until });
    Consequence::Held { until, digest: digest.map(|group| group.name.clone()) }
}

/// Does the actions of the message's group, now.
fn let_out(
    ledger: &mut Ledger<'_>,
    book: &Arc<Playbook>,
    message: &mut Message,
    now: Instant,
) -> LetOut {
    const NOBODY: &str = "Nobody could be told.";
    let group = group_of(book, message);
    let closing = book.close(message, group, now);
    let mut out = LetOut::default();
    for moment in &closing.moments {
        out.notices.extend_from_slice(&moment.notices);
        out.missing.extend_from_slice(&moment.missing);
    }
    let is_for_somebody = group.is_some() || message.contact_id.is_some();
    ledger.perform(message, book, closing.moments);
    match closing.escalation {
        Some(escalation) => {
            match message.next_escalation_at {
                Some(at) => {
                    ledger.look_again(message, at);
                    out.next_step = Some(NextStep::foreseen(book, &escalation, message, at));
                }
                None => out.agents = Some(NOBODY.to_owned()),
            }
            ledger.escalations.push((message.tenant_id, escalation));
        }
        None if out.notices.is_empty() && is_for_somebody => out.agents = Some(NOBODY.to_owned()),
        None => {}
    }
    if let Some(why) = &out.agents {
        ledger.items.push((message.tenant_id, work_queue::dispatch(message, why)));
    }
    out
}

fn group_of<'b>(book: &'b Playbook, message: &Message) -> Option<&'b ClosingGroup> {
    let id = message.closing_action_group_id?;
    book.closings.iter().find(|group| group.id.0 == id)
}

/// Lets a message out that was held.
fn release(ledger: &mut Ledger<'_>, book: &Arc<Playbook>, mut message: Message, now: Instant) {
    message.status = Status::Pending;
    ledger.log(&mut message, ActivityKind::Released.by_system("", ""));
    let_out(ledger, book, &mut message, now);
    message.touch(now);
    ledger.keep(message);
}

/// Lets out messages that were held until now, in one transaction. Answers how many deliveries there
/// are now to make.
#[crate::boxed]
pub async fn release_all(app: &App, jobs: &[Job]) -> Result<usize> {
    let now = app.now();
    let mut tx = app.db.begin().await?;
    let ids: Vec<(TenantId, MessageId)> =
        jobs.iter().map(|job| (job.tenant_id, MessageId(job.subject_id))).collect();
    let found = store::messages::find_all_to_change(tx.link(), &ids).await?;
    let jobs = store::jobs::hold(tx.link(), jobs).await?;
    let accounts = playbooks::read::accounts_of(found.iter());
    let books = playbooks::read::load(tx.link(), &accounts, now).await?;
    let mut found: HashMap<(TenantId, MessageId), Message> =
        found.into_iter().map(|message| ((message.tenant_id, message.id), message)).collect();
    let mut ledger = Ledger::new(app, now);
    for job in &jobs {
        let message = found.remove(&(job.tenant_id, MessageId(job.subject_id)));
        let held = message.filter(|message| message.status == Status::Held);
        let Some(message) = held else { continue };
        if let Some(book) = books.get(&message.account_id) {
            release(&mut ledger, book, message, now);
        }
    }
    let done: Vec<JobId> = jobs.iter().map(|job| job.id).collect();
    store::jobs::finish(tx.link(), &done).await?;
    ledger.commit(tx).await
}

/// Sends the digests that are due, each in a transaction of its own: what the group held until now
/// goes out as one. Answers how many deliveries there are now to make.
#[crate::boxed]
pub async fn digest_all(app: &App, jobs: &[Job]) -> Result<usize> {
    let mut made = 0;
    for job in jobs {
        made += digest(app, job).await?;
    }
    Ok(made)
}

async fn digest(app: &App, job: &Job) -> Result<usize> {
    let (now, tenant, id) = (app.now(), job.tenant_id, ClosingGroupId(job.subject_id));
    let mut tx = app.db.begin().await?;
    let held = store::closings::held_for(tx.link(), tenant, id, now).await?;
    let keys: Vec<(TenantId, MessageId)> = held.into_iter().map(|id| (tenant, id)).collect();
    let found = store::messages::find_all_to_change(tx.link(), &keys).await?;
    let messages: Vec<Message> =
        found.into_iter().filter(|message| message.status == Status::Held).collect();
    if store::jobs::hold(tx.link(), std::slice::from_ref(job)).await?.is_empty() {
        return Ok(0);
    }
    let mut ledger = Ledger::new(app, now);
    if let Some(account) = messages.first().map(|message| message.account_id) {
        let book =
            playbooks::read::of(tx.link(), tenant, account, now).await?.ok_or(Error::NotFound)?;
        let group = book.closings.iter().find(|group| group.id == id);
        match group.filter(|group| matches!(group.timing, Timing::Digest(_))) {
            Some(group) => send(&mut tx, &mut ledger, &book, group, messages, now).await?,
            None => {
                // It sends no digests any more, or is gone: each goes out by itself.
                for mut message in messages {
                    message.closing_action_group_id = group.map(|group| group.id.0);
                    release(&mut ledger, &book, message, now);
                }
            }
        }
    }
    store::jobs::finish(tx.link(), &[job.id]).await?;
    ledger.commit(tx).await
}

/// Sends one digest of these messages.
async fn send(
    tx: &mut Tx,
    ledger: &mut Ledger<'_>,
    book: &Arc<Playbook>,
    group: &ClosingGroup,
    messages: Vec<Message>,
    now: Instant,
) -> Result<()> {
    let tenant = book.account.tenant_id;
    let ids: Vec<MessageId> = messages.iter().map(|message| message.id).collect();
    let digest = store::closings::insert_digest(tx.link(), tenant, group, &ids, now).await?;
    let forms = ledger::forms(tx, messages.iter(), HashMap::new()).await?;
    let form_of = |message: &Message| forms.get(&message.form_id?).cloned();
    let text = compose_digest(&book.account, &messages, form_of);
    let moments = book.digest(group, now);
    let notices: Vec<_> = moments.iter().flat_map(|moment| moment.notices.clone()).collect();
    let missing: Vec<&String> = moments.iter().flat_map(|moment| &moment.missing).collect();
    let why = format!(" in the digest “{}”", group.name);
    for mut message in messages {
        message.status = Status::Pending;
        ledger.log(&mut message, ActivityKind::Released.by_system("", &why));
        for notice in &notices {
            let what =
                domain::activity::delivery_named(notice.channel, &notice.name, &notice.address);
            ledger.log(&mut message, ActivityKind::Queued.by_system(&what, &notice.through));
        }
        for why in &missing {
            ledger.log(&mut message, ActivityKind::NobodyTold.by_system("", why));
        }
        if notices.is_empty() {
            let item = work_queue::dispatch(&message, "Nobody could be told.");
            ledger.items.push((tenant, item));
        }
        message.touch(now);
        ledger.keep(message);
    }
    for notice in notices {
        ledger.send_digest(tenant, book, notice, digest, text.clone());
    }
    Ok(())
}
