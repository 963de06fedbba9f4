//! A database: opening it, reading from it, writing to it in transactions.

use std::str::FromStr;
use std::time::Duration;

use domain::Instant;
use sqlx::pool::PoolConnection;
use sqlx::postgres::{PgConnectOptions, PgConnection, PgPool, PgPoolOptions, Postgres};
use sqlx::sqlite::{
    Sqlite, SqliteConnectOptions, SqliteConnection, SqliteJournalMode, SqlitePool,
    SqlitePoolOptions, SqliteSynchronous,
};
use sqlx::{ConnectOptions, Connection, Transaction};

use crate::{Error, Result, migrations};

/// How long a caller waits for a connection before it hears [`Error::Unavailable`].
const ACQUIRE_TIMEOUT: Duration = Duration::from_millis(1_900);
/// How long a SQLite connection waits for a lock that another process holds.
const BUSY_TIMEOUT: Duration = Duration::from_secs(10);

/// A database. Cheap to clone; all clones share the connections.
#[derive(Clone, Debug)]
pub enum Db {
    /// SQLite: one writing connection, many reading ones.
    Lite {
        /// The only connection that writes.
        writer: SqlitePool,
        /// Connections that only read.
        readers: SqlitePool,
    },
    /// PostgreSQL.
    Pg(PgPool),
}

