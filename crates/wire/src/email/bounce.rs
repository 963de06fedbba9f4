//! Why a mail does not reach a mailbox, in words for people: from replies, and from later reports.
//!
//! Codes: RFC 5321 (4.2), RFC 3463 and the registry of enhanced status codes
//! (<https://www.iana.org/assignments/smtp-enhanced-status-codes>).

mod report;

pub use report::{REPORT_MAX_BYTES, parse};

/// What a mail server's refusal means.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Bounce {
    /// What stands in the way.
    pub kind: Kind,
    /// Whether the same mail would be refused each time.
    ///
    /// A full mailbox is not permanent, whatever the server says: its owner can empty it, and the
    /// budget of attempts ends the matter otherwise.
    pub is_permanent: bool,
}

/// What stands in the way of a mail.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Kind {
    /// Nobody has that address.
    NoSuchAddress,
    /// The mailbox is there, and takes no mail.
    Disabled,
    /// The mailbox is full.
    MailboxFull,
    /// The mail is larger than the server or the mailbox takes.
    TooLarge,
    /// A rule: spam, a block list, who may write to whom, a missing signature.
    Blocked,
    /// The recipient's server cannot be reached.
    Unreachable,
    /// Anything else.
    Other,
}

impl Bounce {
    /// From the reply to a command about the mail: its code and its text without that code.
    ///
    /// An enhanced status code at the beginning of the text says more than the reply code. Where
    /// the two disagree on whether it is permanent, it is not: another try does less harm than a
    /// mail that is given up.
    pub fn of_reply(code: u16, text: &str) -> Self {
        let status = Status::read(text);
        let kind = match (status.and_then(Status::kind), code) {
            (Some(kind), _) => kind,
            (None, 556) => Kind::NoSuchAddress,
            (None, 523) => Kind::TooLarge,
            (None, _) => Kind::Other,
        };
        let says_later = code < 500 || status.is_some_and(|status| status.class == 4);
        Bounce { kind, is_permanent: !says_later && kind != Kind::MailboxFull }
    }

    /// The beginning of a sentence that says so to a person; `None` where there is nothing to add
    /// to what the server said.
    pub fn words(self) -> Option<&'static str> {
        match self.kind {
            Kind::NoSuchAddress => Some("The address does not exist"),
            Kind::Disabled if self.is_permanent => Some("The mailbox takes no mail"),
            Kind::Disabled => Some("The mailbox takes no mail just now"),
            Kind::MailboxFull => Some("The mailbox is full"),
            Kind::TooLarge => Some("The mail is too large"),
            Kind::Blocked if self.is_permanent => Some("A rule forbids this mail"),
            Kind::Blocked => Some("A rule puts this mail off"),
            Kind::Unreachable => Some("The recipient's mail server cannot be reached"),
            Kind::Other => None,
        }
    }
}

/// An enhanced status code: class, subject, detail (RFC 3463, 2).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Status {
    class: u16,
    subject: u16,
    detail: u16,
}

impl Status {
    /// The code that a text begins with.
    fn read(text: &str) -> Option<Self> {
        let is_code = |c: char| c.is_ascii_digit() || c == '.';
        let text = text.trim_start();
        let code = &text[..text.find(|c| !is_code(c)).unwrap_or(text.len())];
        let mut numbers = code.split('.').map(|number| number.parse::<u16>().ok());
        let (class, subject, detail) = (numbers.next()??, numbers.next()??, numbers.next()??);
        let is_known = matches!(class, 2 | 4 | 5) && subject < 1_000 && detail < 1_000;
        (is_known && numbers.next().is_none()).then_some(Status { class, subject, detail })
    }

    /// What it says about the mail; `None` where it leaves that open, as `5.0.0` does.
    fn kind(self) -> Option<Kind> {
        Some(match (self.subject, self.detail) {
            (1, 0..=3 | 6 | 10) => Kind::NoSuchAddress,
            (2, 1) => Kind::Disabled,
            (2, 2) => Kind::MailboxFull,
            (2, 3) | (3, 4) => Kind::TooLarge,
            (7, _) => Kind::Blocked,
            // `5.4.1` is said by servers that are reached well: "access denied".
            (4, _) if self.class == 4 => Kind::Unreachable,
            (4, 4 | 7) => Kind::Unreachable,
            _ => return None,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn replies_come_to_kinds() {
        use Kind::*;
        for (code, text, kind, is_permanent) in [
            (550, "5.1.1 no such user", NoSuchAddress, true),
            (550, "5.1.2 no such host", NoSuchAddress, true),
            (553, "5.1.3 bad syntax", NoSuchAddress, true),
            (550, "5.1.6 moved", NoSuchAddress, true),
            (550, "5.1.10 null MX", NoSuchAddress, true),
            (550, "5.1.10", NoSuchAddress, true),
            (550, "5.1.8 sender's domain is unknown", Other, true),
            (556, "the domain takes no mail", NoSuchAddress, true),
            (550, "5.2.1 not active", Disabled, true),
            (552, "5.2.2 over quota", MailboxFull, false),
            (452, "4.2.2 over quota", MailboxFull, false),
            (552, "5.2.3 too large", TooLarge, true),
            (552, "5.3.4 too big", TooLarge, true),
            (554, "5.7.1 looks like spam", Blocked, true),
            (550, "5.7.26 unauthenticated", Blocked, true),
            (450, "4.7.1 greylisted", Blocked, false),
            (451, "4.4.1 no answer from host", Unreachable, false),
            (550, "5.4.4 unrouteable", Unreachable, true),
            (550, "5.4.1 Recipient address rejected: Access denied", Other, true),
            (450, "greylisted, come back", Other, false),
            (451, "4.3.0 try again", Other, false),
            (421, "", Other, false),
            (550, "mailbox unavailable", Other, true),
            (554, "5.0.0 no", Other, true),
            // Where they disagree, there is another try.
            (550, "4.2.1 for now", Disabled, false),
            (450, "5.1.1 no such user", NoSuchAddress, false),
            // No enhanced codes.
            (550, "5.1 no", Other, true),
            (550, "5.1.1.1 no", Other, true),
            (550, "5.1.99999 no", Other, true),
            (550, "3.1.1 no", Other, true),
            (550, "5.1.1é", NoSuchAddress, true),
            (550, "é5.1.1", Other, true),
        ] {
            assert_eq!(
                Bounce::of_reply(code, text),
                Bounce { kind, is_permanent },
                "{code} {text}"
            );
        }
    }
}
