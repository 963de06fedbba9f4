//! Reading rows by position: the order of a statement's columns is the order of a struct's fields.

use domain::{Instant, Zone};
use sqlx::{ColumnIndex, Decode, Row};

use crate::{Error, Result};

/// Reads a row from left to right.
pub(crate) struct Cells<'r, R> {
    row: &'r R,
    at: usize,
}

impl<'r, R: Row> Cells<'r, R>
where
    usize: ColumnIndex<R>,
{
    /// The next column.
    pub(crate) fn next<T: Decode<'r, R::Database>>(&mut self) -> Result<T> {
        let value = self.row.try_get_unchecked(self.at)?;
        self.at += 1;
        Ok(value)
    }
}

/// Something that a row of either database can be read into.
pub(crate) trait FromCells<R>: Sized {
    fn from_cells(cells: &mut Cells<'_, R>) -> Result<Self>;

    fn from_row(row: &R) -> Result<Self> {
        Self::from_cells(&mut Cells { row, at: 0 })
    }
}

/// Says once how a type is read, for both databases.
macro_rules! from_cells {
    ($type:ty, $cells:ident => $body:expr) => {
        impl $crate::rows::FromCells<sqlx::sqlite::SqliteRow> for $type {
            fn from_cells(
                $cells: &mut $crate::rows::Cells<'_, sqlx::sqlite::SqliteRow>,
            ) -> $crate::Result<Self> {
                Ok($body)
            }
        }
        impl $crate::rows::FromCells<sqlx::postgres::PgRow> for $type {
            fn from_cells(
                $cells: &mut $crate::rows::Cells<'_, sqlx::postgres::PgRow>,
            ) -> $crate::Result<Self> {
                Ok($body)
            }
        }
    };
}
pub(crate) use from_cells;

/// All rows of a statement, read.
macro_rules! all {
    ($type:ty, $link:expr, $query:expr) => {
        $crate::db::on!($link, c => {
            let rows = $query.fetch_all(c).await?;
            rows.iter()
                .map(<$type as $crate::rows::FromCells<_>>::from_row)
                .collect::<$crate::Result<Vec<$type>>>()
        })
    };
}
pub(crate) use all;

/// The only row of a statement, read; `None` if there is none.
macro_rules! one {
    ($type:ty, $link:expr, $query:expr) => {
        $crate::db::on!($link, c => {
            let row = $query.fetch_optional(c).await?;
            row.as_ref().map(<$type as $crate::rows::FromCells<_>>::from_row).transpose()
        })
    };
}
pub(crate) use one;

/// Runs a statement and answers how many rows it changed.
macro_rules! change {
    ($link:expr, $query:expr) => {
        $crate::db::on!($link, c => $query.execute(c).await?.rows_affected())
    };
}
pub(crate) use change;

from_cells!((i64,), cells => (cells.next()?,));
from_cells!((i64, i64), cells => (cells.next()?, cells.next()?));
from_cells!((String,), cells => (cells.next()?,));

/// An instant from its column.
pub(crate) fn instant(ms: i64) -> Instant {
    Instant::from_ms(ms)
}

/// An instant that may be absent.
pub(crate) fn maybe(ms: Option<i64>) -> Option<Instant> {
    ms.map(Instant::from_ms)
}

/// The milliseconds of an instant that may be absent.
pub(crate) fn ms(at: Option<Instant>) -> Option<i64> {
    at.map(Instant::as_ms)
}

/// A zone from its column.
pub(crate) fn zone(name: &str) -> Result<Zone> {
    Zone::named(name).map_err(|_| Error::Corrupt(format!("zone {name}")))
}

/// A word from its column.
pub(crate) fn word<T>(text: &str, parse: impl Fn(&str) -> Option<T>) -> Result<T> {
    parse(text).ok_or_else(|| Error::Corrupt(text.to_owned()))
}
