//! What a message says when it goes out: the account's own words, or ours, for each channel.

use crate::{Account, Channel, Form, Invalid, Message, limits, mail};

/// An account's own words. `""` takes ours. Variables stand in braces: see [`VARIABLES`].
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Wording {
    /// A text message.
    pub sms: String,
    /// The subject of an e-mail.
    pub subject: String,
    /// The text of an e-mail.
    pub email: String,
    /// What a call says.
    pub call: String,
}

/// What may stand in braces in an account's words.
pub const VARIABLES: [&str; 14] = [
    "ACCOUNT",
    "ACCOUNT_NUMBER",
    "CALLER",
    "CALLER_ID",
    "CODE",
    "COMPANY",
    "CONTENT",
    "DETAILS",
    "EMAIL",
    "EMERGENCY",
    "LINK",
    "PHONE",
    "RECIPIENT",
    "TAKEN",
];

/// Our own words.
const SMS: &str = "{EMERGENCY}{ACCOUNT}: {CALLER} {PHONE}\n{CONTENT}";
const SUBJECT: &str = "{EMERGENCY}Message for {ACCOUNT} from {CALLER}";
const CALL: &str = "{EMERGENCY}This is a message for {RECIPIENT} from {ACCOUNT}. \
    {CALLER} called, phone {PHONE}. The message is: {CONTENT}";

/// Our own words for each channel, as an account would write them.
pub fn ours() -> Wording {
    Wording {
        sms: SMS.to_owned(),
        subject: SUBJECT.to_owned(),
        email: "{DETAILS}".to_owned(),
        call: CALL.to_owned(),
    }
}

impl Wording {
    /// Checks it: lengths, and that every variable is one.
    pub fn checked(self) -> Result<Self, Invalid> {
        let mut invalid = Invalid::new();
        let texts = [
            ("sms", &self.sms, limits::SMS_WORDING_BYTES),
            ("subject", &self.subject, limits::LINE_BYTES),
            ("email", &self.email, limits::TEXT_BYTES),
            ("call", &self.call, limits::SMS_WORDING_BYTES),
        ];
        for (path, text, most) in texts {
            invalid.require(text.len() <= most, path, &format!("must have at most {most} bytes"));
            invalid.require(!text.contains('\0'), path, "must not hold NUL characters");
            for name in names(text).filter(|name| !VARIABLES.contains(name)) {
                let known = VARIABLES.join("}, {");
                invalid.add(path, format!("must not name {{{name}}}; there are {{{known}}}"));
            }
        }
        invalid.require(!self.subject.contains('\n'), "subject", "must be one line");
        invalid.or(self)
    }
}

/// The names in braces.
fn names(text: &str) -> impl Iterator<Item = &str> {
    text.split('{').skip(1).filter_map(|part| part.split_once('}').map(|(name, _)| name))
}

/// What one delivery of a message is made from.
#[derive(Clone, Copy, Debug)]
pub struct LetterSource<'a> {
    /// The message.
    pub message: &'a Message,
    /// Its account.
    pub account: &'a Account,
    /// The version of the form that it was taken with.
    pub form: Option<&'a Form>,
    /// Whom it goes to.
    pub recipient: &'a str,
    /// The short code that acknowledges it by text; `""` where there is none.
    pub code: &'a str,
    /// The address that acknowledges it by a click; `""` where there is none.
    pub link: &'a str,
}

/// The subject line and the text of a message on a channel. The subject is one line, whatever the
/// caller said; a text ends with how to acknowledge, if the account's words do not say it.
pub fn compose(wording: &Wording, letter: &LetterSource<'_>, channel: Channel) -> (String, String) {
    let subject = match (letter.message.email_subject.as_str(), wording.subject.as_str()) {
        (given, _) if !given.is_empty() => format!("{}{given}", urgent(letter.message)),
        (_, "") => fill(SUBJECT, letter),
        (_, own) => fill(own, letter),
    };
    let mut body = match channel {
        Channel::Sms => fill(or(&wording.sms, SMS), letter),
        Channel::Call => fill(or(&wording.call, CALL), letter),
        Channel::Email if wording.email.is_empty() => details(letter),
        Channel::Email => fill(&wording.email, letter),
    };
    let own = match channel {
        Channel::Sms => &wording.sms,
        Channel::Email => &wording.email,
        Channel::Call => &wording.call,
    };
    if channel == Channel::Sms && !letter.code.is_empty() && !own.contains("{CODE}") {
        body = shortened(&body, limits::SMS_BODY_CHARS);
        body.push_str(&format!("\nReply {} to acknowledge.", letter.code));
    }
    if channel == Channel::Email && !letter.link.is_empty() && !own.contains("{LINK}") {
        body.push_str(&format!("\nAcknowledge it: {}\n", letter.link));
    }
    (one_line(&subject), body)
}

/// The subject line and the text of a digest.
pub fn compose_digest(
    account: &Account,
    messages: &[Message],
    form_of: impl Fn(&Message) -> Option<Form>,
) -> (String, String) {
    let count = match messages.len() {
        1 => "1 message".to_owned(),
        n => format!("{n} messages"),
    };
    let mut body = format!("{count} for {}.\n", account.name);
    for message in messages {
        body.push_str("\n----------------------------------------\n\n");
        body.push_str(&mail::details(message, account, form_of(message).as_ref()));
    }
    (one_line(&format!("{count} for {}", account.name)), body)
}

fn or<'a>(own: &'a str, ours: &'a str) -> &'a str {
    if own.is_empty() { ours } else { own }
}

