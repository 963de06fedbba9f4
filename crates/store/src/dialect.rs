//! The handful of places where SQLite and PostgreSQL truly differ.

use sqlx::query_scalar;

use crate::{Error, Link, Result};

/// What a claim of due rows ends with, so that two workers never take the same one. SQLite has one
/// writer at a time and needs nothing.
pub(crate) fn skip_locked(link: &Link<'_>) -> &'static str {
    match link {
        Link::Lite(_) => "",
        Link::Pg(_) => " FOR UPDATE SKIP LOCKED",
    }
}

/// Tells apart what a caller can do something about.
///
/// Codes: <https://www.sqlite.org/rescode.html>,
/// <https://www.postgresql.org/docs/15/errcodes-appendix.html>.
pub(crate) fn classify(error: sqlx::Error) -> Error {
    match &error {
        sqlx::Error::PoolTimedOut | sqlx::Error::PoolClosed | sqlx::Error::Io(_) => {
            Error::Unavailable(error)
        }
        sqlx::Error::Database(database) => {
            if database.is_unique_violation() {
                let name = database.constraint().unwrap_or_else(|| database.message());
                return Error::Taken(name.to_owned());
            }
            match database.code().as_deref() {
                // SQLITE_FULL; disk_full
                Some("13" | "53100") => Error::Full(error),
                // SQLITE_BUSY; admin_shutdown, crash_shutdown, cannot_connect_now,
                // too_many_connections, serialization_failure, deadlock_detected
                Some("5" | "517" | "57P01" | "57P02" | "57P03" | "53300" | "40001" | "40P01") => {
                    Error::Unavailable(error)
                }
                _ => Error::Sql(error),
            }
        }
        _ => Error::Sql(error),
    }
}

/// What a read ends with whose row is then changed in the same transaction.
pub(crate) fn for_update(link: &Link<'_>) -> &'static str {
    match link {
        Link::Lite(_) => "",
        Link::Pg(_) => " FOR UPDATE",
    }
}

/// Takes a lock by name until the transaction ends; `false`, without waiting, where another
/// transaction holds it. SQLite has one writer at a time, which holds every lock there is.
pub(crate) async fn try_lock(link: Link<'_>, name: &str) -> Result<bool> {
    match link {
        Link::Lite(_) => Ok(true),
        Link::Pg(c) => {
            const SQL: &str = "SELECT pg_try_advisory_xact_lock(hashtextextended($1, 0))";
            Ok(query_scalar(SQL).bind(name).fetch_one(c).await?)
        }
    }
}
