//! Passwords hashed and verified beside the requests: on threads of their own, a few at a time.

use app::passwords;
use tokio::sync::Semaphore;

use crate::Web;

/// Passwords that are hashed at once. Each takes a core for tens of milliseconds and 19 MiB, so
/// a flood of sign-ins waits in line instead of taking all memory.
const AT_ONCE: usize = 4;

/// The line in which passwords wait to be hashed.
pub fn line() -> Semaphore {
    Semaphore::new(AT_ONCE)
}

/// Whether a password belongs to a hash; see [`passwords::verify`].
pub async fn verify(web: &Web, password: &str, hash: Option<String>) -> bool {
    let password = password.to_owned();
    aside(web, move || passwords::verify(&password, hash.as_deref())).await.unwrap_or(false)
}

/// Hashes a password; see [`passwords::hash`]. `None` only when the server is going down.
pub async fn hash(web: &Web, password: &str) -> Option<String> {
    let (app, password) = (web.app.clone(), password.to_owned());
    aside(web, move || passwords::hash(&app, &password)).await
}

async fn aside<T: Send + 'static>(
    web: &Web,
    work: impl FnOnce() -> T + Send + 'static,
) -> Option<T> {
    let _turn = web.hashing.acquire().await.ok()?;
    tokio::task::spawn_blocking(work).await.ok()
}
