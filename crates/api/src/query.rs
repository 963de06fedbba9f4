//! The query of an address: a parameter is said once, for reader and document. Known ones are
//! checked, all at once; unknown ones are ignored.

use std::convert::Infallible;

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use domain::user::check_line;
use domain::{Date, Instant, Invalid, limits};
use serde_json::{Value, json};
use utoipa::openapi::Required as IsRequired;
use utoipa::openapi::path::{Parameter, ParameterBuilder, ParameterIn};
use web::Web;
use web::origin::WholeAddress;
use web::refusal::Refusal;

use crate::bodies::{
    AnyText, DateTime, FieldKind, FilledLine, Flag, Line, Required, Whole, schema_of,
};

/// The parameters of a query, as `parameters!` says them.
pub(crate) trait Parameters: Send {
    /// What they are read as.
    type Value: Send;

    /// Reads them; what is wrong with them is kept in `query`.
    fn read(query: &mut QueryReader) -> Self::Value;
}

/// Nothing is asked for.
impl Parameters for () {
    type Value = ();

    fn read(_: &mut QueryReader) {}
}

/// A query, or what is wrong with it: when that is told is its handler's to say.
pub(crate) struct Query<T: Parameters>(pub(crate) Result<T::Value, Invalid>);

impl<T: Parameters> FromRequestParts<Web> for Query<T> {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &Web) -> Result<Self, Infallible> {
        let mut query = QueryReader::of(parts.uri.query().unwrap_or_default());
        let value = T::read(&mut query);
        Ok(Query(query.invalid.or(value)))
    }
}

/// The checked query of a list.
pub(crate) struct ListQuery<T: Parameters> {
    /// What narrows the list.
    pub(crate) parameters: T::Value,
    /// How it is asked for besides.
    pub(crate) cut: ListCut,
}

/// How a list is cut into pages, and what the address of its next page is made from.
pub(crate) struct ListCut {
    pub(crate) paging: Paging,
    /// The parameters that narrow the list, in one fixed spelling.
    pub(crate) canonical: String,
    pub(crate) address: WholeAddress,
}

impl<T: Parameters> FromRequestParts<Web> for ListQuery<T> {
    type Rejection = Refusal;

    async fn from_request_parts(parts: &mut Parts, web: &Web) -> Result<Self, Refusal> {
        let Ok(address) = WholeAddress::from_request_parts(parts, web).await;
        let mut query = QueryReader::of(parts.uri.query().unwrap_or_default());
        let parameters = T::read(&mut query);
        let canonical = std::mem::take(&mut query.canonical);
        let paging = Paging::read(&mut query);
        paging.check(&mut query.invalid);
        let list = ListQuery { parameters, cut: ListCut { paging, canonical, address } };
        query.invalid.or(list).map_err(Refusal::from)
    }
}

