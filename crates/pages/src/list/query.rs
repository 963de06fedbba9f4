//! What the address of a list asks for: its filters as they stand there, and what is wrong with them.

use std::fmt;

use domain::user::check_line;
use domain::{Account, Date, Instant, Invalid, limits};

use crate::ui::Field;
use crate::ui::words::sentence;

/// A place in a list as an address tells it: after which row a page begins. It opens nothing: on
/// another list it is a place like any other.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Cursor {
    /// After the row of that instant and number.
    At(Instant, i64),
    /// After the row of that number.
    Of(i64),
    /// After so many rows: pages were numbered once, and such addresses are about.
    Rows(usize),
}

impl Cursor {
    fn parse(text: &str) -> Option<Self> {
        match text.rsplit_once('-') {
            None => text.parse().ok().map(Cursor::Of),
            Some((at, id)) => {
                let at = Instant::try_from_ms(at.parse().ok()?).ok()?;
                Some(Cursor::At(at, id.parse().ok()?))
            }
        }
    }

    /// The instant and the number, where it tells both.
    pub(crate) fn at(self) -> Option<(Instant, i64)> {
        if let Cursor::At(at, id) = self { Some((at, id)) } else { None }
    }

    /// The number, where it tells that alone.
    pub(crate) fn of(self) -> Option<i64> {
        if let Cursor::Of(id) = self { Some(id) } else { None }
    }
}

impl fmt::Display for Cursor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Cursor::At(at, id) => write!(f, "{}-{id}", at.as_ms()),
            Cursor::Of(id) => write!(f, "{id}"),
            Cursor::Rows(count) => write!(f, "{count}"),
        }
    }
}

/// The filters of a list as they stand in its address.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct ListQuery {
    pairs: Vec<(&'static str, String)>,
    page: Option<usize>,
    faults: Invalid,
}

