//! Bells: whoever shows something live hears at once that it changed in this process.

use std::collections::HashMap;
use std::fmt;
use std::sync::{Mutex, PoisonError};

use domain::TenantId;
use tokio::sync::watch;

/// One bell for each tenant. What changes on other nodes rings none: that has to be looked for.
#[derive(Default)]
pub struct Bells(Mutex<HashMap<TenantId, watch::Sender<u64>>>);

impl Bells {
    /// Says that something changed that the console shows. After the commit.
    pub fn ring(&self, tenant: TenantId) {
        let bells = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(bell) = bells.get(&tenant) {
            bell.send_modify(|rung| *rung = rung.wrapping_add(1));
        }
    }

    /// Hears every later ring; several at once are heard as one.
    pub fn listen(&self, tenant: TenantId) -> watch::Receiver<u64> {
        let mut bells = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        bells.entry(tenant).or_insert_with(|| watch::channel(0).0).subscribe()
    }
}

impl fmt::Debug for Bells {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Bells")
    }
}
