//! Posts of events: written down before they are made, and their answers afterwards.

use std::collections::{HashMap, HashSet};

use domain::webhook::{DisabledWhy, PostAnswer, PostVerdict, decide};
use domain::{
    HookAttempt, HookDelivery, HookDeliveryId, HookEvent, HookEventId, HookState, Instant, Job,
    JobId, JobKind, TenantId, Webhook, WebhookId, limits,
};
use store::Tx;
use store::jobs::NewJob;
use store::webhooks::posts::{AttemptRow, OwnedDelivery};

use crate::audit::{self, Who};
use crate::{App, Result};

/// Asked whether there is a place for a post to a webhook: takes it, or says in how many milliseconds
/// there may be one.
pub type Room<'a> = &'a (dyn Fn(&Webhook) -> std::result::Result<(), i64> + Send + Sync);

/// A post that may now be made.
#[derive(Clone, Debug)]
pub struct Posting {
    /// The job that asked for it.
    pub job: Job,
    /// Where to, and what signs it.
    pub webhook: Webhook,
    /// What is told.
    pub event: HookEvent,
    /// The delivery, as it was written down.
    pub delivery: HookDelivery,
    /// When the attempt was written down.
    pub started_at: Instant,
}

/// What is to be written in one transaction.
#[derive(Default)]
struct PostRows {
    begun: Vec<AttemptRow>,
    ended: Vec<AttemptRow>,
    deliveries: Vec<OwnedDelivery>,
    finished: Vec<JobId>,
    postponed: Vec<(JobId, Instant)>,
}

impl PostRows {
    async fn write(&self, tx: &mut Tx) -> Result<()> {
        // Ends come first: a crashed attempt ends before the one that follows it starts.
        store::webhooks::posts::finish_attempts(tx.link(), &self.ended).await?;
        store::webhooks::posts::insert_attempts(tx.link(), &self.begun).await?;
        store::webhooks::posts::update_all(tx.link(), &self.deliveries).await?;
        store::jobs::finish(tx.link(), &self.finished).await?;
        Ok(store::jobs::postpone(tx.link(), &self.postponed).await?)
    }
}

/// Writes down that posts start, and answers those that may now be made. What has no place is due
/// again when there may be one.
///
/// An event waits while an earlier one of the same subject is not finished, for
/// [`limits::HOOK_ORDER_MS`] at most. A post whose worker died is ended as unknown, and made again
/// under the same `webhook-id`.
pub async fn start_all(app: &App, jobs: &[Job], room: Room<'_>) -> Result<Vec<Posting>> {
    let now = app.now();
    let mut tx = app.db.begin().await?;
    let jobs = store::jobs::hold(tx.link(), jobs).await?;
    if jobs.is_empty() {
        return Ok(Vec::new());
    }
    let mut starting = Starting::load(&mut tx, &jobs, now).await?;
    let mut started = Vec::new();
    for job in &jobs {
        if let Some((webhook, delivery)) = starting.look(job, room) {
            started.push((job, webhook, delivery));
        }
    }
    let ids: Vec<(TenantId, HookEventId)> =
        started.iter().map(|(job, _, delivery)| (job.tenant_id, delivery.event_id)).collect();
    let events = if ids.is_empty() {
        Vec::new()
    } else {
        store::webhooks::posts::events(tx.link(), &ids).await?
    };
    let events: HashMap<HookEventId, HookEvent> =
        events.into_iter().map(|event| (event.id, event)).collect();
    starting.pages.write(&mut tx).await?;
    tx.commit().await?;
    let posting = |(job, webhook, delivery): (&Job, Webhook, HookDelivery)| {
        let event = events.get(&delivery.event_id)?.clone();
        Some(Posting { job: job.clone(), webhook, event, delivery, started_at: now })
    };
    Ok(started.into_iter().filter_map(posting).collect())
}

/// A look at many deliveries that are due.
struct Starting {
    now: Instant,
    found: HashMap<HookDeliveryId, OwnedDelivery>,
    webhooks: HashMap<WebhookId, Webhook>,
    /// Those that an earlier one goes before, and when that one is tried next.
    blocked: HashMap<HookDeliveryId, Option<Instant>>,
    pages: PostRows,
}

impl Starting {
    async fn load(tx: &mut Tx, jobs: &[Job], now: Instant) -> Result<Self> {
        let ids: Vec<(TenantId, HookDeliveryId)> =
            jobs.iter().map(|job| (job.tenant_id, HookDeliveryId(job.subject_id))).collect();
        let rows = store::webhooks::posts::find_all_to_change(tx.link(), &ids).await?;
        let mut hooks: Vec<(TenantId, WebhookId)> =
            rows.iter().map(|(tenant, row)| (*tenant, row.webhook_id)).collect();
        hooks.sort_unstable();
        hooks.dedup();
        let webhooks = store::webhooks::of_any_tenant(tx.link(), &hooks).await?;
        let blocked = store::webhooks::posts::blocked(tx.link(), &ids).await?;
        Ok(Starting {
            now,
            found: rows.into_iter().map(|(tenant, row)| (row.id, (tenant, row))).collect(),
            webhooks: webhooks.into_iter().map(|webhook| (webhook.id, webhook)).collect(),
            blocked: blocked.into_iter().collect(),
            pages: PostRows::default(),
        })
    }

