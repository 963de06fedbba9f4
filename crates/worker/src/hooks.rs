//! The lane of the webhooks: events posted many at once, no webhook or host taking more than its
//! share.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use app::webhooks::{self, Posting};
use domain::webhook::PostAnswer;
use domain::{Instant, Job, JobKind, TenantId, Webhook, WebhookId, limits};
use tokio::sync::{mpsc, watch};
use tokio::task::JoinSet;
use wire::Secret;
use wire::webhook::{Post, Poster};

use crate::deliver::Patience;
use crate::halves::{Done, in_halves};
use crate::lanes::{Look, POLL_MS, note, rest};
use crate::{WorkFault, Worker, WorkerParts, figures};

/// Answers on their way to the database.
type Answers = mpsc::UnboundedSender<(Posting, PostAnswer)>;

/// Something that has only so many places.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
enum PostPlace {
    Webhook(TenantId, WebhookId),
    Host(String),
}

/// What is known of a place now.
#[derive(Clone, Copy, Debug)]
struct PlaceLoad {
    /// Posts under way.
    busy: usize,
    /// How long a post takes, as a rule, in milliseconds.
    takes_ms: i64,
    /// When those that were sent away before will all have had their turn.
    free_at: Instant,
}

/// How long a post takes of which nobody knows better, in milliseconds.
const USUAL_MS: i64 = 50;
/// The shortest time that one is sent away for, and the longest, in milliseconds.
const AWAY_MS: (i64, i64) = (5, limits::MINUTE_MS);

impl PlaceLoad {
    fn at(now: Instant) -> Self {
        PlaceLoad { busy: 0, takes_ms: USUAL_MS, free_at: now }
    }

    /// Sends a post away; answers for how long. Each gets a later turn than the one before, so that
    /// a long queue does not come back all at once, and a quick receiver is soon asked again.
    fn send_away(&mut self, most: usize, now: Instant) -> i64 {
        let share_ms = self.takes_ms / i64::try_from(most).unwrap_or(1).max(1);
        let waits_ms = self.free_at.ms_since(now).max(0) + share_ms;
        let waits_ms = waits_ms.clamp(AWAY_MS.0, AWAY_MS.1);
        self.free_at = now.plus_ms(waits_ms);
        waits_ms
    }
}

/// How many posts are under way, by webhook and by host.
#[derive(Clone, Debug, Default)]
pub(crate) struct PostPlaces(Arc<Mutex<HashMap<PostPlace, PlaceLoad>>>);

/// A place for a post, free again when it is dropped.
struct TakenPlace {
    places: PostPlaces,
    at: [PostPlace; 2],
}

const MOST: [usize; 2] = [limits::HOOK_POSTS_AT_ONCE, limits::HOST_POSTS_AT_ONCE];

impl PostPlaces {
    /// Takes a place for a post, or says in how many milliseconds there may be one.
    fn take(&self, webhook: &Webhook, now: Instant) -> Result<TakenPlace, i64> {
        let own = PostPlace::Webhook(webhook.tenant_id, webhook.id);
        let at = [own, PostPlace::Host(host(&webhook.url).to_owned())];
        let mut known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        for (place, most) in at.iter().zip(MOST) {
            if let Some(standing) = known.get_mut(place).filter(|one| one.busy >= most) {
                return Err(standing.send_away(most, now));
            }
        }
        for place in &at {
            known.entry(place.clone()).or_insert_with(|| PlaceLoad::at(now)).busy += 1;
        }
        Ok(TakenPlace { places: self.clone(), at })
    }
}

impl TakenPlace {
    /// Remembers how long the post took.
    fn note(&self, ms: i64) {
        let mut known = self.places.0.lock().unwrap_or_else(PoisonError::into_inner);
        for place in &self.at {
            if let Some(standing) = known.get_mut(place) {
                standing.takes_ms = (3 * standing.takes_ms + ms.max(0)) / 4;
            }
        }
    }
}

impl Drop for TakenPlace {
    fn drop(&mut self) {
        let mut known = self.places.0.lock().unwrap_or_else(PoisonError::into_inner);
        for place in &self.at {
            if let Some(standing) = known.get_mut(place) {
                standing.busy = standing.busy.saturating_sub(1);
            }
        }
        // What nobody is at and nobody waits for is forgotten, when there is much of it.
        if known.len() > KNOWN {
            known.retain(|_, standing| standing.busy > 0);
        }
    }
}

