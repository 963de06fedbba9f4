//! The query of an address: a parameter is said once, for reader and document. Known ones are
//! checked, all at once; unknown ones are ignored.

mod reader;

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

pub(crate) use reader::QueryReader;

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

#[cfg(test)]
mod tests {
    use super::reader::decoded;
    use super::*;
    use crate::v2::MessageParameters;

    #[test]
    fn percent_encoding_is_undone() {
        let check = |text: &str, out: Option<&str>| {
            assert_eq!(decoded(text).as_deref(), out, "{text}");
        };
        check("a+b%20c%2B", Some("a b c+"));
        check("%C3%BC", Some("ü"));
        check("%", Some("%"));
        check("%2", Some("%2"));
        check("%zz", Some("%zz"));
        check("%ff", None);
        check("%c0%af", None);
        check("%00", Some("\0"));
    }

    #[test]
    fn what_is_known_is_checked_all_at_once() {
        let mut query = QueryReader::of(
            "from_date=02-30-2025&read=maybe&limit=0&updated_since=yesterday&q=a%00b&other=%ff&x",
        );
        MessageParameters::read(&mut query);
        Paging::read(&mut query);
        let paths: Vec<&str> = query.invalid.faults().map(|(path, _)| path).collect();
        assert_eq!(paths, ["from_date", "read", "updated_since", "q", "limit"]);
    }

    #[test]
    fn a_period_does_not_end_before_it_begins() {
        let check = |query: &str, is_one: bool| {
            let mut query = QueryReader::of(query);
            MessageParameters::read(&mut query);
            let faults: Vec<_> = query.invalid.faults().collect();
            let fault = ("from_date", "must not be after to_date");
            assert_eq!(faults, if is_one { vec![] } else { vec![fault] });
        };
        check("from_date=01-21-2025&to_date=01-21-2025", true);
        check("from_date=01-22-2025&to_date=2025-01-21", false);
        check("to_date=2025-01-21", true);
    }

    #[test]
    fn an_offset_may_come_unencoded() {
        let mut query = QueryReader::of("since=2025-01-22T03:38:20.671+05:30");
        let golden = Instant::parse("2025-01-21T22:08:20.671Z").ok();
        assert_eq!(<DateTime as ParameterKind>::read(&mut query, "since"), golden);
    }

    #[test]
    fn accounts_may_be_named_in_a_list() {
        let check = |query: &str, numbers: &[&str], fault: Option<&str>| {
            let mut query = QueryReader::of(query);
            let read = <AccountNumbers as ParameterKind>::read(&mut query, "account_number");
            assert_eq!(read, numbers);
            assert_eq!(query.invalid.faults().next().map(|(_, rule)| rule), fault);
        };
        check("", &[], None);
        check("account_number=A&account_number=B", &["B"], None);
        check("account_number[]=A&account_number%5B%5D=B", &["A", "B"], None);
        check("account_number[0]=A&account_number[1]=B&account_number=C", &["A", "B", "C"], None);
        check("account_number[]=", &[""], Some("must not be empty"));
        let rule = "must be one value, or a list of them as name[]";
        check("account_number[not]=A", &["A"], Some(rule));
        let many = "account_number[]=A&".repeat(limits::ACCOUNTS_NAMED + 1);
        let mut query = QueryReader::of(&many);
        <AccountNumbers as ParameterKind>::read(&mut query, "account_number");
        assert_eq!(query.invalid.faults().count(), 1);
    }

    #[test]
    fn what_is_one_value_is_not_taken_as_a_list() {
        let mut query = QueryReader::of("status[]=held&read[]=true&read=true&other[]=1");
        MessageParameters::read(&mut query);
        let paths: Vec<&str> = query.invalid.faults().map(|(path, _)| path).collect();
        assert_eq!(paths, ["status", "read"]);
    }

    #[test]
    fn pages_may_be_counted() {
        let check = |query: &str, rows: Option<usize>, skip: usize, faults: &[&str]| {
            let mut reader = QueryReader::of(query);
            let paging = Paging::read(&mut reader);
            paging.check(&mut reader.invalid);
            assert_eq!((paging.rows(), paging.skip()), (rows, skip), "{query}");
            let paths: Vec<&str> = reader.invalid.faults().map(|(path, _)| path).collect();
            assert_eq!(paths, faults, "{query}");
        };
        check("", None, 0, &[]);
        check("page=1", Some(100), 0, &[]);
        check("page=3&per_page=20", Some(20), 40, &[]);
        check("page[number]=3&page[size]=20", Some(20), 40, &[]);
        check("page=2&limit=7", Some(7), 7, &[]);
        check("per_page=7", Some(7), 0, &[]);
        check("limit=7&offset=9", Some(7), 9, &[]);
        check("offset=0", None, 0, &[]);
        check("page=0", None, 0, &["page"]);
        check("page[]=2", None, 0, &["page"]);
        check("per_page=1001", None, 0, &["per_page"]);
        check("limit=1&per_page=2", Some(1), 0, &["per_page"]);
        check("page=2&cursor=x", Some(100), 100, &["page"]);
        check("page=2&offset=1", Some(100), 1, &["offset"]);
    }

    #[test]
    fn of_several_the_last_counts() {
        let mut query = QueryReader::of("read=true&read=false");
        assert_eq!(<Flag as ParameterKind>::read(&mut query, "read"), Some(false));
    }
}
