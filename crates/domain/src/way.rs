//! A way to reach a contact: a channel, an address, and the hours at which it may be used.

use crate::phone::e164;
use crate::user::check_email;
use crate::{Channel, Contact, ContactId, Hours, Instant, Invalid, WayId, Zone, limits};

/// A way to reach a contact. Those of one contact are tried in their order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Way {
    /// Its identifier; 0 for one that follows from the contact's own e-mail and phone.
    pub id: WayId,
    /// Whom it reaches.
    pub contact_id: ContactId,
    /// How.
    pub channel: Channel,
    /// Where: an e-mail address, or a phone as `+` and digits.
    pub address: String,
    /// When, by the contact's clock.
    pub hours: Hours,
}

/// A way as somebody wants to make it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct WayEntry {
    /// `email`, `sms` or `call`.
    pub channel: String,
    /// An e-mail address or a phone number.
    pub address: String,
    /// Windows as [`Hours`] reads them; `""` for always.
    pub hours: String,
}

/// Checks the ways of a contact, in their order; faults are named `ways.{i}.{field}`.
pub fn checked(contact_id: ContactId, entries: &[WayEntry]) -> Result<Vec<Way>, Invalid> {
    let mut invalid = Invalid::new();
    invalid.require(entries.len() <= limits::WAYS, "ways", "must be at most 20");
    let mut ways: Vec<Way> = Vec::new();
    for (i, entry) in entries.iter().enumerate() {
        let path = |field: &str| format!("ways.{i}.{field}");
        let channel = Channel::parse(entry.channel.trim()).unwrap_or_else(|| {
            invalid.add(path("channel"), "must be email, sms or call");
            Channel::Email
        });
        let address = match read_address(channel, entry.address.trim()) {
            Ok(address) => address,
            Err(rule) => {
                invalid.add(path("address"), rule);
                String::new()
            }
        };
        let hours = Hours::read(&mut invalid, &path("hours"), &entry.hours);
        let twice = ways.iter().any(|way| way.channel == channel && way.address == address);
        let rule = "must differ from the ways before it";
        invalid.require(!twice || address.is_empty(), &path("address"), rule);
        ways.push(Way { id: WayId(0), contact_id, channel, address, hours });
    }
    invalid.or(ways)
}

/// An address of a channel in the form in which it is kept, or the rule that it breaks.
pub fn read_address(channel: Channel, text: &str) -> Result<String, String> {
    match channel {
        Channel::Email => check_email(text).map(|()| text.to_owned()).map_err(str::to_owned),
        Channel::Sms | Channel::Call => e164(text).map_err(str::to_owned),
    }
}

/// The ways of a contact that has none of its own: e-mail first, then a text and a call to its
/// phone, as far as they can be read.
pub fn implied(contact: &Contact) -> Vec<Way> {
    let all = [
        (Channel::Email, &contact.email),
        (Channel::Sms, &contact.phone),
        (Channel::Call, &contact.phone),
    ];
    let way = |(channel, text): (Channel, &String)| {
        let address = read_address(channel, text).ok()?;
        let (id, contact_id) = (WayId(0), contact.id);
        Some(Way { id, contact_id, channel, address, hours: Hours::always() })
    };
    all.into_iter().filter_map(way).collect()
}

impl Way {
    /// Whether it may be used at an instant. `zone` is the contact's.
    pub fn is_open(&self, at: Instant, zone: &Zone) -> bool {
        self.hours.hold(at, zone)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_fault_of_ways_is_named() {
        let entry = |channel: &str, address: &str, hours: &str| WayEntry {
            channel: channel.to_owned(),
            address: address.to_owned(),
            hours: hours.to_owned(),
        };
        let sound = [
            entry("sms", "(561) 555-0100", "Mon-Fri 08:00-18:00"),
            entry("email", "a@b.example", ""),
        ];
        let ways = checked(ContactId(7), &sound).expect("sound");
        assert_eq!((ways[0].address.as_str(), ways[0].channel), ("+15615550100", Channel::Sms));
        let bad = [
            entry("fax", "1", ""),
            entry("call", "911", "9-5"),
            entry("sms", "+15615550100", ""),
            entry("sms", "561 555 0100", ""),
        ];
        let invalid = checked(ContactId(7), &bad).expect_err("bad");
        let paths: Vec<&str> = invalid.faults().map(|(path, _)| path).collect();
        let expected = [
            "ways.0.channel",
            "ways.0.address",
            "ways.1.address",
            "ways.1.hours",
            "ways.3.address",
        ];
        assert_eq!(paths, expected);
    }
}
