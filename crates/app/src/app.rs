//! What every use case needs: the database, the clock, and a source of randomness.

use std::fmt;
use std::sync::Arc;

use domain::token::Key;
use domain::{Instant, Tenant};
use store::Db;

use crate::fresh::Fresh;
use crate::links::Links;
use crate::{Actor, Bells};

/// Tells what time it is. The real one stands in the server, one that tests move in the testkit.
pub trait Clock: Send + Sync + 'static {
    /// Now.
    fn now(&self) -> Instant;
}

/// A source of random bytes: the operating system's, or a seeded one in tests.
#[derive(Clone)]
pub struct Entropy(Arc<Fill>);

type Fill = dyn Fn(&mut [u8]) + Send + Sync;

impl Entropy {
    /// A source that fills what it is given.
    pub fn new(fill: impl Fn(&mut [u8]) + Send + Sync + 'static) -> Self {
        Entropy(Arc::new(fill))
    }

    /// That many random bytes.
    pub fn bytes<const N: usize>(&self) -> [u8; N] {
        let mut bytes = [0; N];
        (self.0)(&mut bytes);
        bytes
    }

    /// A random number.
    pub fn number(&self) -> u64 {
        u64::from_le_bytes(self.bytes())
    }

    /// A random UUID (RFC 9562, version 4) as 36 characters.
    pub fn uuid(&self) -> String {
        let mut bytes: [u8; 16] = self.bytes();
        bytes[6] = bytes[6] & 0x0f | 0x40;
        bytes[8] = bytes[8] & 0x3f | 0x80;
        let hex = data_encoding::HEXLOWER.encode(&bytes);
        let parts = [&hex[..8], &hex[8..12], &hex[12..16], &hex[16..20], &hex[20..]];
        parts.join("-")
    }
}

impl fmt::Debug for Entropy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Entropy")
    }
}

/// The application. Cheap to clone; all clones are one.
#[derive(Clone)]
pub struct App {
    pub(crate) db: Db,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) entropy: Entropy,
    /// Tokens that work, by their hash, and whom each stands for.
    pub(crate) keys: Arc<Fresh<(Actor, Key)>>,
    pub(crate) tenants: Arc<Fresh<Tenant>>,
    /// Where the links of a tenant lead and what they are signed with, by its id.
    pub(crate) origins: Arc<Fresh<Option<(String, String)>>>,
    pub(crate) links: Arc<Links>,
    pub(crate) bells: Arc<Bells>,
}

impl App {
    /// An application on a database that is brought to this version already.
    pub fn new(db: Db, clock: Arc<dyn Clock>, entropy: Entropy) -> Self {
        App {
            db,
            clock,
            entropy,
            keys: Arc::default(),
            tenants: Arc::default(),
            origins: Arc::default(),
            links: Arc::default(),
            bells: Arc::default(),
        }
    }

    /// The same application, which knows how people reach it from outside.
    #[must_use]
    pub fn with_links(self, links: Links) -> Self {
        App { links: Arc::new(links), ..self }
    }

    /// How people reach it from outside.
    pub fn links(&self) -> &Links {
        &self.links
    }

    /// Now.
    pub fn now(&self) -> Instant {
        self.clock.now()
    }

    /// The source of randomness, for doors that need a nonce of their own.
    pub fn entropy(&self) -> &Entropy {
        &self.entropy
    }

    /// What rings when something changes in this process that the console shows.
    pub fn bells(&self) -> &Bells {
        &self.bells
    }

    /// Whether the database answers and its tables are those of this version.
    #[crate::boxed]
    pub async fn is_ready(&self) -> crate::Result<bool> {
        self.db.ping().await?;
        Ok(self.db.is_migrated().await?)
    }
}

impl fmt::Debug for App {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("App")
    }
}