/// Parameters that are read: what each is called and holds, and the value that they become, which
/// is one of the same name where no other is named. `= …` is an example for the document.
macro_rules! parameters {
    (@key $field:ident) => { stringify!($field) };
    (@key $field:ident $key:literal) => { $key };
    (
        $(#[doc = $doc:literal])+
        $vis:vis $name:ident;
        $($(#[doc = $text:literal])+ $field:ident: $kind:ty $(= $example:literal)?,)+
    ) => {
        $(#[doc = $doc])+
        #[derive(Debug)]
        $vis struct $name {
            $($(#[doc = $text])+ $vis $field: <$kind as $crate::query::ParameterKind>::Value,)+
        }

        $crate::query::parameters! {
            @read $name => $name; $($(#[doc = $text])+ $field: $kind $(= $example)?,)+
        }
    };
    (
        $(#[doc = $doc:literal])+
        $vis:vis $name:ident => $into:ident;
        $($fields:tt)+
    ) => {
        $(#[doc = $doc])+
        $vis struct $name;

        $crate::query::parameters! { @read $name => $into; $($fields)+ }
    };
    (
        @read $name:ident => $into:ident;
        $(
            $(#[doc = $text:literal])+
            $field:ident $(as $key:literal)?: $kind:ty $(= $example:literal)?,
        )+
    ) => {
        impl $crate::query::Parameters for $name {
            type Value = $into;

            fn read(query: &mut $crate::query::QueryReader) -> $into {
                $into { $($field: <$kind as $crate::query::ParameterKind>::read(
                    query,
                    $crate::query::parameters!(@key $field $($key)?),
                ),)+ }
            }
        }

        impl utoipa::IntoParams for $name {
            fn into_params(
                _: impl Fn() -> Option<utoipa::openapi::path::ParameterIn>,
            ) -> Vec<utoipa::openapi::path::Parameter> {
                vec![$($crate::query::described::<$kind>(
                    $crate::query::parameters!(@key $field $($key)?),
                    concat!($($text),+),
                    [$(serde_json::json!($example))?].into(),
                ),)+]
            }
        }
    };
}
pub(crate) use parameters;

parameters! {
    /// How a list is cut into pages. Without any of these it is not cut at all.
    pub(crate) Paging;
    /// Rows of a page. Without it the list holds everything, streamed.
    limit: UpTo<{ limits::PAGE_ROWS }> = 50,
    /// The `next_cursor` of the page before, of the same list and filter.
    cursor: Cursor,
    /// Which page, counted from 1, instead of a cursor. What is new meanwhile moves the rows on:
    /// a cursor never gives one twice. One after the last is empty. Also as `page[number]`.
    page: UpTo<{ limits::PAGE_NUMBER_MAX }>,
    /// The same as `limit`: rows of a page, 100 if only `page` is given. Also as `page[size]`.
    per_page: UpTo<{ limits::PAGE_ROWS }>,
    /// How many of the newest rows are left out, instead of a page or a cursor.
    offset: UpTo0<{ limits::ROWS_SKIPPED }>,
}

impl Paging {
    /// What contradicts itself: two sizes, or two places to begin at.
    fn check(&self, invalid: &mut Invalid) {
        let is_one = self.limit.is_none() || self.per_page.is_none() || self.limit == self.per_page;
        invalid.require(is_one, "per_page", "must be the same as limit where both are given");
        let is_one = self.page.is_none() || self.cursor.is_none();
        invalid.require(is_one, "page", "must not be given together with cursor");
        let is_one = self.offset.is_none() || (self.page.is_none() && self.cursor.is_none());
        invalid.require(is_one, "offset", "must not be given together with page or cursor");
    }

    /// Rows of a page; `None` where the list is not cut.
    pub(crate) fn rows(&self) -> Option<usize> {
        let numbered = self.page.map(|_| limits::NUMBERED_PAGE_ROWS);
        self.limit.or(self.per_page).or(numbered)
    }

    /// How many rows stand before the first that is asked for, where no cursor says it.
    pub(crate) fn skip(&self) -> usize {
        let pages = self.page.map_or(0, |page| page - 1);
        self.offset.unwrap_or(pages * self.rows().unwrap_or_default())
    }
}

/// What the document says of a parameter.
pub(crate) fn described<K: ParameterKind>(
    name: &str,
    text: &str,
    examples: Vec<Value>,
) -> Parameter {
    let required = if K::IS_REQUIRED { IsRequired::True } else { IsRequired::False };
    ParameterBuilder::new()
        .name(name)
        .parameter_in(ParameterIn::Query)
        .required(required)
        .description(Some(text.trim()))
        .schema(Some(schema_of(K::schema())))
        .example(examples.into_iter().next())
        .build()
}

/// What a parameter can hold: as text, where a field of a body is JSON.
pub(crate) trait ParameterKind {
    /// What it is read as.
    type Value;
    /// Whether it must be given.
    const IS_REQUIRED: bool = false;

    /// Reads it; what is wrong with it is kept in `query`.
    fn read(query: &mut QueryReader, name: &str) -> Self::Value;

    /// Its JSON schema.
    fn schema() -> Value;
}

impl<K: ParameterKind> ParameterKind for Required<K> {
    type Value = K::Value;
    const IS_REQUIRED: bool = true;

    fn read(query: &mut QueryReader, name: &str) -> K::Value {
        if !query.pairs.iter().any(|(given, _)| given == name) {
            query.invalid.add(name, "is required");
        }
        K::read(query, name)
    }

    fn schema() -> Value {
        K::schema()
    }
}

/// The first day of a period.
pub(crate) struct FirstDay;
/// The last day of a period, not before its first, which is `from_date`.
pub(crate) struct LastDay;
/// A whole number from 1 on.
pub(crate) struct UpTo<const MOST: usize>;
/// A whole number from 0 on.
pub(crate) struct UpTo0<const MOST: usize>;
/// Where a page begins.
pub(crate) struct Cursor;
/// The number of an account; of several each as `account_number[]`.
pub(crate) struct AccountNumbers;

/// Days up to the 28th exist in every month; the pattern leaves the others out, so that whatever
/// fits it is a day.
pub(crate) const DAY_PATTERN: &str = "^((0[1-9]|1[0-2])-(0[1-9]|1[0-9]|2[0-8])-2[0-9]{3}|\
    2[0-9]{3}-(0[1-9]|1[0-2])-(0[1-9]|1[0-9]|2[0-8]))$";

macro_rules! parameter_kinds {
    ($($kind:ident $(<const $most:ident>)? => $value:ty, $schema:expr,
        |$query:ident, $name:ident| $read:expr;)+) => {$(
        impl $(<const $most: usize>)? ParameterKind for $kind $(<$most>)? {
            type Value = $value;

            fn read($query: &mut QueryReader, $name: &str) -> $value {
                $read
            }

            fn schema() -> Value {
                $schema
            }
        }
    )+};
}

parameter_kinds! {
    Flag => Option<bool>, <Flag as FieldKind>::schema(), |query, name| {
        query.parsed(name, "must be true or false", |value| value.parse().ok())
    };
    Whole => Option<i64>, <Whole as FieldKind>::schema(), |query, name| {
        query.parsed(name, "must be a whole number", |value| value.parse().ok())
    };
    UpTo<const MOST> => Option<usize>,
        json!({"type": "integer", "minimum": 1, "maximum": MOST}),
        |query, name| query.number(name, 1, MOST);
    UpTo0<const MOST> => Option<usize>,
        json!({"type": "integer", "minimum": 0, "maximum": MOST}),
        |query, name| query.number(name, 0, MOST);
    AnyText => Option<String>, <AnyText as FieldKind>::schema(), |query, name| query.value(name);
    FilledLine => Option<String>, <FilledLine as FieldKind>::schema(), |query, name| {
        let value = query.value(name)?;
        query.invalid.require(!value.is_empty(), name, "must not be empty");
        check_line(&mut query.invalid, name, &value);
        Some(value)
    };
    AccountNumbers => Vec<String>, <FilledLine as FieldKind>::schema(), |query, name| {
        let values = query.values(name);
        let is_bounded = values.len() <= limits::ACCOUNTS_NAMED;
        let rule = format!("must name at most {} accounts", limits::ACCOUNTS_NAMED);
        query.invalid.require(is_bounded, name, &rule);
        for value in &values {
            query.invalid.require(!value.is_empty(), name, "must not be empty");
            check_line(&mut query.invalid, name, value);
        }
        values
    };
    // A text to look for; an empty one looks for nothing.
    Line => String, <Line as FieldKind>::schema(), |query, name| {
        let value = query.value(name).unwrap_or_default();
        check_line(&mut query.invalid, name, &value);
        value.trim().to_owned()
    };
    Cursor => Option<String>, json!({"type": "string", "pattern": "^[A-Za-z0-9_-]{38}$"}),
        |query, name| <FilledLine as ParameterKind>::read(query, name);
    FirstDay => Option<Date>, json!({"type": "string", "pattern": DAY_PATTERN}), |query, name| {
        query.first_day = query.date(name);
        query.first_day
    };
    LastDay => Option<Date>, <FirstDay as ParameterKind>::schema(), |query, name| {
        let last = query.date(name)?;
        let is_period = query.first_day.is_none_or(|first| first <= last);
        query.invalid.require(is_period, "from_date", &format!("must not be after {name}"));
        Some(last)
    };
    // A `+` that was not encoded has become a space by now, and is meant as a `+`.
    DateTime => Option<Instant>, <DateTime as FieldKind>::schema(), |query, name| {
        let rule = "must be an ISO 8601 date and time with Z or an offset, \
            like 2025-01-21T22:08:20.671Z";
        query.parsed(name, rule, |value| {
            let encoded = || {
                let (time, offset) = value.rsplit_once(' ')?;
                Instant::parse(&format!("{time}+{offset}")).ok()
            };
            Instant::parse(value).ok().or_else(encoded)
        })
    };
}

/// The parameters of a query that are not read yet, and what is wrong with those that were.
#[derive(Debug, Default)]
pub(crate) struct QueryReader {
    pairs: Vec<(String, Option<String>)>,
    canonical: String,
    invalid: Invalid,
    first_day: Option<Date>,
}

impl QueryReader {
    /// Reads a query. A name that is not UTF-8 is none that we know; such a value is a fault.
    fn of(query: &str) -> Self {
        let pairs = query.split('&').filter(|pair| !pair.is_empty());
        let pairs = pairs.filter_map(|pair| {
            let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
            let name = decoded(name)?;
            let known = SPELLINGS.iter().find(|(spelling, _)| *spelling == name);
            Some((known.map_or(name, |(_, name)| (*name).to_owned()), decoded(value)))
        });
        QueryReader { pairs: pairs.collect(), ..Self::default() }
    }

    /// The value of a parameter; of several the last, as Rails takes it. One that is given as a
    /// list is a fault: whoever narrows a list must not get all of it.
    fn value(&mut self, name: &str) -> Option<String> {
        if self.pairs.iter().any(|(at, _)| within(at, name).is_some()) {
            self.invalid.add(name, "must be one value, given without brackets");
        }
        let at = self.pairs.iter().rposition(|(at, _)| at == name)?;
        self.taken(name, at)
    }

    /// The values of a parameter that is given once, or as a list: `name[]`, or `name[0]` and on.
    fn values(&mut self, name: &str) -> Vec<String> {
        let single = self.pairs.iter().rposition(|(at, _)| at == name);
        let is_listed = |at: &str| within(at, name).is_some();
        let listed = self.pairs.iter().enumerate().filter(|(_, (at, _))| is_listed(at));
        let listed: Vec<usize> = listed.map(|(at, _)| at).chain(single).collect();
        let is_index = |inner: &str| inner.bytes().all(|b| b.is_ascii_digit());
        let is_list = self.pairs.iter().all(|(at, _)| within(at, name).is_none_or(is_index));
        self.invalid.require(is_list, name, "must be one value, or a list of them as name[]");
        listed.into_iter().filter_map(|at| self.taken(name, at)).collect()
    }

    fn taken(&mut self, name: &str, at: usize) -> Option<String> {
        let Some(value) = self.pairs[at].1.take() else {
            self.invalid.add(name, "must be UTF-8");
            return None;
        };
        let canonical = format!("{name}={}:{value}\n", value.len());
        self.canonical.push_str(&canonical);
        Some(value)
    }

    /// A whole number within bounds.
    fn number(&mut self, name: &str, least: usize, most: usize) -> Option<usize> {
        let rule = format!("must be a whole number from {least} to {most}");
        self.parsed(name, rule, |value| {
            let is_digits = value.bytes().all(|b| b.is_ascii_digit());
            let number = if is_digits { value.parse().ok()? } else { return None };
            (least..=most).contains(&number).then_some(number)
        })
    }

    /// What `parse` makes of a parameter; what it cannot read is told `rule`.
    pub(crate) fn parsed<T>(
        &mut self,
        name: &str,
        rule: impl Into<String>,
        parse: impl FnOnce(&str) -> Option<T>,
    ) -> Option<T> {
        let value = self.value(name)?;
        let parsed = parse(&value);
        if parsed.is_none() {
            self.invalid.add(name, rule);
        }
        parsed
    }

    fn date(&mut self, name: &str) -> Option<Date> {
        let value = self.value(name)?;
        Date::parse(&value).map_err(|error| self.invalid.add(name, error.to_string())).ok()
    }
}

/// What JSON:API calls a page, and what we do.
const SPELLINGS: [(&str, &str); 2] = [("page[number]", "page"), ("page[size]", "per_page")];

/// What stands in the brackets after this name.
fn within<'n>(given: &'n str, name: &str) -> Option<&'n str> {
    given.strip_prefix(name)?.strip_prefix('[')?.strip_suffix(']')
}

/// Undoes percent-encoding and `+` for a space; `None` if no UTF-8 comes out.
fn decoded(text: &str) -> Option<String> {
    let digit = |at: Option<&u8>| at.and_then(|b| char::from(*b).to_digit(16));
    let bytes = text.as_bytes();
    let mut out = Vec::with_capacity(bytes.len());
    let mut at = 0;
    while let Some(byte) = bytes.get(at) {
        let pair = (digit(bytes.get(at + 1)), digit(bytes.get(at + 2)));
        match (byte, pair) {
            (b'%', (Some(high), Some(low))) => {
                // Two hexadecimal digits are less than 256.
                out.push((high * 16 + low) as u8);
                at += 2;
            }
            (b'+', _) => out.push(b' '),
            _ => out.push(*byte),
        }
        at += 1;
    }
    String::from_utf8(out).ok()
}

#[cfg(test)]
mod tests;
