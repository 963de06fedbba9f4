//! What every door holds: the application, the audio, and how it is reached from outside.

use std::net::IpAddr;
use std::sync::Arc;

use app::App;
use blobs::Blobs;
use domain::webhook::Guard;
use domain::{Channel, Tenant};
use handbook::Handbook;
use tokio::sync::Semaphore;
use wire::Secret;

use crate::{Guesses, Streams, passwords};

/// The doors' shared state. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Web {
    /// The use cases.
    pub app: App,
    /// The bytes of recordings.
    pub blobs: Blobs,
    /// How it is reached from outside.
    pub settings: Arc<Settings>,
    /// Wrong tokens and passwords, counted by address.
    pub guesses: Arc<Guesses>,
    /// What some carrier serves; all else is captured, and the pages say so.
    pub served: Arc<Vec<ServedChannel>>,
    /// Carriers that call back over HTTP; none unless the operator has set them up.
    pub callbacks: Arc<Vec<Callback>>,
    /// Where mail that came back is handed in; nowhere unless the operator has set it up.
    pub bounces: Option<Arc<Bounces>>,
    /// What the console shows as it happens.
    pub streams: Streams,
    /// Where webhooks may lead.
    pub hook_guard: Arc<Guard>,
    /// The documentation; empty unless the server brings it.
    pub handbook: Arc<Handbook>,
    /// Holds back more passwords than can be hashed at once.
    pub(crate) hashing: Arc<Semaphore>,
}

/// How the doors are reached from outside.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Settings {
    /// The domain whose subdomains are tenants, e.g. `liberty.example`; `None` where there is one
    /// tenant only.
    pub base_domain: Option<String>,
    /// The subdomain of the tenant that answers where a host names none.
    pub default_tenant: Option<String>,
    /// Whether people come over HTTPS: cookies are then `Secure`, and browsers are told to stay.
    pub is_https: bool,
    /// Proxies whose `X-Forwarded-For` is believed.
    pub trusted_proxies: Vec<IpAddr>,
}

/// A channel that a carrier serves.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ServedChannel {
    /// The channel.
    pub channel: Channel,
    /// The subdomains of the tenants for whom it does; empty for all.
    pub tenants: Vec<String>,
}

/// A carrier that calls back over HTTP, and how its callbacks are known to be its own.
#[derive(Clone, Debug)]
pub struct Callback {
    /// The carrier's name, as its deliveries carry it.
    pub carrier: String,
    /// The subdomains of the tenants that it serves; empty for all.
    pub tenants: Vec<String>,
    /// What it signs its callbacks with.
    pub auth_token: Secret,
    /// How it reaches us, up to the path: `https://liberty.example`. Its signature covers that.
    pub base_url: String,
}

/// Where the operator's mail server hands in mail that came back.
#[derive(Clone, Debug)]
pub struct Bounces {
    /// The names of the mail carriers whose mail it may be.
    pub carriers: Vec<String>,
    /// The bearer token that the mail server sends.
    pub token: Secret,
}

impl Web {
    /// Doors to an application that captures everything instead of sending it.
    pub fn new(app: App, blobs: Blobs, settings: Settings) -> Self {
        Web {
            app,
            blobs,
            settings: Arc::new(settings),
            guesses: Arc::default(),
            served: Arc::default(),
            callbacks: Arc::default(),
            bounces: None,
            streams: Streams::default(),
            hook_guard: Arc::default(),
            handbook: Arc::default(),
            hashing: Arc::new(passwords::line()),
        }
    }

    /// The channels on which something is really sent for a tenant.
    pub fn channels(&self, tenant: &Tenant) -> Vec<Channel> {
        let is_for =
            |it: &&ServedChannel| it.tenants.is_empty() || it.tenants.contains(&tenant.subdomain);
        self.served.iter().filter(is_for).map(|it| it.channel).collect()
    }
}

impl Settings {
    /// `http` or `https`, as people write it.
    pub fn scheme(&self) -> &'static str {
        if self.is_https { "https" } else { "http" }
    }
}
