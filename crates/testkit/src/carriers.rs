//! Carriers as the use cases see them, without any: for tests that start and record by themselves.

use app::deliveries::{AttemptPlan, Carriers};
use domain::delivery::{Outcome, Reach};
use domain::{Delivery, Tenant};

/// One carrier of this name, which takes everything and honours no key.
#[derive(Clone, Copy, Debug)]
pub struct Asked(pub &'static str);

impl Carriers for Asked {
    fn plan(&self, _: &Tenant, _: &Delivery) -> AttemptPlan {
        AttemptPlan::Ask(self.0.to_owned())
    }

    fn honours_key(&self, _: &str) -> bool {
        false
    }
}

/// The outcome of a send that the carrier took.
pub fn sent(response: &str) -> Outcome {
    let references = Vec::new();
    Outcome::Sent { response: response.to_owned(), reach: Reach::Carrier, references }
}

/// The outcome of a send that may work later.
pub fn later(reason: &str) -> Outcome {
    Outcome::Later { reason: reason.to_owned(), wait_ms: 0 }
}
