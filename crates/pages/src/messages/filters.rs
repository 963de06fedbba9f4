//! The filters of the message list: what they mean, and the form that shows them.

use app::messages::{Position, Query};
use domain::user::check_line;
use domain::{Account, Invalid, MessageId, Status};

use super::Filters;
use crate::list::{Asked, choice_of_account, days, place, shown};
use crate::ui::words::sentence;
use crate::ui::{Choice, Field, FieldKind};

/// What may stand in the address.
const NAMES: [&str; 7] =
    ["q", "read", "account_number", "status", "from_date", "to_date", "cursor"];

/// Reads the part of an address behind `?`.
pub(crate) fn read(query: Option<&str>) -> Asked {
    Asked::read(query, &NAMES)
}

/// What an address asks for.
#[derive(Clone, Debug)]
pub(crate) struct Meaning {
    /// Which messages.
    pub(crate) query: Query,
    /// The last message of the page before.
    pub(crate) after: Option<Position>,
}

/// What it means, and all that is wrong with it. `accounts` are those that whoever asks may
/// see.
pub(crate) fn meaning(asked: &Asked, accounts: &[Account]) -> (Meaning, Invalid) {
    let mut invalid = Invalid::new();
    let number = asked.of("account_number");
    let is_known = accounts.iter().any(|account| account.number == number);
    invalid.require(
        number.is_empty() || is_known,
        "account_number",
        "must be one of your accounts",
    );
    let status = Status::parse(asked.of("status"));
    let is_status = asked.of("status").is_empty() || status.is_some();
    invalid.require(is_status, "status", "must be one of the list");
    let read = match asked.of("read") {
        "" => None,
        "true" => Some(true),
        "false" => Some(false),
        _ => {
            invalid.add("read", "must be true or false");
            None
        }
    };
    check_line(&mut invalid, "q", asked.of("q"));
    let (from, to) = days(asked.of("from_date"), asked.of("to_date"), &mut invalid);
    let after = position(asked.of("cursor"));
    let is_position = asked.of("cursor").is_empty() || after.is_some();
    invalid.require(is_position, "cursor", "must be one of this list");
    let query = Query {
        account_number: (!number.is_empty()).then(|| number.to_owned()),
        from,
        to,
        status,
        read,
        text: asked.of("q").to_owned(),
        ..Query::default()
    };
    (Meaning { query, after }, invalid)
}

/// The form that shows it, with each fault beside its field.
pub(crate) fn form(asked: &Asked, accounts: &[Account], faults: &Invalid) -> Filters {
    let mut status = Field::choice("status", "Status", &[("", "Any status")]);
    status.choices.extend(Status::ALL.map(|status| {
        let word = status.as_str();
        Choice::new(word, sentence(word).trim_end_matches('.'))
    }));
    let mut fields = vec![
        status,
        Field::new(FieldKind::Date, "from_date", "From"),
        Field::new(FieldKind::Date, "to_date", "To"),
    ];
    if accounts.len() > 1 || faults.about("account_number").is_some() {
        fields.insert(0, choice_of_account(accounts));
    }
    let fields: Vec<Field> = fields.into_iter().map(|field| shown(field, asked, faults)).collect();
    let first = asked.with("cursor", "");
    Filters {
        query: asked.of("q").to_owned(),
        unread_only: asked.of("read") == "false",
        set: fields.iter().filter(|field| !field.value.is_empty()).count(),
        fields,
        all_href: format!("/messages{}", first.with("read", "").query()),
        unread_href: format!("/messages{}", first.with("read", "false").query()),
    }
}

fn position(cursor: &str) -> Option<Position> {
    place(cursor).map(|(created_at, id)| Position { created_at, id: MessageId(id) })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn everything_wrong_is_named_at_once() {
        let query = "account_number=7&status=lost&read=maybe&q=a%00b&from_date=2025-02-30\
            &to_date=soon&cursor=x";
        let (_, faults) = meaning(&read(Some(query)), &[]);
        let paths: Vec<&str> = faults.faults().map(|(path, _)| path).collect();
        let all = ["account_number", "status", "read", "q", "from_date", "to_date", "cursor"];
        assert_eq!(paths, all);
        let (_, faults) = meaning(&read(Some("from_date=2025-02-02&to_date=2025-02-01")), &[]);
        assert_eq!(faults.about("from_date"), Some("must not be after the day in “To”"));
    }
}
