//! Delivery status notifications: what a mail server writes about a mail that it took (RFC 3464).

use mailparse::{MailHeader, MailHeaderMap, ParsedMail};

use super::{Bounce, Status};
use crate::Reach;
use crate::outcome::{Report, quote};

/// Largest report that is read, in bytes. A longer one most likely returns a large mail; what
/// matters stands before it, so its beginning is read.
pub const REPORT_MAX_BYTES: usize = 1_000_000;
/// Longest line of a mail without its end (RFC 5322, 2.1.1); what is beyond is not read. The
/// parser's time grows with the square of a line's length.
const LINE_MAX_BYTES: usize = 998;
/// Groups of fields that are read. A mail of ours has one recipient, which an alias may multiply.
const GROUPS_MAX: usize = 50;

/// Reads a mail that came to the envelope's sender. Answers a [`Report::Progress`] whose reference
/// is the Message-ID of our mail without its brackets, as [`crate::Accepted::references`] holds
/// it; `None` for every mail that is no final report about one whose Message-ID it tells.
///
/// `failed` is told as a sentence for people. `delivered`, `relayed` and `expanded` mean
/// [`Reach::Handset`]: the recipient's side has it. `delayed` is no report: its server goes on
/// trying. Of several recipients (an alias) one that failed counts.
///
/// Anybody may write such a mail: it is believed about whatever Message-ID it names.
pub fn parse(raw: &[u8]) -> Option<Report> {
    let raw = bounded(raw);
    let mail = mailparse::parse_mail(&raw).ok()?;
    if mail.ctype.mimetype != "multipart/report" {
        return None;
    }
    let status = part(&mail, &["message/delivery-status", "message/global-delivery-status"])?;
    let result = result(&status.get_body_raw().ok()?)?;
    Some(Report::Progress { reference: reference(&mail)?, result })
}

/// The beginning of a mail, its lines no longer than a mail's lines may be.
fn bounded(raw: &[u8]) -> Vec<u8> {
    let raw = &raw[..raw.len().min(REPORT_MAX_BYTES)];
    let mut lines = Vec::with_capacity(raw.len());
    for line in raw.split_inclusive(|&b| b == b'\n') {
        let (text, end) = match line {
            [text @ .., b'\r', b'\n'] => (text, &b"\r\n"[..]),
            [text @ .., b'\n'] => (text, &b"\n"[..]),
            text => (text, &b""[..]),
        };
        lines.extend_from_slice(&text[..text.len().min(LINE_MAX_BYTES)]);
        lines.extend_from_slice(end);
    }
    lines
}

fn part<'p, 'r>(mail: &'p ParsedMail<'r>, types: &[&str]) -> Option<&'p ParsedMail<'r>> {
    mail.subparts.iter().find(|part| types.contains(&part.ctype.mimetype.as_str()))
}

/// The Message-ID of the mail that came back: from its returned headers, else from the mail that
/// the report says to answer.
fn reference(mail: &ParsedMail<'_>) -> Option<String> {
    const RETURNED: [&str; 4] =
        ["message/rfc822", "text/rfc822-headers", "message/global", "message/global-headers"];
    let returned = part(mail, &RETURNED).and_then(|part| {
        let body = part.get_body_raw().ok()?;
        let (headers, _) = mailparse::parse_headers(&body).ok()?;
        message_id(&headers, "Message-ID")
    });
    returned.or_else(|| message_id(&mail.headers, "In-Reply-To"))
}

fn message_id(headers: &[MailHeader<'_>], name: &str) -> Option<String> {
    let value = headers.get_first_value(name)?;
    let (_, rest) = value.split_once('<')?;
    let (id, _) = rest.split_once('>')?;
    let is_id = !id.is_empty() && id.contains('@') && id.bytes().all(|b| b.is_ascii_graphic());
    is_id.then(|| id.to_owned())
}

/// What the fields of a `message/delivery-status` mean: a group about the mail, then one for
/// each recipient, with empty lines between them.
fn result(body: &[u8]) -> Option<Result<Reach, String>> {
    let (mut server, mut best) = (None, None);
    for group in groups(body).take(GROUPS_MAX) {
        server = server.or_else(|| value(&group, "Reporting-MTA"));
        match field(&group, "Action").unwrap_or_default().to_ascii_lowercase().as_str() {
            "failed" => return Some(Err(reason(&group, server.as_deref()))),
            "delivered" | "relayed" | "expanded" => best = Some(Ok(Reach::Handset)),
            _ => {}
        }
    }
    best
}

/// The groups of fields, one after the other.
fn groups(body: &[u8]) -> impl Iterator<Item = Vec<MailHeader<'_>>> {
    let mut rest = body;
    std::iter::from_fn(move || {
        let begin = rest.iter().position(|b| !b.is_ascii_whitespace())?;
        let (group, read) = mailparse::parse_headers(&rest[begin..]).ok()?;
        rest = rest.get(begin + read.max(1)..).unwrap_or_default();
        Some(group)
    })
}

/// A field without its comments in parentheses at the end, trimmed.
fn field(group: &[MailHeader<'_>], name: &str) -> Option<String> {
    let value = group.get_first_value(name)?;
    let bare = value.split('(').next().unwrap_or_default().trim();
    (!bare.is_empty()).then(|| bare.to_owned())
}

/// A field of the form `type; value`: its value.
fn value(group: &[MailHeader<'_>], name: &str) -> Option<String> {
    let field = group.get_first_value(name)?;
    let value = field.split_once(';').map_or(field.as_str(), |(_, value)| value).trim();
    (!value.is_empty()).then(|| value.to_owned())
}

/// Why a recipient failed: in plain words, by whom, and what exactly was said.
fn reason(group: &[MailHeader<'_>], reporter: Option<&str>) -> String {
    let status = field(group, "Status").unwrap_or_default();
    let said = value(group, "Diagnostic-Code").unwrap_or_else(|| status.clone());
    let remote = value(group, "Remote-MTA");
    let server = match remote.as_deref().or(reporter) {
        Some(server) => format!("the mail server {}", quote(server)),
        None => "the mail server".to_owned(),
    };
    let said = if said.is_empty() { "no reason given".to_owned() } else { quote(&said) };
    let said = said.trim_end_matches('.');
    match bounce(said, &status).words() {
        Some(words) => format!("{words}, says {server}: {said}."),
        None => format!("The mail came back from {server}: {said}."),
    }
}

/// A diagnostic (`550 5.1.1 …`, `550-5.1.1 …`) says more than a `Status` of `5.0.0`.
fn bounce(said: &str, status: &str) -> Bounce {
    let code = said.get(..3).and_then(|code| code.parse::<u16>().ok());
    let text = code.map_or(said, |_| said[3..].trim_start_matches(['-', ' ']));
    let known = |text: &str| Status::read(text).and_then(Status::kind).is_some();
    let text = if known(text) { text } else { status };
    // It has failed for good: its server tries no more, whatever it heard.
    let bounce = Bounce::of_reply(code.unwrap_or(500), text);
    Bounce { is_permanent: true, ..bounce }
}
