//! A [`Mail`] as the bytes that travel: headers that nobody can add to, and an envelope.

use std::time::{Duration, SystemTime};

use lettre::Address;
use lettre::message::header::{HeaderName, HeaderValue};
use lettre::message::{Mailbox as HeaderMailbox, Message, MultiPart, SinglePart};

use super::{Class, HOPS_HEADER, Mail, Mailbox, Refused};

/// The last second that the Date header can show: 9999-12-31T23:59:59Z.
const DATE_MAX_S: u64 = 253_402_300_799;
/// Longest address of RFC 5321 (4.5.3.1.3, without its angle brackets).
const ADDRESS_MAX_BYTES: usize = 254;
/// Longest Message-ID and unsubscribe address that we write, well below a line's 998.
const TOKEN_MAX_BYTES: usize = 900;

/// The envelope and the bytes within it.
pub(super) struct ComposedMail {
    pub(super) from: Address,
    pub(super) to: Address,
    /// Headers and body with CRLF line ends, without the last one. ASCII unless an address is not.
    pub(super) bytes: Vec<u8>,
}

/// Builds the letter, or refuses the mail for good and names the field.
pub(super) fn letter(mail: &Mail) -> Result<ComposedMail, Refused> {
    let from = mailbox("sender", &mail.from)?;
    let to = mailbox("recipient", &mail.to)?;
    let sender = mail.sender.as_ref().map(|sender| mailbox("envelope sender", sender));
    let sender = sender.transpose()?;
    let message_id = message_id(&mail.message_id)?;
    let mut message = Message::builder()
        .from(from.clone())
        .to(to.clone())
        .subject(header_text(&mail.subject))
        .date(date(mail.date_ms))
        .message_id(Some(format!("<{message_id}>")))
        .raw_header(plain_header(HOPS_HEADER, mail.hops.to_string()));
    // Where author and sender are the same, only the author is named (RFC 5322, 3.6.2).
    if let Some(sender) = sender.as_ref().filter(|sender| sender.email != from.email) {
        message = message.sender(sender.clone());
    }
    if let Some(reply_to) = &mail.reply_to {
        message = message.reply_to(mailbox("reply-to", reply_to)?);
    }
    if mail.is_automatic {
        message = message.raw_header(plain_header("Auto-Submitted", "auto-generated".to_owned()));
    }
    if let Some(address) = &mail.list_unsubscribe {
        for (name, value) in unsubscribe(address)? {
            message = message.raw_header(plain_header(name, value));
        }
    }
    let text = SinglePart::plain(body_text(&mail.text));
    let built = match &mail.html {
        None => message.singlepart(text),
        Some(html) => {
            let parts = MultiPart::alternative().boundary(boundary(message_id));
            let html = SinglePart::html(body_text(html));
            message.multipart(parts.singlepart(text).singlepart(html))
        }
    };
    let message = built.map_err(|error| never(format!("The mail cannot be written: {error}.")))?;
    let mut bytes = message.formatted();
    // The end of the mail is CRLF, a dot and CRLF: that CRLF is the last line's own.
    bytes.truncate(bytes.len() - usize::from(bytes.ends_with(b"\r\n")) * 2);
    let from = sender.unwrap_or(from).email;
    Ok(ComposedMail { from, to: to.email, bytes })
}

fn never(reason: String) -> Refused {
    Refused { class: Class::Never, reason, code: None, retry_after: None }
}

fn mailbox(field: &str, mailbox: &Mailbox) -> Result<HeaderMailbox, Refused> {
    let name = header_text(&mailbox.name);
    let address = address(field, &mailbox.address)?;
    Ok(HeaderMailbox::new((!name.is_empty()).then_some(name), address))
}

/// Addresses are stricter than RFC 5321: no quoted local parts, because what one server quotes
/// another has been known to take apart.
fn address(field: &str, text: &str) -> Result<Address, Refused> {
    let refused = |what: &str| Err(never(format!("The {field} address {what}.")));
    if text.chars().any(char::is_control) {
        return refused("has a control character");
    }
    let is_forbidden = |c: char| c.is_whitespace() || "<>\"\\,;:()[]".contains(c);
    if text.is_empty() || text.len() > ADDRESS_MAX_BYTES || text.contains(is_forbidden) {
        return refused("is not a valid e-mail address");
    }
    text.parse().or_else(|_| refused("is not a valid e-mail address"))
}

