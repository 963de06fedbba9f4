//! Rows: a column is named once, and from that its row is read, added and changed.

#[cfg(test)]
mod tests;

use sqlx::ColumnIndex;

use crate::cells::{Cell, Cells, Cursor, Values};
use crate::{Error, Result};

/// Something that a row of either database, or a part of one, is read into: a column, several of
/// them as a tuple, or a [`Row`].
pub(crate) trait Read: Sized {
    fn read<'r>(cells: &mut impl Cells<'r>) -> Result<Self>;
}

impl<T: Cell> Read for T {
    fn read<'r>(cells: &mut impl Cells<'r>) -> Result<Self> {
        T::take(cells)?.ok_or_else(|| Error::Corrupt("NULL".to_owned()))
    }
}

impl<T: Cell> Read for Option<T> {
    fn read<'r>(cells: &mut impl Cells<'r>) -> Result<Self> {
        T::take(cells)
    }
}

/// A row that a `LEFT JOIN` added: `None` where its first column is NULL.
pub(crate) struct Joined<T>(pub(crate) Option<T>);

impl<T: Row> Read for Joined<T> {
    fn read<'r>(cells: &mut impl Cells<'r>) -> Result<Self> {
        if cells.is_null()? {
            cells.skip(T::COLUMNS);
            return Ok(Joined(None));
        }
        T::read(cells).map(|row| Joined(Some(row)))
    }
}

/// Each owner once, with all that was joined to it. The rows of one owner, by its key, come
/// together.
pub(crate) fn gathered<O, J, K: PartialEq>(
    rows: Vec<(O, Joined<J>)>,
    key: impl Fn(&O) -> K,
) -> Vec<(O, Vec<J>)> {
    let mut owners: Vec<(O, Vec<J>)> = Vec::new();
    for (owner, Joined(joined)) in rows {
        match owners.last_mut().filter(|(last, _)| key(last) == key(&owner)) {
            Some((_, all)) => all.extend(joined),
            None => owners.push((owner, joined.into_iter().collect())),
        }
    }
    owners
}

macro_rules! tuples {
    ($(($($name:ident),+)),+) => {$(
        impl<$($name: Read),+> Read for ($($name,)+) {
            fn read<'r>(cells: &mut impl Cells<'r>) -> Result<Self> {
                Ok(($($name::read(cells)?,)+))
            }
        }
    )+};
}
tuples!((A, B), (A, B, C), (A, B, C, D));

/// Reads a whole row.
pub(crate) fn read<'r, T: Read, R: sqlx::Row>(row: &'r R) -> Result<T>
where
    usize: ColumnIndex<R>,
    Cursor<'r, R>: Cells<'r>,
{
    T::read(&mut Cursor { row, at: 0 })
}

/// The row of a table as [`row!`] says it.
pub(crate) trait Row: Read {
    /// The table, or the tables joined.
    const FROM: &'static str;
    /// The columns in the order in which they are read.
    const SELECT: &'static str;
    /// How many those are.
    const COLUMNS: usize;
    /// The tenant, and then the same.
    const OWNED: &'static str;
    /// Takes over the columns that may change from a row that was to be added.
    const REPLACED: &'static str;
}

/// What is written of the row of a table: columns, and their values in the same order.
pub(crate) trait Write {
    /// The columns that are given when a row is added; those that may change later are the last.
    fn inserts(&self) -> &'static [&'static str];
    /// The columns that may change later.
    fn updates(&self) -> &'static [&'static str];
    fn put_inserts(&self, to: &mut dyn Values) -> Result<()>;
    fn put_updates(&self, to: &mut dyn Values) -> Result<()>;
}

impl<T: Write> Write for &T {
    fn inserts(&self) -> &'static [&'static str] {
        T::inserts(self)
    }
    fn updates(&self) -> &'static [&'static str] {
        T::updates(self)
    }
    fn put_inserts(&self, to: &mut dyn Values) -> Result<()> {
        T::put_inserts(self, to)
    }
    fn put_updates(&self, to: &mut dyn Values) -> Result<()> {
        T::put_updates(self, to)
    }
}