/// Webhooks and hosts that are remembered while nothing is posted to them.
const KNOWN: usize = 10_000;

/// The host of a URL as it is kept: between `//` and the port.
fn host(url: &str) -> &str {
    let rest = url.split_once("://").map_or(url, |(_, rest)| rest);
    let authority = rest.split(['/', '?']).next().unwrap_or(rest);
    match authority.rsplit_once(':') {
        Some((host, port)) if port.bytes().all(|b| b.is_ascii_digit()) => host,
        _ => authority,
    }
}

/// A post that may now be made, and its place.
struct Begun {
    posting: Posting,
    place: Option<TakenPlace>,
}

/// Writes down that posts start, and answers those that are to be made.
async fn begin(worker: &Worker, jobs: &[Job]) -> Done<Vec<Begun>> {
    in_halves(jobs.to_vec(), |jobs| {
        let worker = worker.clone();
        async move { begin_all(&worker.0, &jobs).await }
    })
    .await
}

async fn begin_all(parts: &WorkerParts, jobs: &[Job]) -> Result<Vec<Begun>, WorkFault> {
    let booked: Mutex<HashMap<WebhookId, Vec<TakenPlace>>> = Mutex::default();
    let room = |webhook: &Webhook| {
        let place = parts.places.take(webhook, parts.app.now())?;
        let mut booked = booked.lock().unwrap_or_else(PoisonError::into_inner);
        booked.entry(webhook.id).or_default().push(place);
        Ok(())
    };
    let started = webhooks::start_all(&parts.app, jobs, &room).await?;
    let mut booked = booked.into_inner().unwrap_or_else(PoisonError::into_inner);
    let begun = |posting: Posting| {
        let place = booked.get_mut(&posting.webhook.id).and_then(Vec::pop);
        Begun { posting, place }
    };
    Ok(started.into_iter().map(begun).collect())
}

/// Makes a post, with no transaction open.
async fn send(parts: &WorkerParts, poster: &Poster, begun: Begun) -> (Posting, PostAnswer) {
    let Begun { posting, place } = begun;
    let now = parts.app.now();
    let secret = |secret: &domain::HookSecret| Secret::new(&secret.0);
    let post = Post {
        url: &posting.webhook.url,
        id: &posting.event.key,
        timestamp_s: now.as_ms() / limits::SECOND_MS,
        body: &posting.event.body,
        secrets: posting.webhook.secrets_at(now).into_iter().map(secret).collect(),
    };
    let answer = poster.post(&post).await;
    let ms = parts.app.now().ms_since(now);
    if let Some(place) = &place {
        place.note(ms);
    }
    let outcome = if answer.is_taken() { "taken" } else { "refused" };
    figures::hook(outcome, ms);
    tracing::info!(
        job = posting.job.id.0,
        tenant = posting.job.tenant_id.0,
        webhook = posting.webhook.id.0,
        event = posting.event.kind.as_str(),
        attempt = posting.delivery.attempts,
        status = answer.status,
        outcome,
        ms,
        "webhook posted"
    );
    (posting, answer)
}

/// Writes down the answers to posts, and answers how many still counted.
async fn record(worker: &Worker, answers: &[(Posting, PostAnswer)]) -> Done<usize> {
    in_halves(answers.to_vec(), |answers| {
        let worker = worker.clone();
        async move {
            let rows: Vec<(&Posting, &PostAnswer)> =
                answers.iter().map(|(posting, answer)| (posting, answer)).collect();
            let mut patience = Patience::new(&worker.0, rows.len());
            loop {
                match webhooks::record_all(&worker.0.app, &rows).await {
                    Err(error) if patience.waits(&worker.0, &error).await => {}
                    other => return Ok(other?),
                }
            }
        }
    })
    .await
}

