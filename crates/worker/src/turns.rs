//! Work that is one transaction and sends nothing itself: To Dos fired, messages escalated, many
//! at once.

use domain::{Job, JobKind};

use crate::halves::{Done, in_halves};
use crate::{Fault, Worker};

/// The kinds of such work. Each has a lane of its own.
pub(crate) const TURNS: [JobKind; 5] =
    [JobKind::Fire, JobKind::Escalate, JobKind::Release, JobKind::Digest, JobKind::Coverage];

/// Takes the turn of jobs of one kind, and answers how many deliveries there are now to make.
pub(crate) async fn turn(worker: &Worker, kind: JobKind, jobs: &[Job]) -> Done<usize> {
    in_halves(jobs.to_vec(), |jobs| {
        let app = worker.0.app.clone();
        async move {
            let made = match kind {
                JobKind::Fire => app::to_dos::fire_all(&app, &jobs).await,
                JobKind::Escalate => app::escalations::climb_all(&app, &jobs).await,
                JobKind::Release => app::closings::release_all(&app, &jobs).await,
                JobKind::Digest => app::closings::digest_all(&app, &jobs).await,
                JobKind::Coverage => app::on_call::check_all(&app, &jobs).await,
                _ => Ok(0),
            };
            made.map_err(Fault::from)
        }
    })
    .await
}