    fn look(&mut self, job: &Job, room: Room<'_>) -> Option<(Webhook, HookDelivery)> {
        let found = self.found.remove(&HookDeliveryId(job.subject_id));
        let found = found.filter(|(tenant, row)| *tenant == job.tenant_id && !row.state.is_final());
        let Some((tenant, mut delivery)) = found else {
            self.pages.finished.push(job.id);
            return None;
        };
        let crashed = delivery.state == HookState::Posting;
        if crashed {
            self.close_crashed(tenant, &mut delivery);
        }
        let webhook = self.webhooks.get(&delivery.webhook_id).cloned();
        let Some(webhook) = webhook.filter(|webhook| webhook.disabled.is_none()) else {
            return self.end(job, delivery, HookState::Cancelled, "The webhook is disabled.");
        };
        if crashed && delivery.tries > most_tries() {
            return self.end(job, delivery, HookState::Failed, "It was tried often enough.");
        }
        if let Some(at) = self.turn_of(&delivery) {
            return self.wait(job, delivery, at, crashed);
        }
        if let Err(wait_ms) = room(&webhook) {
            return self.wait(job, delivery, self.now.plus_ms(wait_ms), crashed);
        }
        self.begin(tenant, &mut delivery);
        Some((webhook, delivery))
    }

    /// When to look again at one that an earlier one goes before.
    fn turn_of(&self, delivery: &HookDelivery) -> Option<Instant> {
        let next = self.blocked.get(&delivery.id)?;
        let since = delivery.next_at.unwrap_or(delivery.created_at);
        let last = since.plus_ms(limits::HOOK_ORDER_MS);
        let at = next.unwrap_or(self.now).max(self.now).plus_ms(limits::SECOND_MS);
        (self.now < last).then(|| at.min(last))
    }

    fn begin(&mut self, tenant: TenantId, delivery: &mut HookDelivery) {
        delivery.state = HookState::Posting;
        delivery.attempts += 1;
        delivery.tries += 1;
        delivery.next_at = None;
        let attempt = HookAttempt {
            number: delivery.attempts,
            started_at: self.now,
            finished_at: None,
            status: None,
            detail: String::new(),
            answer: String::new(),
        };
        self.pages.begun.push((tenant, delivery.id, attempt));
        self.pages.deliveries.push((tenant, delivery.clone()));
    }

    /// Ends the attempt of a worker that died: nobody knows its outcome.
    fn close_crashed(&mut self, tenant: TenantId, delivery: &mut HookDelivery) {
        "The server stopped before an answer came.".clone_into(&mut delivery.detail);
        delivery.state = HookState::Pending;
        let attempt = HookAttempt {
            number: delivery.attempts,
            started_at: self.now,
            finished_at: Some(self.now),
            status: None,
            detail: delivery.detail.clone(),
            answer: String::new(),
        };
        self.pages.ended.push((tenant, delivery.id, attempt));
    }

    fn wait(
        &mut self,
        job: &Job,
        mut delivery: HookDelivery,
        at: Instant,
        crashed: bool,
    ) -> Option<(Webhook, HookDelivery)> {
        if crashed {
            delivery.next_at = Some(at);
            self.pages.deliveries.push((job.tenant_id, delivery));
        }
        self.pages.postponed.push((job.id, at));
        None
    }

    fn end(
        &mut self,
        job: &Job,
        mut delivery: HookDelivery,
        state: HookState,
        why: &str,
    ) -> Option<(Webhook, HookDelivery)> {
        delivery.state = state;
        why.clone_into(&mut delivery.detail);
        delivery.next_at = None;
        delivery.finished_at = Some(self.now);
        self.pages.deliveries.push((job.tenant_id, delivery));
        self.pages.finished.push(job.id);
        None
    }
}

/// Attempts after which one that crashed is not made again.
fn most_tries() -> i64 {
    i64::try_from(limits::HOOK_WAITS_MS.len()).unwrap_or(i64::MAX)
}

