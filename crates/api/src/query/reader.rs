//! The query of an address, taken apart: what is not read yet, and what was wrong.

use domain::{Date, Invalid};

/// The parameters of a query that are not read yet, and what is wrong with those that were.
#[derive(Debug, Default)]
pub(crate) struct QueryReader {
    pub(super) pairs: Vec<(String, Option<String>)>,
    pub(super) canonical: String,
    pub(super) invalid: Invalid,
    pub(super) first_day: Option<Date>,
}

impl QueryReader {
    /// Reads a query. A name that is not UTF-8 is none that we know; such a value is a fault.
    pub(super) fn of(query: &str) -> Self {
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
    pub(super) fn value(&mut self, name: &str) -> Option<String> {
        if self.pairs.iter().any(|(at, _)| within(at, name).is_some()) {
            self.invalid.add(name, "must be one value, given without brackets");
        }
        let at = self.pairs.iter().rposition(|(at, _)| at == name)?;
        self.taken(name, at)
    }

    /// The values of a parameter that is given once, or as a list: `name[]`, or `name[0]` and on.
    pub(super) fn values(&mut self, name: &str) -> Vec<String> {
        let single = self.pairs.iter().rposition(|(at, _)| at == name);
        let is_listed = |at: &str| within(at, name).is_some();
        let listed = self.pairs.iter().enumerate().filter(|(_, (at, _))| is_listed(at));
        let listed: Vec<usize> = listed.map(|(at, _)| at).chain(single).collect();
        let is_index = |inner: &str| inner.bytes().all(|b| b.is_ascii_digit());
        let is_list = self.pairs.iter().all(|(at, _)| within(at, name).is_none_or(is_index));
        self.invalid.require(is_list, name, "must be one value, or a list of them as name[]");
        listed.into_iter().filter_map(|at| self.taken(name, at)).collect()
    }

    pub(super) fn taken(&mut self, name: &str, at: usize) -> Option<String> {
        let Some(value) = self.pairs[at].1.take() else {
            self.invalid.add(name, "must be UTF-8");
            return None;
        };
        let canonical = format!("{name}={}:{value}\n", value.len());
        self.canonical.push_str(&canonical);
        Some(value)
    }

    /// A whole number within bounds.
    pub(super) fn number(&mut self, name: &str, least: usize, most: usize) -> Option<usize> {
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

    pub(super) fn date(&mut self, name: &str) -> Option<Date> {
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
pub(super) fn decoded(text: &str) -> Option<String> {
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
