//! A client of the answering service, its lines, and the people in its directory.

use crate::user::{check_email, check_line};
use crate::{AccountId, ContactId, DidId, Instant, Invalid, TenantId, Zone, limits};

/// A client for whom calls are answered.
#[derive(Clone, Debug)]
pub struct Account {
    /// The tenant that it belongs to.
    pub tenant_id: TenantId,
    /// Its identifier.
    pub id: AccountId,
    /// The number or short name that agents and programs know it by; unique in the tenant.
    pub number: String,
    /// The client's name.
    pub name: String,
    /// The zone of its dates and times.
    pub zone: Zone,
    /// What an agent says when a call comes in.
    pub greeting: String,
    /// What an agent should know about it.
    pub facts: String,
    /// When it was made.
    pub created_at: Instant,
}

/// A line that callers dial.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Did {
    /// Its identifier.
    pub id: DidId,
    /// The account whose calls come in on it.
    pub account_id: AccountId,
    /// The number as digits.
    pub number: String,
    /// What the line is for, `""` if nobody said.
    pub label: String,
}

/// A person in an account's directory, and how to reach it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Contact {
    /// Its identifier.
    pub id: ContactId,
    /// The account whose directory it stands in.
    pub account_id: AccountId,
    /// The person's name.
    pub name: String,
    /// What the person does, `""` if nobody said.
    pub title: String,
    /// Where messages go by e-mail, `""` if nowhere.
    pub email: String,
    /// The person's phone, as entered.
    pub phone: String,
    /// The zone that the person lives in; `None` takes the account's.
    pub zone: Option<Zone>,
}

/// An account as somebody wants to make or change it.
#[derive(Clone, Debug, Default)]
pub struct AccountEntry {
    /// The account number.
    pub number: String,
    /// The client's name.
    pub name: String,
    /// The IANA name of its zone; `""` takes `America/New_York`.
    pub zone: String,
    /// What an agent says when a call comes in.
    pub greeting: String,
    /// What an agent should know.
    pub facts: String,
}

impl AccountEntry {
    /// Checks it, and finds its zone.
    pub fn checked(mut self) -> Result<(Self, Zone), Invalid> {
        let mut invalid = Invalid::new();
        for text in [&mut self.number, &mut self.name, &mut self.zone] {
            *text = text.trim().to_owned();
        }
        if self.zone.is_empty() {
            self.zone = DEFAULT_ZONE.to_owned();
        }
        check_line(&mut invalid, "account_number", &self.number);
        check_line(&mut invalid, "name", &self.name);
        invalid.require(!self.number.is_empty(), "account_number", "must not be empty");
        invalid.require(!self.name.is_empty(), "name", "must not be empty");
        for (path, text) in [("greeting", &self.greeting), ("facts", &self.facts)] {
            invalid.require(
                text.len() <= limits::TEXT_BYTES,
                path,
                "must have at most 20,000 bytes",
            );
        }
        match Zone::named(&self.zone) {
            Ok(zone) => invalid.or((self, zone)),
            Err(_) => {
                invalid.add("zone", "must be an IANA time zone like America/New_York");
                Err(invalid)
            }
        }
    }
}

/// The zone of an account that names none.
pub const DEFAULT_ZONE: &str = "America/New_York";

/// A contact as somebody wants to make it.
#[derive(Clone, Debug, Default)]
pub struct ContactEntry {
    /// The person's name.
    pub name: String,
    /// What the person does.
    pub title: String,
    /// Where messages go by e-mail, or `""`.
    pub email: String,
    /// The person's phone, or `""`.
    pub phone: String,
    /// The IANA name of the zone that the person lives in; `""` takes the account's.
    pub zone: String,
}

impl ContactEntry {
    /// Checks it, and finds its zone.
    pub fn checked(mut self) -> Result<(Self, Option<Zone>), Invalid> {
        let mut invalid = Invalid::new();
        let Self { name, title, email, phone, zone } = &mut self;
        for text in [name, title, email, phone, zone] {
            *text = text.trim().to_owned();
        }
        let zone = (!self.zone.is_empty()).then(|| Zone::named(&self.zone));
        if let Some(Err(unknown)) = &zone {
            invalid.add("zone", unknown.to_string());
        }
        invalid.require(!self.name.is_empty(), "name", "must not be empty");
        for (path, text) in [("name", &self.name), ("title", &self.title), ("phone", &self.phone)] {
            check_line(&mut invalid, path, text);
        }
        if !self.email.is_empty()
            && let Err(rule) = check_email(&self.email)
        {
            invalid.add("email", rule);
        }
        invalid.or((self, zone.and_then(Result::ok)))
    }
}

/// The digits of a phone number, with the `1` of an eleven-digit North American number dropped.
/// Foreign numbers keep their country code. (Contract: how the documented system stores lines.)
pub fn phone_digits(text: &str) -> String {
    let digits: String = text.chars().filter(char::is_ascii_digit).collect();
    match digits.strip_prefix('1') {
        Some(rest) if rest.len() == 10 => rest.to_owned(),
        _ => digits,
    }
}

#[cfg(test)]
mod tests {
    use super::phone_digits;

    #[test]
    fn phone_numbers_become_digits() {
        let check = |text, digits| assert_eq!(phone_digits(text), digits, "{text}");
        check("+17542838007", "7542838007");
        check("(561) 781-9977", "5617819977");
        check("529841275287", "529841275287");
        check("1", "1");
        check("", "");
    }
}
