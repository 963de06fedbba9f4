//! The limit: the same rows as ready JSON text, straight from the database by the same driver.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use futures_util::TryStreamExt;
use sqlx::{query, query_scalar};
use store::Db;

use crate::fill::Filled;
use crate::http::Measured;

/// One message as the API writes it, in bytes.
const DOCUMENT_BYTES: usize = 1_480;

/// A table of rendered documents.
#[derive(Clone)]
pub(crate) struct Raw {
    db: Db,
    document: Arc<str>,
}

/// Runs the same on either database.
macro_rules! either {
    ($db:expr, $read:ident, $pool:ident => $body:expr) => {
        match $db {
            Db::Lite { $read: $pool, .. } => $body,
            Db::Pg($pool) => $body,
        }
    };
}

impl Raw {
    /// Makes a document for each message.
    pub(crate) async fn prepare(db: &Db, filled: &Filled) -> Self {
        let document: Arc<str> =
            format!("{{\"text\":\"{}\"}}", "x".repeat(DOCUMENT_BYTES - 11)).into();
        let statements = [
            "CREATE TABLE bench_documents (tenant_id BIGINT NOT NULL, id BIGINT NOT NULL, \
             account_id BIGINT NOT NULL, created_at BIGINT NOT NULL, document TEXT NOT NULL, \
             PRIMARY KEY (tenant_id, id))",
            "CREATE INDEX bench_newest ON bench_documents (tenant_id, created_at, id)",
            "CREATE INDEX bench_of_account \
             ON bench_documents (tenant_id, account_id, created_at, id)",
        ];
        const COPY: &str = "INSERT INTO bench_documents \
            SELECT tenant_id, id, account_id, created_at, $1 FROM messages WHERE tenant_id = $2";
        let copied = &*document;
        either!(db, writer, pool => {
            query(statements[0]).execute(pool).await.unwrap();
            query(COPY).bind(copied).bind(filled.tenant.0).execute(pool).await.unwrap();
            query(statements[1]).execute(pool).await.unwrap();
            query(statements[2]).execute(pool).await.unwrap();
            query("ANALYZE").execute(pool).await.unwrap();
        });
        Raw { db: db.clone(), document }
    }

    /// Does as much as it can of what a request of this name needs.
    pub(crate) async fn run(
        &self,
        name: &str,
        filled: &Filled,
        tasks: usize,
        lasts: Duration,
    ) -> Measured {
        let begun = Instant::now();
        let counter = Arc::new(AtomicU64::new(1));
        let running: Vec<_> = (0..tasks)
            .map(|_| {
                let (raw, name, counter) = (self.clone(), name.to_owned(), counter.clone());
                let (tenant, account) = (filled.tenant.0, filled.account.0);
                let ids = filled.ids.clone();
                tokio::spawn(async move {
                    let mut took_us = Vec::new();
                    while begun.elapsed() < lasts {
                        let at = Instant::now();
                        let n = counter.fetch_add(7_919, Ordering::Relaxed);
                        let id = ids[usize::try_from(n).unwrap() % ids.len()];
                        match name.as_str() {
                            "list of 50" => raw.list(tenant, account).await,
                            "get one" => raw.get(tenant, id).await,
                            _ => raw.update(tenant, id).await,
                        }
                        took_us.push(u64::try_from(at.elapsed().as_micros()).unwrap());
                    }
                    took_us
                })
            })
            .collect();
        let mut took_us = Vec::new();
        for task in running {
            took_us.extend(task.await.unwrap());
        }
        Measured::new(took_us, begun.elapsed())
    }

    async fn list(&self, tenant: i64, account: i64) {
        const SQL: &str = "SELECT document FROM bench_documents \
            WHERE tenant_id = $1 AND account_id = $2 ORDER BY created_at DESC, id DESC LIMIT 50";
        let rows: Vec<String> = either!(&self.db, readers, pool => {
            query_scalar(SQL).bind(tenant).bind(account).fetch_all(pool).await.unwrap()
        });
        assert!(!rows.is_empty());
    }

    async fn get(&self, tenant: i64, id: i64) {
        const SQL: &str = "SELECT document FROM bench_documents WHERE tenant_id = $1 AND id = $2";
        let row: String = either!(&self.db, readers, pool => {
            query_scalar(SQL).bind(tenant).bind(id).fetch_one(pool).await.unwrap()
        });
        assert_eq!(row.len(), self.document.len());
    }

    async fn update(&self, tenant: i64, id: i64) {
        const SQL: &str =
            "UPDATE bench_documents SET document = $3 WHERE tenant_id = $1 AND id = $2";
        either!(&self.db, writer, pool => {
            query(SQL).bind(tenant).bind(id).bind(&*self.document).execute(pool).await.unwrap();
        });
    }

    /// Reads all documents, newest first; how many, and how long it took.
    pub(crate) async fn stream(&self) -> (usize, Duration) {
        const SQL: &str = "SELECT document FROM bench_documents ORDER BY tenant_id DESC, created_at DESC, id DESC";
        let begun = Instant::now();
        let mut rows = 0;
        either!(&self.db, readers, pool => {
            let mut stream = query_scalar::<_, String>(SQL).fetch(pool);
            while let Some(document) = stream.try_next().await.unwrap() {
                rows += usize::from(document.len() == self.document.len());
            }
        });
        (rows, begun.elapsed())
    }
}
