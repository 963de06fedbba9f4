//! Links in what goes out: where they lead, and how we know that they are ours.

use data_encoding::BASE64URL_NOPAD;
use domain::{Delivery, Instant, MessageId, Tenant, TenantId, limits};
use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;

/// How people reach us from outside, as the operator set it up.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Links {
    /// Scheme and host, without a slash at the end: `https://liberty.example`. Empty: nothing that
    /// goes out has a link.
    pub public_url: String,
    /// The domain whose subdomains are tenants; empty where there is one tenant only.
    pub base_domain: String,
}

impl Links {
    /// Scheme and host at which a tenant is reached; `None` if nobody said how.
    pub fn of(&self, tenant: &Tenant) -> Option<String> {
        let url = self.public_url.trim_end_matches('/');
        let (scheme, host) = url.split_once("://")?;
        let name = host.split(':').next().unwrap_or(host);
        match !self.base_domain.is_empty() && name == self.base_domain {
            true => Some(format!("{scheme}://{}.{host}", tenant.subdomain)),
            false => Some(url.to_owned()),
        }
    }
}

/// What the link of a delivery ends with: it names the message and the delivery, and only we can
/// have written it.
pub(crate) fn token(secret: &str, tenant: TenantId, message: MessageId, key: &str) -> String {
    let signature = mac(secret, tenant, message, key).finalize().into_bytes();
    format!("{message}.{key}.{}", BASE64URL_NOPAD.encode(&signature[..16]))
}

/// The message and the delivery's key that a token names, if we wrote it.
pub(crate) fn read(secret: &str, tenant: TenantId, token: &str) -> Option<(MessageId, String)> {
    let mut parts = token.splitn(3, '.');
    let message = MessageId(parts.next()?.parse().ok()?);
    let (key, signature) = (parts.next()?, parts.next()?);
    let signature = BASE64URL_NOPAD.decode(signature.as_bytes()).ok()?;
    if signature.len() != 16 {
        return None;
    }
    mac(secret, tenant, message, key).verify_truncated_left(&signature).ok()?;
    Some((message, key.to_owned()))
}

/// Whether the link of a delivery still works at an instant.
pub(crate) fn is_fresh(delivery: &Delivery, now: Instant) -> bool {
    now < delivery.created_at.plus_ms(limits::ACK_LINK_LIFE_MS)
}

/// Numbers and a UUID: no two of what is signed look alike.
fn mac(secret: &str, tenant: TenantId, message: MessageId, key: &str) -> Hmac<Sha256> {
    #[expect(clippy::expect_used, reason = "HMAC takes keys of any length (RFC 2104, 2)")]
    let mut mac = Hmac::<Sha256>::new_from_slice(secret.as_bytes()).expect("a key");
    mac.update(format!("acknowledge {tenant} {message} {key}").as_bytes());
    mac
}