impl Worker {
    /// Posts events, as many at once as there is room for.
    pub(crate) async fn hook_lane(self, poster: Poster, mut stopped: watch::Receiver<bool>) {
        let (answers, written) = mpsc::unbounded_channel();
        let recorder = tokio::spawn(self.clone().write_answers(written));
        let most = self.0.settings.concurrency.min(limits::SENT_AT_ONCE);
        let mut running = JoinSet::new();
        while !*stopped.borrow() {
            while let Some(joined) = running.try_join_next() {
                note(joined);
            }
            let look = match most.saturating_sub(running.len()) {
                0 => Look::Dry(POLL_MS),
                room => {
                    let (look, jobs) = self.look(JobKind::Hook, room).await;
                    self.begin_posts(&poster, &mut running, &answers, &jobs).await;
                    look
                }
            };
            figures::running(JobKind::Hook, running.len());
            match look {
                Look::Full => {}
                Look::Dry(ms) if running.is_empty() => rest(&self, &mut stopped, ms, true).await,
                Look::Dry(ms) => tokio::select! {
                    () = rest(&self, &mut stopped, ms, true) => {}
                    Some(joined) = running.join_next() => note(joined),
                },
            }
        }
        while let Some(joined) = running.join_next().await {
            note(joined);
        }
        drop(answers);
        if recorder.await.is_err() {
            tracing::error!("the recorder of the webhooks panicked");
        }
    }

    /// Begins posts, each in a task of its own, which hands its answer on.
    async fn begin_posts(
        &self,
        poster: &Poster,
        running: &mut JoinSet<()>,
        answers: &Answers,
        jobs: &[Job],
    ) {
        if jobs.is_empty() {
            return;
        }
        let Done { made, failed } = begin(self, jobs).await;
        let begun: Vec<Begun> = made.into_iter().flatten().collect();
        self.ended(JobKind::Hook, jobs.len() - begun.len(), failed);
        for begun in begun {
            self.0.held.add(&begun.posting.job);
            let (worker, poster, answers) = (self.clone(), poster.clone(), answers.clone());
            running.spawn(async move {
                let made = send(&worker.0, &poster, begun).await;
                if answers.send(made).is_err() {
                    tracing::error!("an answer came after the recorder had ended");
                }
            });
        }
    }

    /// Writes answers down, together what came in together.
    async fn write_answers(self, mut written: mpsc::UnboundedReceiver<(Posting, PostAnswer)>) {
        let mut batch = Vec::new();
        while written.recv_many(&mut batch, limits::SENT_AT_ONCE).await > 0 {
            let answers = std::mem::take(&mut batch);
            let Done { made, failed } = record(&self, &answers).await;
            for (posting, _) in &answers {
                self.0.held.remove(posting.job.id);
            }
            let unwritten: usize = failed.iter().map(|(count, _)| count).sum();
            let lost = answers.len() - unwritten - made.iter().sum::<usize>();
            figures::jobs(JobKind::Hook, lost, "lost");
            self.ended(JobKind::Hook, answers.len() - lost, failed);
            self.0.woken.notify_waiters();
        }
    }

    /// One batch of posts, for the pump of the tests.
    pub(crate) async fn post_all(
        &self,
        poster: &Poster,
        jobs: &[Job],
    ) -> Result<Vec<(usize, WorkFault)>, tokio::task::JoinError> {
        let Done { made, mut failed } = begin(self, jobs).await;
        let mut running = JoinSet::new();
        for begun in made.into_iter().flatten() {
            let (worker, poster) = (self.clone(), poster.clone());
            running.spawn(async move { send(&worker.0, &poster, begun).await });
        }
        let mut answers = Vec::new();
        while let Some(joined) = running.join_next().await {
            answers.push(joined?);
        }
        failed.extend(record(self, &answers).await.failed);
        Ok(failed)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn those_sent_away_come_back_one_after_another_and_not_too_late() {
        let now = Instant::from_ms(0);
        let mut slow = PlaceLoad { takes_ms: 10_000, ..PlaceLoad::at(now) };
        let away: Vec<i64> = (0..3).map(|_| slow.send_away(4, now)).collect();
        assert_eq!(away, [2_500, 5_000, 7_500]);
        let last = (0..100).map(|_| slow.send_away(4, now)).last();
        assert_eq!(last, Some(limits::MINUTE_MS));
        let mut quick = PlaceLoad { takes_ms: 2, ..PlaceLoad::at(now) };
        assert_eq!((quick.send_away(4, now), quick.send_away(4, now)), (5, 5));
    }

    #[test]
    fn hosts() {
        for (url, expected) in [
            ("https://a.example/x", "a.example"),
            ("https://a.example:8443/x?y=b:9", "a.example"),
            ("https://a.example?x=1", "a.example"),
            ("http://[2606:4700::1]:8080/", "[2606:4700::1]"),
            ("http://[2606:4700::1]/", "[2606:4700::1]"),
            ("http://1.1.1.1:99/", "1.1.1.1"),
        ] {
            assert_eq!(host(url), expected, "{url}");
        }
    }
}
