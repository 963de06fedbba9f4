//! Tokens: Application Keys of users, machine keys of switches, links of calendars.
//!
//! A token is `lk_` (`ls_` for a switch, `lc_` for a calendar), eight characters that name it, `_`,
//! and 32 characters that are secret: 160 random bits. Only a hash of it is stored.

mod limits;

pub use limits::{KeyLimits, KeyRefusal, KeyTarget, KeyUse, Resource, addresses};

use crate::{Instant, Invalid, KeyId, SwitchId, UserId, user::check_line};

/// Random bytes that a new token needs.
pub const TOKEN_BYTES: usize = 25;

/// Characters of the part of a token that may be shown: kind and name.
pub const PREFIX_CHARS: usize = 11;

/// What a token opens.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TokenKind {
    /// The API, as the user who made it.
    Application,
    /// The ingest of calls, as a switch.
    Switch,
    /// The calendar of an on-call rotation or of a person in it, for reading only.
    Calendar,
}

/// Writes a token from random bytes, in lower-case base32 (RFC 4648, 6).
pub fn write(kind: TokenKind, random: &[u8; TOKEN_BYTES]) -> String {
    let kind = match kind {
        TokenKind::Application => "lk_",
        TokenKind::Switch => "ls_",
        TokenKind::Calendar => "lc_",
    };
    let (name, secret) = random.split_at(5);
    let mut token = String::with_capacity(PREFIX_CHARS + 33);
    token.push_str(kind);
    base32(name, &mut token);
    token.push('_');
    base32(secret, &mut token);
    token
}

/// The part of a token that may be shown.
pub fn prefix(token: &str) -> &str {
    token.get(..PREFIX_CHARS).unwrap_or(token)
}

/// Both lengths that we write are multiples of five bytes, so no bits are left over.
fn base32(bytes: &[u8], out: &mut String) {
    const LETTERS: &[u8; 32] = b"abcdefghijklmnopqrstuvwxyz234567";
    for group in bytes.chunks_exact(5) {
        let bits = group.iter().fold(0_u64, |bits, byte| bits << 8 | u64::from(*byte));
        for i in (0..8).rev() {
            out.push(char::from(LETTERS[(bits >> (5 * i) & 31) as usize]));
        }
    }
}

/// An Application Key as its owner reviews it; the token itself was shown once.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Key {
    /// Its identifier.
    pub id: KeyId,
    /// The user who made it, and whose rights it has.
    pub user_id: UserId,
    /// What its owner calls it.
    pub name: String,
    /// The part of the token that may be shown.
    pub prefix: String,
    /// When it was made.
    pub created_at: Instant,
    /// From when on it works no more.
    pub expires_at: Option<Instant>,
    /// When it was last used (to the minute).
    pub last_used_at: Option<Instant>,
    /// The address that it was last used from, `""` if never.
    pub last_used_from: String,
    /// When it was revoked.
    pub revoked_at: Option<Instant>,
    /// What it is limited to.
    pub limits: KeyLimits,
}

impl Key {
    /// Whether it works at an instant.
    pub fn works_at(&self, now: Instant) -> bool {
        self.revoked_at.is_none() && self.expires_at.is_none_or(|end| now < end)
    }
}

/// A PBX that reports calls with a machine key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Switch {
    /// Its identifier.
    pub id: SwitchId,
    /// What messages call it (`pbx_name`).
    pub name: String,
    /// The part of its token that may be shown.
    pub prefix: String,
    /// When it was made.
    pub created_at: Instant,
}

/// Checks the name and the expiry of a new key.
pub fn check_key(name: &str, expires_at: Option<Instant>, now: Instant) -> Result<(), Invalid> {
    let mut invalid = Invalid::new();
    invalid.require(!name.trim().is_empty(), "name", "must not be empty");
    check_line(&mut invalid, "name", name);
    invalid.require(expires_at.is_none_or(|end| end > now), "expires_at", "must be in the future");
    invalid.or(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_is_its_random_bytes() {
        let token = write(TokenKind::Application, &[0; TOKEN_BYTES]);
        assert_eq!(token, format!("lk_aaaaaaaa_{}", "a".repeat(32)));
        assert_eq!(prefix(&token), "lk_aaaaaaaa");
        let token = write(TokenKind::Switch, &[255; TOKEN_BYTES]);
        assert_eq!(token, format!("ls_77777777_{}", "7".repeat(32)));
        assert_eq!(prefix("lk"), "lk");
    }
}