fn urgent(message: &Message) -> &'static str {
    if message.is_emergency { "EMERGENCY: " } else { "" }
}

/// Replaces the variables. What stands for one is not looked at again: a caller who says
/// `{LINK}` gets it back as said.
fn fill(text: &str, letter: &LetterSource<'_>) -> String {
    let mut out = String::with_capacity(text.len() + letter.message.content.len());
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('{') {
        out.push_str(before);
        match after.split_once('}') {
            Some((name, after)) if VARIABLES.contains(&name) => {
                out.push_str(&value(name, letter));
                rest = after;
            }
            _ => {
                out.push('{');
                rest = after;
            }
        }
    }
    out.push_str(rest);
    out
}

fn value(name: &str, letter: &LetterSource<'_>) -> String {
    let (message, account) = (letter.message, letter.account);
    match name {
        "ACCOUNT" => account.name.clone(),
        "ACCOUNT_NUMBER" => account.number.clone(),
        "CALLER" => caller(message),
        "CALLER_ID" => message.caller_id.clone(),
        "CODE" => letter.code.to_owned(),
        "COMPANY" => message.company_name.clone(),
        "CONTENT" => message.content.clone(),
        "DETAILS" => details(letter),
        "EMAIL" => message.email.clone(),
        "EMERGENCY" => urgent(message).to_owned(),
        "LINK" => letter.link.to_owned(),
        "PHONE" => {
            let phones = [&message.phone, &message.phone_number, &message.caller_id];
            phones.into_iter().find(|text| !text.is_empty()).cloned().unwrap_or_default()
        }
        "RECIPIENT" => letter.recipient.to_owned(),
        "TAKEN" => account.zone.portal(message.created_at).to_string(),
        _ => String::new(),
    }
}

fn caller(message: &Message) -> String {
    let caller = message.caller();
    if caller.is_empty() { "an unknown caller".to_owned() } else { caller }
}

fn details(letter: &LetterSource<'_>) -> String {
    mail::details(letter.message, letter.account, letter.form)
}

/// At most that many characters, the last one `…` where some were left out.
fn shortened(text: &str, most: usize) -> String {
    if text.chars().count() <= most {
        return text.to_owned();
    }
    text.chars().take(most.saturating_sub(1)).chain(['…']).collect()
}

fn one_line(text: &str) -> String {
    text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{AccountId, Instant, TenantId, Zone};

    fn account() -> Account {
        Account {
            tenant_id: TenantId(1),
            id: AccountId(4),
            number: "1000".to_owned(),
            name: "Hart & Lowe".to_owned(),
            zone: Zone::utc(),
            greeting: String::new(),
            facts: String::new(),
            created_at: Instant::from_ms(0),
        }
    }

    fn message() -> Message {
        let now = Instant::from_ms(1_737_497_300_671);
        Message {
            first_name: "Maria".to_owned(),
            phone: "(954) 832-6297".to_owned(),
            content: "Call me {LINK}".to_owned(),
            is_emergency: true,
            ..Message::blank(TenantId(1), AccountId(4), "uuid".to_owned(), now)
        }
    }

    fn check(wording: &Wording, channel: Channel, expected: (&str, &str)) {
        let (message, account) = (message(), account());
        let letter = LetterSource {
            message: &message,
            account: &account,
            form: None,
            recipient: "Jane",
            code: "482",
            link: "https://x.example/a/t",
        };
        let (subject, body) = compose(wording, &letter, channel);
        assert_eq!((subject.as_str(), body.as_str()), expected);
    }

    #[test]
    fn our_words_say_who_called_and_how_to_acknowledge() {
        let wording = Wording::default();
        let subject = "EMERGENCY: Message for Hart & Lowe from Maria";
        let sms = "EMERGENCY: Hart & Lowe: Maria (954) 832-6297\nCall me {LINK}\n\
            Reply 482 to acknowledge.";
        check(&wording, Channel::Sms, (subject, sms));
        let call = "EMERGENCY: This is a message for Jane from Hart & Lowe. Maria called, \
            phone (954) 832-6297. The message is: Call me {LINK}";
        check(&wording, Channel::Call, (subject, call));
        let email = "Call me {LINK}\n\nFrom: Maria\nTaken: Jan 21, 2025, 10:08 PM UTC\n\
            Phone: (954) 832-6297\n\nHart & Lowe · account 1000 · message uuid\n\n\
            Acknowledge it: https://x.example/a/t\n";
        check(&wording, Channel::Email, (subject, email));
    }

    #[test]
    fn an_accounts_own_words_may_say_nothing_of_the_message() {
        let wording = Wording {
            sms: "You have a message at {ACCOUNT}. {LINK} or {CODE}".to_owned(),
            subject: "A message waits".to_owned(),
            ..Wording::default()
        };
        let sms = "You have a message at Hart & Lowe. https://x.example/a/t or 482";
        check(&wording, Channel::Sms, ("A message waits", sms));
    }

    #[test]
    fn an_unknown_variable_is_refused_by_name() {
        let wording = Wording { sms: "Hi {NAME}".to_owned(), ..Wording::default() };
        let invalid = wording.checked().expect_err("unknown");
        let (path, rule) = invalid.faults().next().expect("a fault");
        assert!(path == "sms" && rule.starts_with("must not name {NAME}"), "{path} {rule}");
        let long = Wording { sms: "x".repeat(3_000), ..Wording::default() };
        assert!(long.checked().is_err());
    }
}
