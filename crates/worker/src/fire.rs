//! Occurrences of To Dos that are due, fired many at once.

use domain::Job;

use crate::halves::{Done, in_halves};
use crate::{Fault, Worker};

/// Fires To Dos, and answers how many deliveries there are now to make.
pub(crate) async fn fire(worker: &Worker, jobs: &[Job]) -> Done<usize> {
    in_halves(jobs.to_vec(), |jobs| {
        let app = worker.0.app.clone();
        async move { app::to_dos::fire_all(&app, &jobs).await.map_err(Fault::from) }
    })
    .await
}