/// Says which columns a table has, and with that how a row is selected, read, added and changed.
///
/// ```text
/// row! { it: Type, "table" or "table", "table JOIN other …"
///     reads { columns that only the database, or the caller, fills }
///     inserts { columns that are given once; column = what it is given, … }
///     updates { columns that may change later; column = what it is given, … }
///     parts { field: another row type, whose columns follow }
///     with { field: made of columns, … }
/// }
/// ```
///
/// A column is the field of the same name, if it stands before the `;`; else it is a variable for
/// `with`. `column: "SQL"` reads something else than a column of the table.
macro_rules! row {
    (
        $it:ident: $type:ident, $table:literal $(, $from:literal)?
        $(reads {
            $($r:ident $(: $r_sql:literal)?),* $(,)?
            $(; $($rc:ident $(: $rc_sql:literal)?),* $(,)?)?
        })?
        $(inserts { $($i:ident),* $(,)? $(; $($ic:ident = $ic_value:expr),* $(,)?)? })?
        $(updates { $($u:ident),* $(,)? $(; $($uc:ident = $uc_value:expr),* $(,)?)? })?
        $(parts { $($p:ident: $part:ty),* $(,)? })?
        $(with { $($field:ident: $made:expr),* $(,)? })?
    ) => {
        impl $crate::rows::Read for $type {
            fn read<'r>(cells: &mut impl $crate::cells::Cells<'r>) -> $crate::Result<Self> {
                use $crate::rows::Read;
                $($(let $r = Read::read(cells)?;)* $($(let $rc = Read::read(cells)?;)*)?)?
                $($(let $i = Read::read(cells)?;)* $($(let $ic = Read::read(cells)?;)*)?)?
                $($(let $u = Read::read(cells)?;)* $($(let $uc = Read::read(cells)?;)*)?)?
                $($(let $p = <$part as Read>::read(cells)?;)*)?
                Ok($type {
                    $($($r,)*)? $($($i,)*)? $($($u,)*)? $($($p,)*)? $($($field: $made,)*)?
                })
            }
        }
        impl $crate::rows::Row for $type {
            const FROM: &'static str = $crate::rows::first!($($from,)? $table);
            const SELECT: &'static str = $crate::rows::text!(
                $crate::rows::columns!($table;
                    $($(($r $($r_sql)?))* $($(($rc $($rc_sql)?))*)?)?
                    $($(($i))* $($(($ic))*)?)?
                    $($(($u))* $($(($uc))*)?)?
                ),
                $($(", ", <$part as $crate::rows::Row>::SELECT,)*)?
            );
            const COLUMNS: usize = <[&str]>::len(&[
                $($(stringify!($r),)* $($(stringify!($rc),)*)?)?
                $($(stringify!($i),)* $($(stringify!($ic),)*)?)?
                $($(stringify!($u),)* $($(stringify!($uc),)*)?)?
            ]) $($( + <$part as $crate::rows::Row>::COLUMNS)*)?;
            const OWNED: &'static str =
                $crate::rows::text!(
                    concat!($table, ".tenant_id, "),
                    <$type as $crate::rows::Row>::SELECT
                );
            const REPLACED: &'static str =
                $crate::rows::replaced!($($($u)* $($($uc)*)?)?);
        }
        impl $crate::rows::Write for $type {
            fn inserts(&self) -> &'static [&'static str] {
                &[
                    $($(stringify!($i),)* $($(stringify!($ic),)*)?)?
                    $($(stringify!($u),)* $($(stringify!($uc),)*)?)?
                ]
            }
            fn updates(&self) -> &'static [&'static str] {
                &[$($(stringify!($u),)* $($(stringify!($uc),)*)?)?]
            }
            fn put_inserts(&self, to: &mut dyn $crate::cells::Values) -> $crate::Result<()> {
                let $it = self;
                $(
                    $($crate::cells::Value::put(Some(&$it.$i), to)?;)*
                    $($($crate::cells::Value::put(Some(&$ic_value), to)?;)*)?
                )?
                $it.put_updates(to)
            }
            fn put_updates(&self, to: &mut dyn $crate::cells::Values) -> $crate::Result<()> {
                let $it = self;
                $(
                    $($crate::cells::Value::put(Some(&$it.$u), to)?;)*
                    $($($crate::cells::Value::put(Some(&$uc_value), to)?;)*)?
                )?
                let _ = ($it, to);
                Ok(())
            }
        }
    };
}
pub(crate) use row;

