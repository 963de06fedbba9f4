//! Passwords: hashed with argon2id, verified in a time that tells nothing.

use argon2::Argon2;
use argon2::password_hash::phc::PasswordHash;
use argon2::password_hash::{PasswordHasher, PasswordVerifier};

use crate::App;

/// Hashes a password with a new salt, as a PHC string. Takes tens of milliseconds of one core:
/// callers that serve requests run it on a thread of its own.
///
/// Parameters are argon2's defaults (argon2id, 19 MiB, 2 passes), the OWASP recommendation.
pub fn hash(app: &App, password: &str) -> String {
    let salt: [u8; 16] = app.entropy.bytes();
    let hash = Argon2::default().hash_password_with_salt(password.as_bytes(), &salt);
    // A salt of 16 bytes and a password within its limit cannot be refused.
    hash.map(|hash| hash.to_string()).unwrap_or_default()
}

/// Whether a password belongs to a hash. Without a hash (nobody has that address) it takes as
/// long as with one, and is false.
pub fn verify(password: &str, hash: Option<&str>) -> bool {
    let parsed = PasswordHash::new(hash.unwrap_or(NOBODY));
    let Ok(parsed) = parsed else {
        return false;
    };
    let fits = Argon2::default().verify_password(password.as_bytes(), &parsed).is_ok();
    fits && hash.is_some()
}

/// A hash that is verified in place of a missing one.
const NOBODY: &str = "$argon2id$v=19$m=19456,t=2,p=1$AAAAAAAAAAAAAAAAAAAAAA$\
    AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";
