//! One column of a row: how a value of ours is read from it, and written into it.

use domain::closing::Usage;
use domain::delivery::{IfUnsure, Reach, State};
use domain::escalation::{Manner, Phase};
use domain::on_call::Turn;
use domain::sending::QuietPolicy;
use domain::to_do::{Misfire, Overlap, RunState};
use domain::token::KeyLimits;
use domain::webhook::DisabledWhy;
use domain::*;
use sqlx::{ColumnIndex, Decode, Postgres, Sqlite, ValueRef, query_builder::Separated};

use crate::{Error, Result};

/// A row that is read from left to right.
pub(crate) struct Cursor<'r, R> {
    pub(crate) row: &'r R,
    pub(crate) at: usize,
}

/// The next column of a row, as one of the three kinds of which all our columns are.
pub(crate) trait Cells<'r> {
    fn int(&mut self) -> Result<Option<i64>>;
    fn flag(&mut self) -> Result<Option<bool>>;
    fn text(&mut self) -> Result<Option<&'r str>>;
    /// Passes columns over.
    fn skip(&mut self, columns: usize);
    /// Whether the next column is NULL; it stays the next one.
    fn is_null(&self) -> Result<bool>;
    /// Whether the next column is an empty text; it stays the next one.
    fn is_empty(&self) -> Result<bool>;
}

impl<'r, R: sqlx::Row> Cursor<'r, R>
where
    usize: ColumnIndex<R>,
{
    fn next<T: Decode<'r, R::Database>>(&mut self) -> Result<Option<T>> {
        let value = self.row.try_get_unchecked(self.at)?;
        self.at += 1;
        Ok(value)
    }
}

impl<'r, R: sqlx::Row> Cells<'r> for Cursor<'r, R>
where
    usize: ColumnIndex<R>,
    i64: Decode<'r, R::Database>,
    bool: Decode<'r, R::Database>,
    &'r str: Decode<'r, R::Database>,
{
    fn int(&mut self) -> Result<Option<i64>> {
        self.next()
    }
    fn flag(&mut self) -> Result<Option<bool>> {
        self.next()
    }
    fn text(&mut self) -> Result<Option<&'r str>> {
        self.next()
    }
    fn skip(&mut self, columns: usize) {
        self.at += columns;
    }
    fn is_null(&self) -> Result<bool> {
        Ok(self.row.try_get_raw(self.at)?.is_null())
    }
    fn is_empty(&self) -> Result<bool> {
        Ok(self.row.try_get_unchecked::<Option<&str>, _>(self.at)? == Some(""))
    }
}

/// A list of values of a statement, which grows.
pub(crate) trait Values {
    fn int(&mut self, value: Option<i64>);
    fn flag(&mut self, value: Option<bool>);
    fn text(&mut self, value: Option<&str>);
}

macro_rules! values {
    ($($database:ty),+) => {$(
        impl Values for Separated<'_, $database, &str> {
            fn int(&mut self, value: Option<i64>) {
                self.push_bind(value);
            }
            fn flag(&mut self, value: Option<bool>) {
                self.push_bind(value);
            }
            fn text(&mut self, value: Option<&str>) {
                self.push_bind(value);
            }
        }
    )+};
}
values!(Sqlite, Postgres);

/// Something that one column is read into; `None` for NULL.
pub(crate) trait Cell: Sized {
    fn take<'r>(cells: &mut impl Cells<'r>) -> Result<Option<Self>>;
}

/// Something that is written into one column. Nothing at all is a NULL of the same kind.
pub(crate) trait Value {
    fn put(it: Option<&Self>, to: &mut dyn Values) -> Result<()>;
}

impl<T: Value> Value for Option<T> {
    fn put(it: Option<&Self>, to: &mut dyn Values) -> Result<()> {
        T::put(it.and_then(Option::as_ref), to)
    }
}

impl<T: Value + ?Sized> Value for &T {
    fn put(it: Option<&Self>, to: &mut dyn Values) -> Result<()> {
        T::put(it.copied(), to)
    }
}

impl Value for str {
    fn put(it: Option<&Self>, to: &mut dyn Values) -> Result<()> {
        to.text(it);
        Ok(())
    }
}

/// Something whose column is an empty text where there is none.
pub(crate) struct OrEmpty<T>(pub(crate) Option<T>);

impl<T> OrEmpty<T> {
    pub(crate) fn get(self) -> Option<T> {
        self.0
    }
}

impl<T: Cell> Cell for OrEmpty<T> {
    fn take<'r>(cells: &mut impl Cells<'r>) -> Result<Option<Self>> {
        let is_empty = cells.is_empty()?;
        let found = if is_empty { cells.text().map(|_| None) } else { T::take(cells) };
        found.map(|found| Some(OrEmpty(found)))
    }
}

impl<T: Value> Value for OrEmpty<T> {
    fn put(it: Option<&Self>, to: &mut dyn Values) -> Result<()> {
        match it {
            Some(OrEmpty(None)) => str::put(Some(""), to),
            _ => T::put(it.and_then(|it| it.0.as_ref()), to),
        }
    }
}

/// Contacts whose column holds their ids with a separator between.
pub(crate) struct Ids<const SEPARATOR: char>(pub(crate) Vec<ContactId>);

