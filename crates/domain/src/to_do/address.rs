//! Whom a To Do goes to: the channel's address of its contact, found when it is sent.

use crate::phone::{e164, looks_like_one};
use crate::user::check_email;
use crate::{Channel, Contact, ContactId};

/// Where a To Do goes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Address {
    /// An e-mail address, or a phone as `+` and digits.
    pub address: String,
    /// The person's name, `""` if nobody knows it.
    pub recipient: String,
    /// The person in the directory.
    pub contact_id: Option<ContactId>,
}

/// Finds the address of a To Do's contact on a channel, in the account's directory where the text
/// itself is none; or the reason why there is none, in a sentence.
pub fn resolve(contact: &str, channel: Channel, directory: &[Contact]) -> Result<Address, String> {
    let text = contact.trim();
    let known = person(text, directory);
    let found = |address: String| Address {
        address,
        recipient: known.map(|known| known.name.clone()).unwrap_or_default(),
        contact_id: known.map(|known| known.id),
    };
    match channel {
        Channel::Email if check_email(text).is_ok() => Ok(found(text.to_owned())),
        Channel::Email => match known {
            Some(known) if known.email.is_empty() => {
                Err(format!("{} has no e-mail address in the directory.", known.name))
            }
            Some(known) => Ok(found(known.email.clone())),
            None => Err(nobody(text, "an e-mail address")),
        },
        Channel::Sms | Channel::Call if looks_like_one(text) => {
            e164(text).map(found).map_err(|rule| format!("“{text}” {rule}."))
        }
        Channel::Sms | Channel::Call => match known {
            Some(known) if known.phone.is_empty() => {
                Err(format!("{} has no phone in the directory.", known.name))
            }
            Some(known) => e164(&known.phone)
                .map(found)
                .map_err(|rule| format!("The phone of {}, “{}”, {rule}.", known.name, known.phone)),
            None => Err(nobody(text, "a phone number")),
        },
    }
}

/// The person whom a text means: by name, by e-mail address, or by phone.
fn person<'d>(text: &str, directory: &'d [Contact]) -> Option<&'d Contact> {
    let phone = e164(text).ok();
    let is_meant = |contact: &&Contact| {
        contact.name.trim().eq_ignore_ascii_case(text)
            || (!contact.email.is_empty() && contact.email.eq_ignore_ascii_case(text))
            || (phone.is_some() && e164(&contact.phone).ok() == phone)
    };
    directory.iter().find(is_meant)
}

fn nobody(text: &str, what: &str) -> String {
    format!("“{text}” is not {what}, and nobody in the directory has that name or address.")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::AccountId;

    fn contact(id: i64, name: &str, email: &str, phone: &str) -> Contact {
        Contact {
            id: ContactId(id),
            account_id: AccountId(1),
            name: name.to_owned(),
            title: String::new(),
            email: email.to_owned(),
            phone: phone.to_owned(),
            zone: None,
        }
    }

    #[test]
    fn contacts_are_found_by_the_channel() {
        use Channel::{Call, Email, Sms};
        let directory = [
            contact(1, "Jane Hart", "jane@law.example", "+1 561 555 0100"),
            contact(2, "José", "jose@kauneonga.com", ""),
            contact(3, "Emergency", "", "911"),
        ];
        let check = |text: &str, channel, expected: Result<(&str, &str), &str>| {
            let got = resolve(text, channel, &directory);
            let got = got.map(|found| (found.address, found.recipient));
            let owned = |(a, b): (&str, &str)| (a.to_owned(), b.to_owned());
            assert_eq!(got, expected.map(owned).map_err(str::to_owned), "{text} {channel:?}");
        };
        check("+15615550100", Sms, Ok(("+15615550100", "Jane Hart")));
        check("(754) 283-8007", Call, Ok(("+17542838007", "")));
        check(" jane hart ", Sms, Ok(("+15615550100", "Jane Hart")));
        check("JANE@law.example", Sms, Ok(("+15615550100", "Jane Hart")));
        check("Jane Hart", Email, Ok(("jane@law.example", "Jane Hart")));
        check("new@client.example", Email, Ok(("new@client.example", "")));
        check("jose@kauneonga.com", Sms, Err("José has no phone in the directory."));
        let said = "“911” is too short for a phone number that may be called.";
        check("911", Call, Err(said));
        let said =
            "The phone of Emergency, “911”, is too short for a phone number that may be called.";
        check("Emergency", Call, Err(said));
        let said = "“x@y.example” is not a phone number, \
            and nobody in the directory has that name or address.";
        check("x@y.example", Sms, Err(said));
    }
}
