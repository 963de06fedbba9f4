//! What can go wrong between us and a database.

use crate::dialect;

/// A failure of the database, told apart by what the caller can do about it.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// A row with the same key is there already; the constraint's name or columns.
    #[error("a row with the same {0} exists")]
    Taken(String),
    /// The database has no room.
    #[error("the database's disk is full")]
    Full(#[source] sqlx::Error),
    /// The database cannot be reached, or is too busy to answer in time.
    #[error("the database cannot be reached")]
    Unavailable(#[source] sqlx::Error),
    /// A stored value makes no sense: the column and the value.
    #[error("the database holds a value that makes no sense: {0}")]
    Corrupt(String),
    /// The database's tables are not those that this version needs.
    #[error("the database's tables cannot be brought to this version")]
    Migration(#[from] sqlx::migrate::MigrateError),
    /// The URL names no database that we know.
    #[error("a database URL begins with sqlite: or postgres:")]
    Scheme,
    /// Anything else.
    #[error("the database refused a statement")]
    Sql(#[source] sqlx::Error),
}

impl From<sqlx::Error> for Error {
    fn from(error: sqlx::Error) -> Self {
        dialect::classify(error)
    }
}
