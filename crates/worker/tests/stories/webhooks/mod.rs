//! Stories of webhooks: a receiver on loopback that verifies with the Standard Webhooks library.

mod told;
mod trouble;

use app::webhooks::{self, Logged, PostFilter, Secretive};
use domain::webhook::{Guard, WebhookEntry};
use domain::{HookKind, Webhook, WebhookId};
use testkit::webhooks::{Post, Receiver};
use wire::webhook::{Poster, Settings as HookSettings};

use super::*;

fn open_guard() -> Guard {
    Guard { allow_http: true, allow_private: true, ..Guard::default() }
}

/// A office whose law firm has webhooks, and the receivers that they lead to.
struct Hooked {
    world: World,
    office: Tenancy,
}

impl Hooked {
    async fn new() -> Self {
        let world = World::new().await;
        let office = world.tenancy("desk").await;
        Hooked { world, office }
    }

    /// A worker that captures mail, and posts with this much patience.
    fn worker(&self, timeout_ms: u64) -> Worker {
        let poster = Poster::new(HookSettings {
            guard: open_guard(),
            timeout: Duration::from_millis(timeout_ms),
            extra_roots: None,
            lookup: wire::webhook::system(),
        });
        worker(&self.world, None).posting(poster.expect("sound settings"))
    }

    /// A webhook of the law firm that leads to a receiver, which knows its secret.
    async fn hook(&self, receiver: &Receiver, path: &str, kinds: &[HookKind]) -> Secretive {
        let entry = WebhookEntry {
            url: receiver.url(path),
            description: "Case manager".to_owned(),
            kinds: kinds.iter().map(|kind| kind.as_str().to_owned()).collect(),
        };
        let (app, sam) = (&self.world.app, &self.office.supervisor);
        let made = webhooks::create(app, sam, self.office.law.id, &entry, &open_guard()).await;
        let made = made.expect("a webhook");
        receiver.know(&[&made.secret.0], app.now().as_ms());
        made
    }

    /// Moves the clock and does what is due then.
    async fn pass(&self, worker: &Worker, ms: i64) {
        self.world.clock.advance(ms);
        worker.pump().await.expect("a pump");
    }

    async fn log(&self, id: WebhookId) -> Vec<Logged> {
        let (app, sam) = (&self.world.app, &self.office.supervisor);
        webhooks::page(app, sam, id, &PostFilter::default(), 1_000).await.expect("a log")
    }

    async fn webhook(&self, id: WebhookId) -> Webhook {
        let (app, sam) = (&self.world.app, &self.office.supervisor);
        webhooks::watched(app, sam, id).await.expect("a webhook").1.webhook
    }

    /// The log of a webhook as one text, oldest first.
    async fn told(&self, id: WebhookId) -> String {
        let mut lines: Vec<String> = Vec::new();
        for Logged { delivery, .. } in self.log(id).await {
            let (kind, state) = (delivery.kind.as_str(), delivery.state.as_str());
            lines.push(format!("{kind} {state} {}: {}", delivery.attempts, delivery.detail));
        }
        lines.reverse();
        lines.join("\n")
    }
}

fn types(posts: &[Post]) -> Vec<String> {
    let word = |post: &Post| post.payload()["type"].as_str().expect("a type").to_owned();
    posts.iter().map(word).collect()
}