/// Writes down the answers to posts: on attempts, deliveries and webhooks, and in the queue. Answers
/// how many still counted: whoever lost its lease meanwhile writes nothing.
#[crate::boxed]
pub async fn record_all(app: &App, answers: &[(&Posting, &PostAnswer)]) -> Result<usize> {
    let now = app.now();
    let mut tx = app.db.begin().await?;
    let jobs: Vec<Job> = answers.iter().map(|(posting, _)| posting.job.clone()).collect();
    let held = store::jobs::hold(tx.link(), &jobs).await?;
    let held_ids: HashSet<JobId> = held.iter().map(|job| job.id).collect();
    let mut pages = PostRows::default();
    let mut ended: Vec<(TenantId, HookDeliveryId)> = Vec::new();
    let mut news: HashMap<(TenantId, WebhookId), News> = HashMap::new();
    for (posting, answer) in answers.iter().filter(|(one, _)| held_ids.contains(&one.job.id)) {
        let tenant = posting.job.tenant_id;
        let mut delivery = posting.delivery.clone();
        let verdict = decide(answer, delivery.tries, now, app.entropy.number());
        news.entry((tenant, delivery.webhook_id)).or_default().note(verdict);
        pages.ended.push((tenant, delivery.id, attempt(posting, answer, now)));
        delivery.detail.clone_from(&answer.detail);
        delivery.state = match verdict {
            PostVerdict::Delivered => HookState::Delivered,
            PostVerdict::Again(_) => HookState::Pending,
            PostVerdict::Failed | PostVerdict::Gone => HookState::Failed,
        };
        if let PostVerdict::Again(at) = verdict {
            delivery.next_at = Some(at);
            pages.postponed.push((posting.job.id, at));
        } else {
            delivery.finished_at = Some(now);
            pages.finished.push(posting.job.id);
            ended.push((tenant, delivery.id));
        }
        pages.deliveries.push((tenant, delivery));
    }
    pages.write(&mut tx).await?;
    let mut news: Vec<((TenantId, WebhookId), News)> = news.into_iter().collect();
    news.sort_unstable_by_key(|(id, _)| *id);
    for (id, news) in news {
        judge(&mut tx, id, news, now).await?;
    }
    wake(&mut tx, &ended, now).await?;
    tx.commit().await?;
    Ok(held.len())
}

fn attempt(posting: &Posting, answer: &PostAnswer, now: Instant) -> HookAttempt {
    HookAttempt {
        number: posting.delivery.attempts,
        started_at: posting.started_at,
        finished_at: Some(now),
        status: answer.status.map(i64::from),
        detail: answer.detail.clone(),
        answer: answer.body.clone(),
    }
}

/// What the posts of one batch say about a webhook.
#[derive(Clone, Copy, Default)]
struct News {
    works: bool,
    fails: bool,
    is_gone: bool,
}

impl News {
    fn note(&mut self, verdict: PostVerdict) {
        match verdict {
            PostVerdict::Delivered => self.works = true,
            PostVerdict::Again(_) | PostVerdict::Failed => self.fails = true,
            PostVerdict::Gone => self.is_gone = true,
        }
    }
}

/// Notes whether a webhook works, and disables one that is gone or has failed for too long.
async fn judge(
    tx: &mut Tx,
    (tenant, id): (TenantId, WebhookId),
    news: News,
    now: Instant,
) -> Result<()> {
    let Some(before) = store::webhooks::find(tx.link(), tenant, id).await? else { return Ok(()) };
    let changes = news.is_gone
        || news.works && before.failing_since.is_some()
        || !news.works && (before.failing_since.is_none() || before.is_lost_at(now));
    if !changes || before.disabled.is_some() {
        return Ok(());
    }
    // Only now is it locked: what works as before changes nothing.
    let found = store::webhooks::find_to_change(tx.link(), tenant, id).await?;
    let Some(mut webhook) = found.filter(|webhook| webhook.disabled.is_none()) else {
        return Ok(());
    };
    if news.works {
        webhook.failing_since = None;
    } else if news.fails {
        webhook.failing_since = webhook.failing_since.or(Some(now));
    }
    let why = match (news.is_gone, webhook.is_lost_at(now)) {
        (true, _) => Some((DisabledWhy::Gone, "webhook.gone")),
        (false, true) => Some((DisabledWhy::Failing, "webhook.failing")),
        (false, false) => None,
    };
    if let Some((why, action)) = why {
        webhook.disabled = Some((now, why));
        webhook.updated_at = now;
        let reason = "The webhook was disabled first.";
        store::webhooks::posts::cancel_waiting(tx.link(), tenant, id, reason, now).await?;
        audit::record_by(tx, tenant, Who::Named("Liberty"), action, &webhook.url, now).await?;
    }
    Ok(store::webhooks::update(tx.link(), &webhook).await?)
}

/// Makes due what waited for deliveries that have ended.
pub(super) async fn wake(
    tx: &mut Tx,
    ended: &[(TenantId, HookDeliveryId)],
    now: Instant,
) -> Result<()> {
    if ended.is_empty() {
        return Ok(());
    }
    let job = |(tenant_id, id): (TenantId, HookDeliveryId)| NewJob {
        tenant_id,
        kind: JobKind::Hook,
        subject_id: id.0,
        due_at: now,
    };
    let mut next = store::webhooks::posts::next_after(tx.link(), ended).await?;
    next.sort_unstable();
    next.dedup();
    let jobs: Vec<NewJob> = next.into_iter().map(job).collect();
    Ok(store::jobs::set_all(tx.link(), &jobs).await?)
}
