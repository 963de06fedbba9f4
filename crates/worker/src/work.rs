//! The table of the worker: what is done about each kind of job. Lanes and pump both read it.

use std::pin::Pin;

use app::App;
use domain::{Channel, Job, JobKind};
use wire::webhook::Poster;

use crate::halves::{Done, in_halves};
use crate::{WorkFault, Worker};

/// How jobs of a kind are done.
pub(crate) enum Work {
    /// In one transaction, many at once, which sends nothing itself.
    Turn(Turn),
    /// By removing audio, one recording after another.
    Purge,
    /// By an attempt over this channel, many under way.
    Deliver(Channel),
    /// By a post to a webhook, many under way.
    Post(Poster),
}

/// A use case that does jobs, and answers how many deliveries there are now to make.
pub(crate) type Turn = for<'a> fn(&'a App, &'a [Job]) -> TurnFuture<'a>;

type TurnFuture<'a> = Pin<Box<dyn Future<Output = app::Result<usize>> + Send + 'a>>;

impl Worker {
    /// What this worker does about jobs of a kind; `None` leaves them to a worker that can.
    pub(crate) fn work(&self, kind: JobKind) -> Option<Work> {
        Some(match kind {
            JobKind::Fire => Work::Turn(|app, jobs| Box::pin(app::to_dos::fire_all(app, jobs))),
            JobKind::Escalate => {
                Work::Turn(|app, jobs| Box::pin(app::escalations::climb_all(app, jobs)))
            }
            JobKind::Release => {
                Work::Turn(|app, jobs| Box::pin(app::closings::release_all(app, jobs)))
            }
            JobKind::Digest => {
                Work::Turn(|app, jobs| Box::pin(app::closings::digest_all(app, jobs)))
            }
            JobKind::Coverage => {
                Work::Turn(|app, jobs| Box::pin(app::on_call::check_all(app, jobs)))
            }
            JobKind::PurgeRecording => Work::Purge,
            JobKind::Deliver(channel) => Work::Deliver(channel),
            JobKind::Hook => Work::Post(self.0.poster.clone()?),
        })
    }

    /// Takes the turn of jobs.
    pub(crate) async fn turn(&self, turn: Turn, jobs: &[Job]) -> Done<usize> {
        in_halves(jobs.to_vec(), |jobs| {
            let app = self.0.app.clone();
            async move { turn(&app, &jobs).await.map_err(WorkFault::from) }
        })
        .await
    }
}
