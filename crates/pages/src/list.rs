//! What the address of a list asks for: its filters as they stand there, right or wrong.

use domain::{Account, Date, Instant, Invalid};

use crate::ui::words::sentence;
use crate::ui::{Choice, Field};

/// The filters of a list as they stand in its address.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Asked(Vec<(&'static str, String)>);

impl Asked {
    /// Reads the part of an address behind `?`. What is not among `names`, and what is empty, is
    /// left out.
    pub(crate) fn read(query: Option<&str>, names: &'static [&'static str]) -> Self {
        let query = query.unwrap_or_default();
        let pairs: Vec<_> = form_urlencoded::parse(query.as_bytes()).collect();
        let given = |name: &&'static str| {
            let (_, text) = pairs.iter().find(|(at, _)| at == name)?;
            (!text.trim().is_empty()).then(|| (*name, text.trim().to_owned()))
        };
        Asked(names.iter().filter_map(given).collect())
    }

    /// What was asked under a name, `""` if nothing.
    pub(crate) fn of(&self, name: &str) -> &str {
        self.0.iter().find(|(at, _)| *at == name).map_or("", |(_, text)| text)
    }

    /// Nothing is asked for: the whole list from its beginning.
    pub(crate) fn is_bare(&self) -> bool {
        self.0.is_empty()
    }

    /// The same, with one name set to another text; `""` drops it.
    pub(crate) fn with(&self, name: &'static str, text: &str) -> Self {
        let mut pairs = self.0.clone();
        pairs.retain(|(at, _)| *at != name);
        if !text.is_empty() {
            pairs.push((name, text.to_owned()));
        }
        Asked(pairs)
    }

    /// The part of an address from its `?` on, `""` if nothing is asked for.
    pub(crate) fn query(&self) -> String {
        if self.is_bare() {
            return String::new();
        }
        let mut query = form_urlencoded::Serializer::for_suffix(String::from("?"), 1);
        query.extend_pairs(&self.0).finish()
    }
}

/// A field with what was asked, and what is wrong with it.
pub(crate) fn shown(field: Field, asked: &Asked, faults: &Invalid) -> Field {
    let value = asked.of(&field.name);
    let error = faults.about(&field.name).map(sentence);
    let field = field.value(value);
    match error {
        Some(error) => field.error(&error),
        None => field,
    }
}

/// The choice among several accounts.
pub(crate) fn choice_of_account(accounts: &[Account]) -> Field {
    let mut field = Field::choice("account_number", "Account", &[("", "All accounts")]);
    let choice = |account: &Account| Choice::new(&account.number, &account.name);
    field.choices.extend(accounts.iter().map(choice));
    field
}

/// The first and the last day of a list.
pub(crate) fn days(from: &str, to: &str, invalid: &mut Invalid) -> (Option<Date>, Option<Date>) {
    let mut day = |path, text: &str| match Date::parse(text) {
        _ if text.is_empty() => None,
        Ok(date) => Some(date),
        Err(rule) => {
            invalid.add(path, rule.to_string());
            None
        }
    };
    let (from, to) = (day("from_date", from), day("to_date", to));
    let is_order = from.zip(to).is_none_or(|(from, to)| from <= to);
    invalid.require(is_order, "from_date", "must not be after the day in “To”");
    (from, to)
}

/// A place in a list as an address tells it: the instant and the id of the row before it. It
/// opens nothing: on another list it is an instant like any other.
pub(crate) fn cursor(at: Instant, id: i64) -> String {
    format!("{}-{id}", at.as_ms())
}

/// What a cursor tells.
pub(crate) fn place(cursor: &str) -> Option<(Instant, i64)> {
    let (at, id) = cursor.rsplit_once('-')?;
    Some((Instant::try_from_ms(at.parse().ok()?).ok()?, id.parse().ok()?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_read_and_written_back() {
        let read = |query| Asked::read(query, &["q", "status", "cursor"]);
        let asked = read(Some("status=closed&q=a+%26+b&evil=1&cursor=5-9"));
        assert_eq!(asked.query(), "?q=a+%26+b&status=closed&cursor=5-9");
        assert_eq!(asked.with("cursor", "").with("q", "").query(), "?status=closed");
        assert_eq!(read(Some("evil=1&status=+")).query(), "");
        assert!(read(None).is_bare());
    }

    #[test]
    fn a_cursor_is_an_instant_and_an_id() {
        let at = Instant::from_ms(-62_135_596_800_000);
        for (at, id) in [(at, 1), (Instant::from_ms(1_737_497_300_671), 939)] {
            assert_eq!(place(&cursor(at, id)), Some((at, id)));
        }
        for bad in ["", "5", "5-", "-5", "a-b", "5-9-x", "99999999999999999999-1"] {
            assert_eq!(place(bad), None, "{bad}");
        }
    }
}