macro_rules! first {
    ($first:literal $(, $rest:literal)*) => {
        $first
    };
}
pub(crate) use first;

/// Columns of a table with commas between, each under the table's name or as its own SQL.
macro_rules! columns {
    (@one $table:literal $column:ident) => { concat!($table, ".", stringify!($column)) };
    (@one $table:literal $column:ident $sql:literal) => { $sql };
    ($table:literal; ($($first:tt)+) $(($($rest:tt)+))*) => {
        concat!(
            $crate::rows::columns!(@one $table $($first)+),
            $(", ", $crate::rows::columns!(@one $table $($rest)+)),*
        )
    };
}
pub(crate) use columns;

macro_rules! replaced {
    () => { "" };
    ($first:ident $($rest:ident)*) => {
        concat!(
            stringify!($first), " = excluded.", stringify!($first),
            $(", ", stringify!($rest), " = excluded.", stringify!($rest)),*
        )
    };
}
pub(crate) use replaced;

/// Constant texts one after another, as a constant text.
macro_rules! text {
    ($($part:expr),+ $(,)?) => {{
        const PARTS: &[&str] = &[$($part),+];
        const BYTES: [u8; $crate::rows::length(PARTS)] = $crate::rows::bytes(PARTS);
        const TEXT: &str = match std::str::from_utf8(&BYTES) {
            Ok(text) => text,
            Err(_) => "",
        };
        TEXT
    }};
}
pub(crate) use text;

pub(crate) const fn length(parts: &[&str]) -> usize {
    let (mut sum, mut at) = (0, 0);
    while at < parts.len() {
        sum += parts[at].len();
        at += 1;
    }
    sum
}

pub(crate) const fn bytes<const LENGTH: usize>(parts: &[&str]) -> [u8; LENGTH] {
    let mut bytes = [0; LENGTH];
    let (mut to, mut at) = (0, 0);
    while at < parts.len() {
        let mut from = 0;
        while from < parts[at].len() {
            bytes[to] = parts[at].as_bytes()[from];
            (to, from) = (to + 1, from + 1);
        }
        at += 1;
    }
    bytes
}

/// A statement that reads rows of a type: `select!(Message, " WHERE …")`; each after its tenant:
/// `select!((TenantId, Message), " WHERE …")`.
macro_rules! select {
    ((TenantId, $type:ty), $rest:expr $(,)?) => {
        $crate::rows::select!(@of $type, OWNED, $rest)
    };
    ($type:ty, $rest:expr $(,)?) => {
        $crate::rows::select!(@of $type, SELECT, $rest)
    };
    (@of $type:ty, $columns:ident, $rest:expr) => {{
        use $crate::rows::Row;
        $crate::rows::text!("SELECT ", <$type>::$columns, " FROM ", <$type>::FROM, $rest)
    }};
}
pub(crate) use select;

/// All rows of a statement, read.
macro_rules! all {
    ($type:ty, $link:expr, $query:expr) => {
        $crate::db::on!($link, c => {
            let rows = $query.fetch_all(c).await?;
            rows.iter().map($crate::rows::read::<$type, _>).collect::<$crate::Result<Vec<$type>>>()
        })
    };
}
pub(crate) use all;

