//! Names to addresses, less those that the guard does not let: the only way to an address.

use std::fmt;
use std::future::Future;
use std::io;
use std::net::{IpAddr, SocketAddr};
use std::pin::Pin;
use std::sync::Arc;

use domain::webhook::Guard;
use reqwest::dns::{Addrs, Name, Resolve, Resolving};
use tokio::net::lookup_host;

/// Finds the addresses of a name.
pub type Lookup = Arc<dyn Fn(String) -> Finding + Send + Sync>;

/// Addresses that are being found.
type Finding = Pin<Box<dyn Future<Output = io::Result<Vec<IpAddr>>> + Send>>;

/// The system's resolver.
pub fn system() -> Lookup {
    Arc::new(|name| {
        Box::pin(async move {
            let found = lookup_host((name, 0)).await?;
            Ok(found.map(|address| address.ip()).collect())
        })
    })
}

/// Hands on the addresses that the guard lets, and only those.
pub(super) struct Guarded {
    pub(super) guard: Arc<Guard>,
    pub(super) lookup: Lookup,
}

impl Resolve for Guarded {
    fn resolve(&self, name: Name) -> Resolving {
        let guard = self.guard.clone();
        let finding = (self.lookup)(name.as_str().to_owned());
        Box::pin(async move {
            let found = finding.await.map_err(|_| NotFound)?;
            if found.is_empty() {
                return Err(NotFound.into());
            }
            let let_in: Vec<SocketAddr> = found
                .into_iter()
                .filter(|address| guard.lets(*address))
                // Port 0 takes the URL's.
                .map(|address| SocketAddr::new(address, 0))
                .collect();
            if let_in.is_empty() {
                return Err(NotAllowed.into());
            }
            Ok(Box::new(let_in.into_iter()) as Addrs)
        })
    }
}

/// A name leads to no address that may be connected to.
#[derive(Debug)]
pub(super) struct NotAllowed;

/// A name leads to no address.
#[derive(Debug)]
pub(super) struct NotFound;

impl fmt::Display for NotAllowed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("not allowed")
    }
}

impl fmt::Display for NotFound {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("not found")
    }
}

impl std::error::Error for NotAllowed {}
impl std::error::Error for NotFound {}
