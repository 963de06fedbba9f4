//! The query of an address: known parameters are checked, all at once; unknown ones are ignored.

use std::convert::Infallible;

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use domain::user::check_line;
use domain::{Date, Instant, Invalid, limits};
use utoipa::IntoParams;
use web::Web;
use web::refusal::Refusal;

/// The parameters of a list.
pub(crate) trait Parameters: Sized + Send {
    /// Reads them; what is wrong with them is kept in `query`.
    fn read(query: &mut QueryReader) -> Self;
}

/// A checked query.
#[derive(Clone, Debug)]
pub(crate) struct Query<T> {
    /// What narrows the list.
    pub(crate) parameters: T,
    /// How the list is cut into pages.
    pub(crate) paging: Paging,
    /// The parameters that narrow the list, in one fixed spelling.
    pub(crate) canonical: String,
}

/// How a list is cut into pages. Without a limit it is not cut at all.
#[derive(Clone, Debug, Default, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct Paging {
    /// Rows of a page. Without it the list holds everything, streamed.
    #[param(minimum = 1, maximum = 1000, example = 50)]
    pub(crate) limit: Option<usize>,
    /// The `next_cursor` of the page before, of the same list and filter.
    #[param(pattern = "^[A-Za-z0-9_-]{38}$")]
    pub(crate) cursor: Option<String>,
}

impl<T: Parameters> FromRequestParts<Web> for Query<T> {
    type Rejection = Refusal;

    async fn from_request_parts(parts: &mut Parts, _: &Web) -> Result<Self, Refusal> {
        let mut query = QueryReader::of(parts.uri.query().unwrap_or_default());
        let parameters = T::read(&mut query);
        let canonical = std::mem::take(&mut query.canonical);
        let limit = query.number("limit", limits::PAGE_ROWS);
        let cursor = query.line("cursor");
        let paging = Paging { limit, cursor };
        query.invalid.or(Query { parameters, paging, canonical }).map_err(Refusal::from)
    }
}

/// A query that is read by its handler: what is wrong with it is the handler's to judge.
#[derive(Debug)]
pub(crate) struct UncheckedQuery(pub(crate) QueryReader);

impl FromRequestParts<Web> for UncheckedQuery {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &Web) -> Result<Self, Infallible> {
        Ok(UncheckedQuery(QueryReader::of(parts.uri.query().unwrap_or_default())))
    }
}

/// The parameters of a query that are not read yet, and what is wrong with those that were.
#[derive(Debug, Default)]
pub(crate) struct QueryReader {
    pairs: Vec<(String, Option<String>)>,
    canonical: String,
    invalid: Invalid,
}

impl QueryReader {
    /// Reads a query. A name that is not UTF-8 is none that we know; such a value is a fault.
    fn of(query: &str) -> Self {
        let pairs = query.split('&').filter(|pair| !pair.is_empty());
        let pairs = pairs.filter_map(|pair| {
            let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
            Some((decoded(name)?, decoded(value)))
        });
        QueryReader { pairs: pairs.collect(), ..Self::default() }
    }

    /// The value of a parameter; of several the last, as Rails takes it.
    fn value(&mut self, name: &str) -> Option<String> {
        let at = self.pairs.iter().rposition(|(at, _)| at == name)?;
        let Some(value) = self.pairs[at].1.take() else {
            self.invalid.add(name, "must be UTF-8");
            return None;
        };
        let canonical = format!("{name}={}:{value}\n", value.len());
        self.canonical.push_str(&canonical);
        Some(value)
    }

    fn parsed<T>(
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

    /// A text of one line, not empty.
    pub(crate) fn line(&mut self, name: &str) -> Option<String> {
        let value = self.value(name)?;
        self.invalid.require(!value.is_empty(), name, "must not be empty");
        check_line(&mut self.invalid, name, &value);
        Some(value)
    }

    /// A text to look for; an empty one looks for nothing.
    pub(crate) fn text(&mut self, name: &str) -> String {
        let value = self.value(name).unwrap_or_default();
        check_line(&mut self.invalid, name, &value);
        value.trim().to_owned()
    }

    /// A day.
    pub(crate) fn date(&mut self, name: &str) -> Option<Date> {
        let value = self.value(name)?;
        match Date::parse(&value) {
            Ok(date) => Some(date),
            Err(error) => {
                self.invalid.add(name, error.to_string());
                None
            }
        }
    }

    /// Two days, the first not after the second.
    pub(crate) fn period(&mut self, from: &str, to: &str) -> (Option<Date>, Option<Date>) {
        let days = (self.date(from), self.date(to));
        if let (Some(first), Some(last)) = days {
            self.invalid.require(first <= last, from, &format!("must not be after {to}"));
        }
        days
    }

    /// True or false.
    pub(crate) fn flag(&mut self, name: &str) -> Option<bool> {
        self.parsed(name, "must be true or false", |value| match value {
            "true" => Some(true),
            "false" => Some(false),
            _ => None,
        })
    }

    /// An instant. A `+` that was not encoded has become a space by now, and is meant as a `+`.
    pub(crate) fn instant(&mut self, name: &str) -> Option<Instant> {
        let rule = "must be an ISO 8601 date and time with Z or an offset, \
            like 2025-01-21T22:08:20.671Z";
        self.parsed(name, rule, |value| {
            let encoded = || {
                let (time, offset) = value.rsplit_once(' ')?;
                Instant::parse(&format!("{time}+{offset}")).ok()
            };
            Instant::parse(value).ok().or_else(encoded)
        })
    }

    /// One of several words.
    pub(crate) fn word<T>(
        &mut self,
        name: &str,
        rule: &str,
        parse: impl FnOnce(&str) -> Option<T>,
    ) -> Option<T> {
        self.parsed(name, rule, parse)
    }

    /// What is wrong with what was read, or `value`.
    pub(crate) fn or<T>(self, value: T) -> Result<T, Invalid> {
        self.invalid.or(value)
    }

    /// A whole number from 1 to `most`.
    pub(crate) fn number(&mut self, name: &str, most: usize) -> Option<usize> {
        let rule = format!("must be a whole number from 1 to {most}");
        self.parsed(name, rule, |value| {
            let is_digits = value.bytes().all(|b| b.is_ascii_digit());
            let number = if is_digits { value.parse().ok()? } else { return None };
            (1..=most).contains(&number).then_some(number)
        })
    }
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
mod tests {
    use super::*;

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
        query.period("from_date", "to_date");
        query.flag("read");
        query.instant("updated_since");
        query.text("q");
        query.number("limit", 1_000);
        let paths: Vec<&str> = query.invalid.faults().map(|(path, _)| path).collect();
        assert_eq!(paths, ["from_date", "read", "updated_since", "q", "limit"]);
    }

    #[test]
    fn an_offset_may_come_unencoded() {
        let mut query = QueryReader::of("since=2025-01-22T03:38:20.671+05:30");
        let golden = Instant::parse("2025-01-21T22:08:20.671Z").ok();
        assert_eq!(query.instant("since"), golden);
    }

    #[test]
    fn of_several_the_last_counts() {
        let mut query = QueryReader::of("read=true&read=false");
        assert_eq!(query.flag("read"), Some(false));
    }
}
