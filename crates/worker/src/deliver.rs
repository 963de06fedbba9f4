//! One attempt of a delivery: written down, made, written down again.

use std::future::pending;
use std::time::Duration;

use app::deliveries::{self, Started};
use domain::delivery::Outcome;
use domain::{Channel, Job, limits};
use tokio::time::timeout;
use wire::Class;

use crate::{End, Fault, Parts, figures};

/// Pause between two tries to write an outcome down.
const RECORD_PAUSE: Duration = Duration::from_millis(500);
/// Tries to write an outcome down; together they end before the lease does.
const RECORD_TRIES: u32 = 15;

/// Makes the next attempt of a delivery.
pub(crate) async fn attempt(parts: &Parts, job: &Job) -> Result<End, Fault> {
    let Some(started) = deliveries::start(&parts.app, job).await? else {
        return Ok(End::Moot);
    };
    let begun = parts.app.now();
    let outcome = send(parts, &started).await;
    let ms = parts.app.now().ms_since(begun);
    figures::send(started.delivery.channel, outcome.as_str(), ms);
    tracing::info!(
        job = job.id.0,
        tenant = job.tenant_id.0,
        message = started.delivery.message_id.0,
        delivery = started.delivery.id.0,
        attempt = started.number,
        outcome = outcome.as_str(),
        ms,
        "delivery attempted"
    );
    let is_recorded = record(parts, &started, &outcome).await?;
    Ok(if is_recorded { End::Done } else { End::Lost })
}

/// Sends once, with no transaction open.
async fn send(parts: &Parts, started: &Started) -> Outcome {
    let Some(post) = &parts.post else {
        return Outcome::Captured;
    };
    let Channel::Email = started.delivery.channel;
    let mail = post.mail(&started.tenant, &started.delivery);
    let deadline = Duration::from_millis(limits::SEND_DEADLINE_MS.unsigned_abs());
    match timeout(deadline, post.mailer.send(&mail)).await {
        Ok(Ok(accepted)) => Outcome::Sent(accepted.response),
        Ok(Err(refused)) => match refused.class {
            Class::Later | Class::Absent => Outcome::Later(refused.reason),
            Class::Never => Outcome::Never(refused.reason),
            Class::Unknown => Outcome::Unknown(refused.reason),
        },
        Err(_) => Outcome::Unknown("the mail server did not answer in time.".to_owned()),
    }
}

/// Writes the outcome down. What went out cannot be called back, so a database that is away for a
/// moment is tried again while the lease lasts: else the mail would go out twice.
async fn record(parts: &Parts, started: &Started, outcome: &Outcome) -> Result<bool, Fault> {
    let mut tries = 1;
    loop {
        match deliveries::record(&parts.app, started, outcome).await {
            Err(error) if tries < RECORD_TRIES && parts.app.now() < started.job.due_at => {
                let error = &error as &dyn std::error::Error;
                tracing::warn!(error, job = started.job.id.0, tries, "an outcome waits");
            }
            other => return Ok(other?),
        }
        tries += 1;
        // Nobody ever wakes it: it is the pause.
        let _ = timeout(RECORD_PAUSE, pending::<()>()).await;
    }
}
