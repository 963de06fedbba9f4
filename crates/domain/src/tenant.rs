//! An answering service: the owner of everything else.

use crate::{Instant, Invalid, TenantId, Zone};

/// An answering service that runs on this installation.
#[derive(Clone, Debug)]
pub struct Tenant {
    /// Its identifier.
    pub id: TenantId,
    /// The first label of its host name.
    pub subdomain: String,
    /// What people call it.
    pub name: String,
    /// The zone of its office; dates of a list over several accounts are days in this zone.
    pub zone: Zone,
    /// The older v2 examples answer 404 to a bad token, the newer reference 401.
    pub hides_bad_tokens: bool,
    /// When it was made.
    pub created_at: Instant,
}

/// Checks a subdomain: one DNS label in lower case (RFC 1035, 2.3.1).
pub fn check_subdomain(text: &str) -> Result<(), Invalid> {
    let label = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-';
    let sound = (1..=63).contains(&text.len())
        && text.bytes().all(label)
        && !text.starts_with('-')
        && !text.ends_with('-');
    let mut invalid = Invalid::new();
    invalid.require(
        sound,
        "subdomain",
        "must be 1 to 63 lower-case letters, digits or hyphens, with no hyphen at either end",
    );
    invalid.or(())
}