impl<const SEPARATOR: char> Ids<SEPARATOR> {
    pub(crate) fn get(self) -> Vec<ContactId> {
        self.0
    }
}

impl<const SEPARATOR: char> Cell for Ids<SEPARATOR> {
    fn take<'r>(cells: &mut impl Cells<'r>) -> Result<Option<Self>> {
        let id = |text: &str| text.parse().ok().map(ContactId);
        cells.text()?.map(|text| list(text, SEPARATOR, id).map(Ids)).transpose()
    }
}

impl<const SEPARATOR: char> Value for Ids<SEPARATOR> {
    fn put(it: Option<&Self>, to: &mut dyn Values) -> Result<()> {
        let text = it.map(|it| joined(it.0.iter().map(ContactId::to_string), SEPARATOR));
        to.text(text.as_deref());
        Ok(())
    }
}

/// Says how types are read from a column of a kind, and written into it: as that kind itself, or
/// by way of a text that is made.
macro_rules! cells {
    (@write text made $it:ident, $to:ident, $write:expr) => {{
        let write: fn(&Self) -> Result<String> = $write;
        $to.text($it.map(write).transpose()?.as_deref());
    }};
    (@write $kind:ident $it:ident, $to:ident, $write:expr) => {
        $to.$kind($it.map($write))
    };
    ($($type:ty as $kind:ident $($made:ident)?, $read:expr, $write:expr;)+) => {$(
        impl $crate::cells::Cell for $type {
            fn take<'r>(cells: &mut impl $crate::cells::Cells<'r>) -> $crate::Result<Option<Self>> {
                cells.$kind()?.map($read).transpose()
            }
        }
        impl $crate::cells::Value for $type {
            fn put(it: Option<&Self>, to: &mut dyn $crate::cells::Values) -> $crate::Result<()> {
                $crate::cells::cells!(@write $kind $($made)? it, to, $write);
                Ok(())
            }
        }
    )+};
}
pub(crate) use cells;

cells! {
    i64 as int, Ok, |n| *n;
    bool as flag, Ok, |flag| *flag;
    String as text, |text| Ok(text.to_owned()), String::as_str;
    Instant as int, |ms| Ok(Instant::from_ms(ms)), |at| at.as_ms();
    Zone as text, zone, |zone| zone.name();
    HookSecret as text, |text| Ok(HookSecret(text.to_owned())), |secret| secret.0.as_str();
    Date as text made, date, |day| Ok(day.to_string());
    Hours as text made, |text| Hours::parse(text).map_err(Error::Corrupt), |it| Ok(it.to_string());
    KeyLimits as text made, |text| word(text, KeyLimits::parse), |it| Ok(it.to_string());
    Turn as text made, |text| word(text, Turn::parse), |turn| Ok(turn.to_string());
}

macro_rules! ids {
    ($($id:ident),+ $(,)?) => {
        cells! { $($id as int, |id| Ok($id(id)), |id| id.0;)+ }
    };
}
ids! {
    TenantId, UserId, AccountId, DidId, ContactId, FormId, MessageId, ActivityId, DeliveryId,
    ToDoId, ScheduleId, RunId, JobId, KeyId, SwitchId, CallId, RecordingId, WayId, ContactGroupId,
    RotationId, OverrideId, HolidayId, PolicyId, LevelId, ClosingGroupId, DigestId, WorkItemId,
    WebhookId, HookEventId, HookDeliveryId,
}

macro_rules! words {
    ($($type:ty),+ $(,)?) => {
        cells! { $($type as text, |text| word(text, <$type>::parse), |word| word.as_str();)+ }
    };
}
words! {
    ActivityKind, Channel, WorkKind, DisabledWhy, HookKind, HookState, IfUnsure, JobKind, LiveState,
    Manner, Misfire, Origin, Overlap, Phase, QuietPolicy, Reach, Role, RunState, State, Status, Usage,
}

fn zone(name: &str) -> Result<Zone> {
    Zone::named(name).map_err(|_| corrupt("zone", name))
}

fn date(text: &str) -> Result<Date> {
    Date::parse(text).map_err(|_| corrupt("date", text))
}

/// A word from its column.
pub(crate) fn word<T>(text: &str, parse: impl Fn(&str) -> Option<T>) -> Result<T> {
    parse(text).ok_or_else(|| Error::Corrupt(text.to_owned()))
}

/// What is said of a column whose text makes no sense.
pub(crate) fn corrupt(what: &str, text: &str) -> Error {
    Error::Corrupt(format!("{what} {text}"))
}

/// The words of a text with a separator between.
pub(crate) fn list<T>(
    text: &str,
    separator: char,
    read: impl Fn(&str) -> Option<T>,
) -> Result<Vec<T>> {
    let parts = text.split(separator).filter(|part| !part.is_empty());
    parts.map(|part| word(part, &read)).collect()
}

/// Texts with a separator between.
pub(crate) fn joined<T: AsRef<str>>(parts: impl Iterator<Item = T>, separator: char) -> String {
    parts.enumerate().fold(String::new(), |mut text, (n, part)| {
        if n > 0 {
            text.push(separator);
        }
        text.push_str(part.as_ref());
        text
    })
}
