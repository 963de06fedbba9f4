//! Every limit that the product puts on what people and programs may send, in one place.

/// Largest text of one field of a message, in bytes.
pub const TEXT_BYTES: usize = 20_000;
/// Largest name, address or other one-line field, in bytes.
pub const LINE_BYTES: usize = 500;
/// Largest e-mail address, in bytes (RFC 5321, 4.5.3.1.3, less the brackets).
pub const EMAIL_BYTES: usize = 254;
/// Most fields that one form may have.
pub const FORM_FIELDS: usize = 200;
/// Most options that one field of a form may offer.
pub const FIELD_OPTIONS: usize = 200;
/// Rows of the largest page of a list.
pub const PAGE_ROWS: usize = 1_000;
/// Rows of a page in the portal.
pub const PORTAL_ROWS: usize = 50;
/// Shortest password, in characters.
pub const PASSWORD_CHARS: usize = 12;
/// Longest password, in bytes: hashing must not be a way to keep a server busy.
pub const PASSWORD_BYTES: usize = 256;
/// Application Keys that one user may hold at once.
pub const KEYS_PER_USER: usize = 50;
/// Wrong tokens from one address in a minute, before it must wait.
pub const TOKEN_GUESSES: u32 = 300;
/// Wrong passwords from one address in a minute, before it must wait.
pub const PASSWORD_GUESSES: u32 = 30;
/// Wrong passwords for one e-mail address in a minute, before everybody must wait.
pub const ACCOUNT_GUESSES: u32 = 60;
/// Largest form of a page, in bytes.
pub const FORM_BYTES: usize = 512 * 1024;
/// How long a session lives without being used, in milliseconds: 12 hours, a long shift.
pub const SESSION_IDLE_MS: i64 = 12 * HOUR_MS;
/// How long a session lives at most, in milliseconds: 7 days.
pub const SESSION_LIFE_MS: i64 = 7 * DAY_MS;
/// Days that the audio of a call is kept.
pub const RECORDING_DAYS: i64 = 31;
/// Largest recording, in bytes: about six hours of 8 kHz, 16 bit audio.
pub const RECORDING_BYTES: u64 = 350_000_000;
/// Largest JSON body of a request, in bytes.
pub const JSON_BYTES: usize = 1_000_000;
/// How much of a body that is too large is still read, in bytes, so that its sender hears why.
pub const DISCARDED_BYTES: usize = 32_000_000;
/// Rows that a list without a limit reads at a time, while it streams.
pub const STREAMED_ROWS: usize = 500;
/// Faults that one answer names at most.
pub const FAULTS_NAMED: usize = 100;
/// How long a signed link to a recording works, in milliseconds.
pub const LINK_LIFE_MS: i64 = 10 * MINUTE_MS;
/// Longest `Idempotency-Key`, in bytes.
pub const IDEMPOTENCY_KEY_BYTES: usize = 255;
/// How long the first answer to an `Idempotency-Key` is given again, in milliseconds.
pub const IDEMPOTENCY_LIFE_MS: i64 = DAY_MS;
/// How long a worker holds a job before another may take it, in milliseconds.
pub const LEASE_MS: i64 = 30 * SECOND_MS;
/// How long one attempt to send may take, in milliseconds; well within a lease.
pub const SEND_DEADLINE_MS: i64 = 20 * SECOND_MS;
/// Attempts that one delivery gets before it counts as failed.
pub const DELIVERY_ATTEMPTS: i64 = 10;
/// Wait after the first failed attempt, in milliseconds; it doubles with each further one.
pub const BACKOFF_FIRST_MS: i64 = 15 * SECOND_MS;
/// Longest wait between two attempts, in milliseconds.
pub const BACKOFF_LONGEST_MS: i64 = HOUR_MS;

/// A second, in milliseconds.
pub const SECOND_MS: i64 = 1_000;
/// A minute, in milliseconds.
pub const MINUTE_MS: i64 = 60 * SECOND_MS;
/// An hour, in milliseconds.
pub const HOUR_MS: i64 = 60 * MINUTE_MS;
/// Twenty-four hours, in milliseconds.
pub const DAY_MS: i64 = 24 * HOUR_MS;
