//! How a carrier is spoken to: a delivery becomes what its protocol sends, and its answer an outcome.

use std::time::Duration;

use app::deliveries::Started;
use domain::delivery::Outcome;
use tokio::time::timeout;
use wire::Class;

use crate::Post;

/// How a carrier is spoken to.
#[derive(Debug)]
pub enum Line {
    /// An SMTP server.
    Mail(Post),
}

/// Where a carrier that calls back over HTTP reaches us.
#[derive(Clone, Debug)]
pub struct Callbacks {
    /// Our address as the carrier sees it, without a path: `https://desk.example`.
    pub base_url: String,
}

impl Line {
    /// Sends once, and ends within the channel's deadline.
    pub(super) async fn send(&self, started: &Started) -> Outcome {
        let deadline_ms = started.delivery.channel.deadline_ms().unsigned_abs();
        let deadline = Duration::from_millis(deadline_ms);
        match timeout(deadline, self.hand_over(started)).await {
            Ok(outcome) => heard(outcome),
            Err(_) => Outcome::Unknown("The carrier did not answer in time.".to_owned()),
        }
    }

    async fn hand_over(&self, started: &Started) -> wire::Outcome {
        let (tenant, delivery) = (&started.tenant, &started.delivery);
        match self {
            Line::Mail(post) => post.mailer.send(&post.mail(tenant, delivery)).await,
        }
    }
}

/// What a wire's outcome means for a delivery.
fn heard(outcome: wire::Outcome) -> Outcome {
    let refused = match outcome {
        Ok(wire::Accepted { response, references, reach }) => {
            return Outcome::Sent { response, references, reach };
        }
        Err(refused) => refused,
    };
    let reason = refused.reason;
    match refused.class {
        Class::Later => {
            let wait_ms = refused.retry_after.unwrap_or_default().as_millis();
            Outcome::Later { reason, wait_ms: i64::try_from(wait_ms).unwrap_or(i64::MAX) }
        }
        Class::Absent => Outcome::Absent(reason),
        Class::Never => Outcome::Never(reason),
        Class::Unknown => Outcome::Unknown(reason),
    }
}