/// Visible ASCII that can stand between angle brackets.
fn token<'a>(field: &str, text: &'a str) -> Result<&'a str, Refused> {
    let is_known = |b: u8| b.is_ascii_graphic() && !matches!(b, b'<' | b'>');
    if text.is_empty() || text.len() > TOKEN_MAX_BYTES || !text.bytes().all(is_known) {
        return Err(never(format!("The {field} has a character that a header cannot hold.")));
    }
    Ok(text)
}

/// A msg-id without its brackets, of the form that is to be written (RFC 5322, 3.6.4): a dot-atom
/// on each side of the `@`.
fn message_id(text: &str) -> Result<&str, Refused> {
    let is_mark = |b: u8| b.is_ascii_alphanumeric() || b"!#$%&'*+-/=?^_`{|}~".contains(&b);
    let is_atom = |atom: &str| !atom.is_empty() && atom.bytes().all(is_mark);
    let id = token("message id", text)?;
    match id.split_once('@') {
        Some((left, right)) if left.split('.').chain(right.split('.')).all(is_atom) => Ok(id),
        _ => Err(never("The message id is not of the form left@right.".to_owned())),
    }
}

/// The headers of RFC 2369, and for a web address those of RFC 8058.
fn unsubscribe(address: &str) -> Result<Vec<(&'static str, String)>, Refused> {
    let address = token("unsubscribe", address)?;
    let begins = |scheme: &str| {
        address.get(..scheme.len()).is_some_and(|begin| begin.eq_ignore_ascii_case(scheme))
    };
    let is_web = begins("https:");
    if !is_web && !begins("mailto:") {
        let reason = "The unsubscribe address begins neither with https: nor with mailto:.";
        return Err(never(reason.to_owned()));
    }
    let mut headers = vec![("List-Unsubscribe", format!("<{address}>"))];
    if is_web {
        headers.push(("List-Unsubscribe-Post", "List-Unsubscribe=One-Click".to_owned()));
    }
    Ok(headers)
}

/// Text for a header: control characters become spaces, so that no line of it can begin another
/// header, and what looks like an encoded word is taken apart, so that it is read as it is.
fn header_text(text: &str) -> String {
    let one_line: String = text.chars().map(|c| if is_line_end(c) { ' ' } else { c }).collect();
    one_line.trim().replace("=?", "= ?")
}

fn is_line_end(c: char) -> bool {
    c.is_control() || matches!(c, '\u{2028}' | '\u{2029}')
}

/// Text for a body: all line ends become CRLF, without the last one, which the composer writes;
/// tabs stay, and other control characters become spaces.
///
/// lettre would add the missing CRs itself, one insertion at a time: minutes for a large text.
fn body_text(text: &str) -> String {
    let unix = text.replace("\r\n", "\n").replace('\r', "\n");
    let mut lines = String::with_capacity(unix.len() + unix.len() / 32);
    for c in unix.strip_suffix('\n').unwrap_or(&unix).chars() {
        match c {
            '\n' => lines.push_str("\r\n"),
            '\t' => lines.push('\t'),
            c if c.is_control() => lines.push(' '),
            c => lines.push(c),
        }
    }
    lines
}

/// A header whose value is ASCII without spaces, and therefore on one line.
fn plain_header(name: &'static str, value: String) -> HeaderValue {
    let name = HeaderName::new_from_ascii_str(name);
    HeaderValue::dangerous_new_pre_encoded(name, value.clone(), value)
}

/// The same mail has the same boundary at each try; no text can know the id within it.
fn boundary(message_id: &str) -> String {
    let id = message_id.chars().filter(char::is_ascii_alphanumeric).take(50);
    format!("part-{}", id.collect::<String>())
}

fn date(ms: i64) -> SystemTime {
    let seconds = u64::try_from(ms / 1_000).unwrap_or(0).min(DATE_MAX_S);
    SystemTime::UNIX_EPOCH + Duration::from_secs(seconds)
}