impl ListQuery {
    /// Reads the part of an address behind `?`. What is not among `names` and places no page, and
    /// what is empty, is left out. Places were once called `before`, and pages were once numbered.
    pub(crate) fn read(query: Option<&str>, names: &'static [&'static str]) -> Self {
        let pairs: Vec<_> = form_urlencoded::parse(query.unwrap_or_default().as_bytes()).collect();
        let given = |name: &str| {
            let (_, text) = pairs.iter().find(|(at, _)| at == name)?;
            (!text.trim().is_empty()).then(|| text.trim().to_owned())
        };
        let of = |name: &&'static str| given(name).map(|text| (*name, text));
        let place = given("cursor").or_else(|| given("before")).map(|text| ("cursor", text));
        ListQuery {
            pairs: names.iter().filter_map(of).chain(place).collect(),
            page: given("page").and_then(|text| text.parse().ok()).filter(|page| *page > 1),
            faults: Invalid::new(),
        }
    }

    /// What was asked under a name, `""` if nothing.
    pub(crate) fn of(&self, name: &str) -> &str {
        self.pairs.iter().find(|(at, _)| *at == name).map_or("", |(_, text)| text)
    }

    /// Nothing is asked for: the whole list from its beginning.
    pub(crate) fn is_bare(&self) -> bool {
        self.pairs.is_empty() && self.page.is_none()
    }

    /// Whether a page after the first is asked for.
    pub(crate) fn is_later(&self) -> bool {
        !self.of("cursor").is_empty() || self.page.is_some()
    }

    /// The same, with one name set to another text; `""` drops it.
    pub(crate) fn with(&self, name: &'static str, text: &str) -> Self {
        let mut pairs = self.pairs.clone();
        pairs.retain(|(at, _)| *at != name);
        if !text.is_empty() {
            pairs.push((name, text.to_owned()));
        }
        ListQuery { pairs, page: None, faults: Invalid::new() }
    }

    /// The same from its first page on.
    pub(crate) fn first(&self) -> Self {
        self.with("cursor", "")
    }

    /// The same after a place.
    pub(crate) fn after(&self, cursor: Cursor) -> Self {
        self.with("cursor", &cursor.to_string())
    }

    /// The part of an address from its `?` on, `""` if nothing is asked for.
    pub(crate) fn query(&self) -> String {
        if self.pairs.is_empty() {
            return String::new();
        }
        let mut query = form_urlencoded::Serializer::for_suffix(String::from("?"), 1);
        query.extend_pairs(&self.pairs).finish()
    }

    /// The place of the page that is asked for.
    pub(crate) fn place(&mut self, is_timed: bool) -> Option<Cursor> {
        if self.of("cursor").is_empty() {
            return self
                .page
                .map(|page| Cursor::Rows((page - 1).saturating_mul(limits::PORTAL_ROWS)));
        }
        let place = Cursor::parse(self.of("cursor"));
        let place = place.filter(|place| place.at().is_some() == is_timed);
        self.faults.require(place.is_some(), "cursor", "must be one of this list");
        place
    }

    /// The number of one of these accounts, where the list is narrowed to it; else none.
    pub(crate) fn account(&mut self, accounts: &[Account]) -> Vec<String> {
        let is_known = |number: &&str| accounts.iter().any(|account| account.number == *number);
        let known = |number: &str| Some(number).filter(is_known).map(str::to_owned);
        self.one_of("account_number", known, "must be one of your accounts").into_iter().collect()
    }

    /// What a name was set to, of what is known under it.
    pub(crate) fn one_of<T>(
        &mut self,
        name: &'static str,
        known: impl Fn(&str) -> Option<T>,
        rule: &str,
    ) -> Option<T> {
        let text = self.of(name);
        if text.is_empty() {
            return None;
        }
        let found = known(text);
        self.faults.require(found.is_some(), name, rule);
        found
    }

    /// The text that is looked for.
    pub(crate) fn sought(&mut self) -> String {
        let text = self.of("q").to_owned();
        check_line(&mut self.faults, "q", &text);
        text
    }

    /// The first and the last day.
    pub(crate) fn days(&mut self) -> (Option<Date>, Option<Date>) {
        let [from, to] = ["from_date", "to_date"].map(|path| {
            let text = self.of(path);
            match Date::parse(text) {
                _ if text.is_empty() => None,
                Ok(date) => Some(date),
                Err(rule) => {
                    self.faults.add(path, rule.to_string());
                    None
                }
            }
        });
        let is_order = from.zip(to).is_none_or(|(from, to)| from <= to);
        self.faults.require(is_order, "from_date", "must not be after the day in “To”");
        (from, to)
    }

    /// Whether nothing is wrong with it.
    pub(crate) fn is_sound(&self) -> bool {
        self.faults.is_empty()
    }

    /// Refuses what is wrong with it.
    pub(crate) fn require_sound(self) -> Result<(), Invalid> {
        self.faults.or(())
    }

    /// What is wrong with a name.
    pub(crate) fn fault(&self, name: &str) -> Option<&str> {
        self.faults.about(name)
    }

    /// A field with what was asked, and what is wrong with it.
    pub(crate) fn shown(&self, field: Field) -> Field {
        let error = self.fault(&field.name).map(sentence);
        let value = self.of(&field.name);
        let field = field.value(value);
        match error {
            Some(error) => field.error(&error),
            None => field,
        }
    }

    /// What is wrong that no field shows, in a sentence.
    pub(crate) fn fault_besides(&self, fields: &[Field]) -> Option<String> {
        let mut unseen = self.faults.faults();
        let (name, rule) = unseen.find(|(at, _)| fields.iter().all(|field| field.name != *at))?;
        Some(match name {
            "cursor" => format!("The page of the list {rule}."),
            name => format!("The filter “{name}” {rule}."),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(query: &str) -> ListQuery {
        ListQuery::read(Some(query), &["q", "status"])
    }

    #[test]
    fn an_address_is_read_and_written_back() {
        let asked = read("status=closed&q=a+%26+b&evil=1&cursor=5-9");
        assert_eq!(asked.query(), "?q=a+%26+b&status=closed&cursor=5-9");
        assert_eq!(asked.first().with("q", "").query(), "?status=closed");
        assert_eq!(read("evil=1&status=+").query(), "");
        assert!(read("").is_bare() && !asked.is_bare() && asked.is_later());
    }

    #[test]
    fn a_cursor_is_a_number_with_an_instant_or_without() {
        let place = |query: &str, is_timed| {
            let mut asked = read(query);
            let place = asked.place(is_timed);
            (place, asked.is_sound())
        };
        let at = Instant::from_ms(-62_135_596_800_000);
        for (at, id) in [(at, 1), (Instant::from_ms(1_737_497_300_671), 939)] {
            let written = read("").after(Cursor::At(at, id)).query();
            assert_eq!(place(&written[1..], true), (Some(Cursor::At(at, id)), true));
            assert_eq!(place(&written[1..], false), (None, false), "a place of another list");
        }
        assert_eq!(place("cursor=9", false), (Some(Cursor::Of(9)), true));
        assert_eq!(place("cursor=9", true), (None, false));
        for bad in ["5-", "-5", "a-b", "5-9-x", "99999999999999999999-1", "x"] {
            assert_eq!(place(&format!("cursor={bad}"), true), (None, false), "{bad}");
        }
    }

    #[test]
    fn addresses_of_before_there_was_one_kind_of_cursor_still_lead_to_their_page() {
        assert_eq!(read("before=31").place(false), Some(Cursor::Of(31)));
        assert_eq!(read("before=31").query(), "?cursor=31");
        assert_eq!(read("page=3").place(false), Some(Cursor::Rows(2 * limits::PORTAL_ROWS)));
        assert_eq!(read("page=1").place(false), None);
        assert_eq!(read("page=x").place(false), None);
    }
}
