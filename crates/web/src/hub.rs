//! What is live, loaded once for each change and shared by everybody of a tenant who looks.

use std::collections::HashMap;
use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use app::App;
use app::live::{self, Snapshot};
use domain::{TenantId, UserId, limits};
use tokio::sync::watch;
use tokio::time::timeout;

/// How often it is looked for changes that other nodes made.
const LOOK_EVERY: Duration = Duration::from_millis(250);

/// What a tenant's console shows, and which of its versions that is.
#[derive(Clone, Debug, Default)]
pub struct LiveView {
    /// Grows with each change.
    pub version: u64,
    /// All of it, for no one person's eyes: see [`Snapshot::of`].
    pub snapshot: Snapshot,
}

/// Streams of what is live. Cheap to clone; all clones are one.
#[derive(Clone)]
pub struct Streams(Arc<Inner>);

struct Inner {
    rooms: Mutex<HashMap<TenantId, watch::Sender<Arc<LiveView>>>>,
    open: Mutex<HashMap<(TenantId, UserId), usize>>,
    closing: watch::Sender<bool>,
}

impl Default for Streams {
    fn default() -> Self {
        Streams(Arc::new(Inner {
            rooms: Mutex::default(),
            open: Mutex::default(),
            closing: watch::channel(false).0,
        }))
    }
}

impl fmt::Debug for Streams {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Streams")
    }
}

/// A stream's place among those of its user, given up when it is dropped.
#[derive(Debug)]
pub struct StreamSeat(Streams, (TenantId, UserId));

impl Drop for StreamSeat {
    fn drop(&mut self) {
        let mut open = self.0.0.open.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(count) = open.get_mut(&self.1) {
            *count -= 1;
            if *count == 0 {
                open.remove(&self.1);
            }
        }
    }
}

impl Streams {
    /// Ends every stream, now and later: the server stops. Browsers come back to another node.
    pub fn close(&self) {
        self.0.closing.send_replace(true);
    }

    /// Becomes true when the server stops.
    pub fn closing(&self) -> watch::Receiver<bool> {
        self.0.closing.subscribe()
    }

    /// A place for one more stream of a user; `None` if there are too many.
    pub fn enter(&self, tenant: TenantId, user: UserId) -> Option<StreamSeat> {
        let key = (tenant, user);
        let mut open = self.0.open.lock().unwrap_or_else(PoisonError::into_inner);
        let count = open.entry(key).or_default();
        if *count >= limits::STREAMS_PER_USER {
            return None;
        }
        *count += 1;
        Some(StreamSeat(self.clone(), key))
    }

    /// What a tenant's console shows, and each later version of it. The newest only: who is slow
    /// misses those between.
    pub async fn watch(
        &self,
        app: &App,
        tenant: TenantId,
    ) -> app::Result<watch::Receiver<Arc<LiveView>>> {
        if let Some(room) = self.room(tenant) {
            return Ok(room);
        }
        let bell = app.bells().listen(tenant);
        let pulse = live::pulse(app, tenant).await?;
        let snapshot = live::snapshot(app, tenant).await?;
        let mut rooms = self.0.rooms.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(room) = rooms.get(&tenant) {
            return Ok(room.subscribe());
        }
        let (sender, room) = watch::channel(Arc::new(LiveView { version: 1, snapshot }));
        rooms.insert(tenant, sender.clone());
        drop(rooms);
        let keeper = Keeper { streams: self.clone(), app: app.clone(), tenant, sender, pulse };
        tokio::spawn(keeper.keep(bell));
        Ok(room)
    }

    fn room(&self, tenant: TenantId) -> Option<watch::Receiver<Arc<LiveView>>> {
        let rooms = self.0.rooms.lock().unwrap_or_else(PoisonError::into_inner);
        rooms.get(&tenant).map(watch::Sender::subscribe)
    }

    /// Gives a room up that nobody is in.
    fn leave(&self, tenant: TenantId) -> bool {
        let mut rooms = self.0.rooms.lock().unwrap_or_else(PoisonError::into_inner);
        let is_empty = rooms.get(&tenant).is_none_or(|room| room.receiver_count() == 0);
        if is_empty {
            rooms.remove(&tenant);
        }
        is_empty
    }
}

/// Keeps a tenant's room up to date as long as somebody is in it.
struct Keeper {
    streams: Streams,
    app: App,
    tenant: TenantId,
    sender: watch::Sender<Arc<LiveView>>,
    /// What was there when it was loaded last.
    pulse: String,
}

impl Keeper {
    async fn keep(mut self, mut bell: watch::Receiver<u64>) {
        let mut is_failing = false;
        loop {
            let rung = matches!(timeout(LOOK_EVERY, bell.changed()).await, Ok(Ok(())));
            if self.streams.leave(self.tenant) {
                return;
            }
            match self.look(rung).await {
                Ok(()) => is_failing = false,
                Err(error) if !is_failing => {
                    is_failing = true;
                    let error = &error as &dyn std::error::Error;
                    tracing::warn!(error, "what is live could not be read");
                }
                Err(_) => {}
            }
        }
    }

    /// Loads and shares what changed, if anything did.
    async fn look(&mut self, rung: bool) -> app::Result<()> {
        let pulse = live::pulse(&self.app, self.tenant).await?;
        if !rung && pulse == self.pulse {
            return Ok(());
        }
        let snapshot = live::snapshot(&self.app, self.tenant).await?;
        self.pulse = pulse;
        let version = self.sender.borrow().version + 1;
        self.sender.send_replace(Arc::new(LiveView { version, snapshot }));
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_user_has_so_many_streams_and_no_more() {
        let streams = Streams::default();
        let enter = || streams.enter(TenantId(1), UserId(2));
        let mut places: Vec<_> = (0..limits::STREAMS_PER_USER).map(|_| enter()).collect();
        assert!(places.iter().all(Option::is_some) && enter().is_none());
        assert!(streams.enter(TenantId(2), UserId(2)).is_some(), "another tenant's");
        places.pop();
        assert!(enter().is_some());
    }
}