/// A borrowed connection, inside a transaction or not.
#[derive(Debug)]
pub enum Link<'c> {
    /// To SQLite.
    Lite(&'c mut SqliteConnection),
    /// To PostgreSQL.
    Pg(&'c mut PgConnection),
}

/// A connection to read from. Statements on it see what is committed when each begins.
#[derive(Debug)]
pub enum Reader {
    /// To SQLite.
    Lite(PoolConnection<Sqlite>),
    /// To PostgreSQL.
    Pg(PoolConnection<Postgres>),
}

/// A writing transaction. Dropped without [`Tx::commit`], it leaves no trace.
#[derive(Debug)]
pub enum Tx {
    /// On SQLite.
    Lite(Transaction<'static, Sqlite>),
    /// On PostgreSQL.
    Pg(Transaction<'static, Postgres>),
}

/// Runs the same statement on either database: `on!(link, c => sqlx::query(…).execute(c))`.
macro_rules! on {
    ($link:expr, $c:ident => $body:expr) => {
        match $link {
            $crate::Link::Lite($c) => $body,
            $crate::Link::Pg($c) => $body,
        }
    };
}
pub(crate) use on;

impl Db {
    /// Opens a database by URL: `sqlite:path/to/file` (made if missing) or `postgres://…`.
    ///
    /// `connections` bounds how many this process holds at once.
    pub async fn open(url: &str, connections: u32) -> Result<Self> {
        match url.split(':').next() {
            Some("sqlite") => Self::open_lite(url, connections).await,
            Some("postgres" | "postgresql") => {
                let options = PgConnectOptions::from_str(url)?
                    .application_name("liberty")
                    .disable_statement_logging();
                let pool = PgPoolOptions::new()
                    .max_connections(connections)
                    .acquire_timeout(ACQUIRE_TIMEOUT)
                    .test_before_acquire(false)
                    .connect_with(options)
                    .await?;
                Ok(Db::Pg(pool))
            }
            _ => Err(Error::Scheme),
        }
    }

    async fn open_lite(url: &str, connections: u32) -> Result<Self> {
        let options = SqliteConnectOptions::from_str(url)?
            .create_if_missing(true)
            .journal_mode(SqliteJournalMode::Wal)
            .synchronous(SqliteSynchronous::Full)
            .foreign_keys(true)
            .busy_timeout(BUSY_TIMEOUT)
            .pragma("mmap_size", "268435456")
            .disable_statement_logging();
        let pool = |connections| {
            SqlitePoolOptions::new().max_connections(connections).acquire_timeout(BUSY_TIMEOUT)
        };
        let writer = pool(1).connect_with(options.clone()).await?;
        let readers = pool(connections).connect_with(options.read_only(true)).await?;
        Ok(Db::Lite { writer, readers })
    }

    /// Brings the tables to this version. Refuses a database that a newer version has changed.
    pub async fn migrate(&self) -> Result<()> {
        match self {
            Db::Lite { writer, .. } => migrations::sqlite().run(writer).await?,
            Db::Pg(pool) => migrations::postgres().run(pool).await?,
        }
        Ok(())
    }

    /// Whether the tables are those of this version: no migration is missing and none is unknown.
    pub async fn is_migrated(&self) -> Result<bool> {
        const APPLIED: &str = "SELECT count(*) FROM _sqlx_migrations WHERE success";
        let applied: std::result::Result<i64, sqlx::Error> = match self {
            Db::Lite { readers, .. } => sqlx::query_scalar(APPLIED).fetch_one(readers).await,
            Db::Pg(pool) => sqlx::query_scalar(APPLIED).fetch_one(pool).await,
        };
        match applied {
            Ok(count) => Ok(usize::try_from(count) == Ok(migrations::COUNT)),
            Err(sqlx::Error::Database(_)) => Ok(false),
            Err(error) => Err(error.into()),
        }
    }

    /// A connection to read from.
    pub async fn read(&self) -> Result<Reader> {
        Ok(match self {
            Db::Lite { readers, .. } => Reader::Lite(readers.acquire().await?),
            Db::Pg(pool) => Reader::Pg(pool.acquire().await?),
        })
    }

    /// Begins a writing transaction. On SQLite it waits for its turn now, not at its first write.
    pub async fn begin(&self) -> Result<Tx> {
        Ok(match self {
            Db::Lite { writer, .. } => Tx::Lite(writer.begin_with("BEGIN IMMEDIATE").await?),
            Db::Pg(pool) => Tx::Pg(pool.begin().await?),
        })
    }

    /// Answers if the database does.
    pub async fn ping(&self) -> Result<()> {
        match self.read().await? {
            Reader::Lite(mut c) => c.ping().await?,
            Reader::Pg(mut c) => c.ping().await?,
        }
        Ok(())
    }

    /// What time it is by the database's own clock; `None` where it has none but this machine's.
    pub async fn clock(&self) -> Result<Option<Instant>> {
        const SQL: &str = "SELECT (extract(epoch FROM clock_timestamp()) * 1000)::bigint";
        match self {
            Db::Lite { .. } => Ok(None),
            Db::Pg(pool) => {
                let ms = sqlx::query_scalar(SQL).fetch_one(pool).await?;
                Ok(Some(Instant::from_ms(ms)))
            }
        }
    }

    /// Closes every connection after its last statement.
    pub async fn close(&self) {
        match self {
            Db::Lite { writer, readers } => {
                readers.close().await;
                writer.close().await;
            }
            Db::Pg(pool) => pool.close().await,
        }
    }
}

impl Link<'_> {
    /// The same connection, for one statement of several.
    pub fn again(&mut self) -> Link<'_> {
        match self {
            Link::Lite(c) => Link::Lite(c),
            Link::Pg(c) => Link::Pg(c),
        }
    }
}

impl Reader {
    /// The connection.
    pub fn link(&mut self) -> Link<'_> {
        match self {
            Reader::Lite(c) => Link::Lite(c),
            Reader::Pg(c) => Link::Pg(c),
        }
    }
}

impl Tx {
    /// The connection of the transaction.
    pub fn link(&mut self) -> Link<'_> {
        match self {
            Tx::Lite(c) => Link::Lite(c),
            Tx::Pg(c) => Link::Pg(c),
        }
    }

    /// Makes all of it true at once.
    pub async fn commit(self) -> Result<()> {
        match self {
            Tx::Lite(tx) => tx.commit().await?,
            Tx::Pg(tx) => tx.commit().await?,
        }
        Ok(())
    }
}