/// The only row of a statement, read; `None` if there is none.
macro_rules! one {
    ($type:ty, $link:expr, $query:expr) => {
        $crate::db::on!($link, c => {
            let row = $query.fetch_optional(c).await?;
            row.as_ref().map($crate::rows::read::<$type, _>).transpose()
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

/// Adds rows, none or many, and answers how many; or reads what ` RETURNING` returns.
///
/// ```text
/// insert!(link, "table", list, |item| { column = value, …, ..row }, " ON CONFLICT …")
/// insert!(link, "table", list, |item| { ?id = id, … }, " RETURNING id" => MessageId)
/// ```
///
/// `..row` stands for the columns that its type `inserts` and `updates`; `?id = None` leaves the id
/// to the database.
macro_rules! insert {
    (
        $link:expr, $table:literal, $rows:expr, |$row:pat_param| $columns:tt $(, $tail:expr)?
        => $answer:ty
    ) => {{
        let rows = $rows.into_iter();
        let count = rows.len();
        if count == 0 { Ok(Vec::new()) } else { $crate::db::on!($link, c => {
            let mut sql = $crate::rows::insert!(@sql $table, rows, $row, $columns);
            $(sql.push($tail);)?
            let found = sql.build().persistent($crate::narrow::recurs(count)).fetch_all(c).await?;
            let found = found.iter().map($crate::rows::read::<$answer, _>);
            found.collect::<$crate::Result<Vec<$answer>>>()
        })}
    }};
    ($link:expr, $table:literal, $rows:expr, |$row:pat_param| $columns:tt $(, $tail:expr)?) => {{
        let rows = $rows.into_iter();
        let count = rows.len();
        if count == 0 { 0 } else { $crate::db::on!($link, c => {
            let mut sql = $crate::rows::insert!(@sql $table, rows, $row, $columns);
            $(sql.push($tail);)?
            let query = sql.build().persistent($crate::narrow::recurs(count));
            query.execute(c).await?.rows_affected()
        })}
    }};
    (@sql $table:literal, $rows:ident, $row:pat_param, {
        $(?$id:ident = $key:expr,)? $($column:ident = $value:expr,)* $(..$whole:expr)?
    }) => {{
        let mut sql = sqlx::QueryBuilder::new(concat!("INSERT INTO ", $table, " ("));
        for (n, $row) in $rows.enumerate() {
            if n == 0 {
                let mut names = sql.separated(", ");
                $(if $key.is_some() { names.push(stringify!($id)); })?
                $(names.push(stringify!($column));)*
                $(for name in $crate::rows::Write::inserts(&$whole) { names.push(name); })?
                sql.push(") VALUES (");
            } else {
                sql.push(", (");
            }
            let mut values = sql.separated(", ");
            $(if $key.is_some() { $crate::cells::Value::put(Some(&$key), &mut values)?; })?
            $($crate::cells::Value::put(Some(&$value), &mut values)?;)*
            $($crate::rows::Write::put_inserts(&$whole, &mut values)?;)?
            sql.push(")");
        }
        sql
    }};
}
pub(crate) use insert;

/// Changes rows, none or many, each found by its key; answers how many.
///
/// ```text
/// update!(link, "table", list, |item| { key = value, … } set { column = value, …, ..row })
/// update!(link, "table", list, |item| { … } set { … }, "revision = table.revision + 1")
/// ```
///
/// `..row` stands for the columns that its type `updates`.
macro_rules! update {
    ($link:expr, $table:literal, $rows:expr, |$row:pat_param| {
        $($key:ident = $key_value:expr),+ $(,)?
    } set { $($column:ident = $value:expr,)* $(..$whole:expr)? } $(, $also:literal)?) => {{
        let rows = $rows.into_iter();
        let count = rows.len();
        if count == 0 { 0 } else { $crate::db::on!($link, c => {
            let mut sql = sqlx::QueryBuilder::new("WITH excluded (");
            let mut set: Vec<&'static str> = Vec::new();
            for (n, $row) in rows.enumerate() {
                if n == 0 {
                    $(set.push(stringify!($column));)*
                    $(set.extend_from_slice($crate::rows::Write::updates(&$whole));)?
                    let mut names = sql.separated(", ");
                    $(names.push(stringify!($key));)+
                    for name in &set { names.push(name); }
                    sql.push(") AS (VALUES (");
                } else {
                    sql.push(", (");
                }
                let mut values = sql.separated(", ");
                $($crate::cells::Value::put(Some(&$key_value), &mut values)?;)+
                $($crate::cells::Value::put(Some(&$value), &mut values)?;)*
                $($crate::rows::Write::put_updates(&$whole, &mut values)?;)?
                sql.push(")");
            }
            sql.push(concat!(") UPDATE ", $table, " SET "));
            let mut list = sql.separated(", ");
            for name in &set { list.push(format_args!("{name} = excluded.{name}")); }
            $(list.push($also);)?
            sql.push(concat!(" FROM excluded WHERE TRUE"
                $(, " AND ", $table, ".", stringify!($key), " = excluded.", stringify!($key))+));
            let query = sql.build().persistent($crate::narrow::recurs(count));
            query.execute(c).await?.rows_affected()
        })}
    }};
}
pub(crate) use update;

/// The row that a statement for one row returned.
pub(crate) fn only<T>(rows: Vec<T>) -> Result<T> {
    rows.into_iter().next().ok_or_else(|| Error::Corrupt("no row was returned".to_owned()))
}
