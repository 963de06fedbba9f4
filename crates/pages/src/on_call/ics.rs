//! Shifts as a calendar that other programs read (RFC 5545).

use app::on_call::{Feed, FeedShift};
use domain::Instant;

/// The longest line, in octets without its end (RFC 5545, 3.1).
const LINE: usize = 75;

/// The calendar as text. Each shift keeps its UID as long as rotation, person and beginning stay.
pub(crate) fn calendar(feed: &Feed) -> String {
    let mut out = String::new();
    line(&mut out, "BEGIN:VCALENDAR");
    line(&mut out, "VERSION:2.0");
    line(&mut out, "PRODID:-//Liberty//On-call//EN");
    line(&mut out, "CALSCALE:GREGORIAN");
    line(&mut out, "METHOD:PUBLISH");
    line(&mut out, &format!("X-WR-CALNAME:{}", escaped(&feed.name)));
    line(&mut out, "REFRESH-INTERVAL;VALUE=DURATION:PT1H");
    line(&mut out, "X-PUBLISHED-TTL:PT1H");
    for shift in &feed.shifts {
        event(&mut out, shift);
    }
    line(&mut out, "END:VCALENDAR");
    out
}

fn event(out: &mut String, FeedShift { rotation, shift, person }: &FeedShift) {
    let contact = shift.contact_id.map(|id| id.0).unwrap_or_default();
    let (tenant, id, from) = (rotation.tenant_id, rotation.id, shift.from.as_ms());
    let why = super::words::why(&shift.why);
    line(out, "BEGIN:VEVENT");
    line(out, &format!("UID:on-call-{tenant}-{id}-{contact}-{from}@liberty"));
    line(out, &format!("DTSTAMP:{}", utc(rotation.updated_at)));
    line(out, &format!("DTSTART:{}", utc(shift.from)));
    line(out, &format!("DTEND:{}", utc(shift.until)));
    line(out, &format!("SUMMARY:{}", escaped(&format!("{person} on call: {}", rotation.name))));
    line(out, &format!("DESCRIPTION:{}", escaped(&why)));
    line(out, "TRANSP:TRANSPARENT");
    line(out, "END:VEVENT");
}

/// `20250121T220820Z`.
fn utc(at: Instant) -> String {
    at.rfc3339_ms()
        .to_string()
        .chars()
        .filter(|c| !"-:".contains(*c))
        .take(15)
        .chain(['Z'])
        .collect()
}

/// A text value (RFC 5545, 3.3.11). Control characters have no place in one.
fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '\\' | ';' | ',' => out.extend(['\\', c]),
            '\n' => out.push_str("\\n"),
            c if c.is_control() => {}
            c => out.push(c),
        }
    }
    out
}

/// Writes a line, folded where it is too long, never within a character (RFC 5545, 3.1).
fn line(out: &mut String, text: &str) {
    let mut octets = 0;
    for c in text.chars() {
        if octets + c.len_utf8() > LINE {
            out.push_str("\r\n ");
            octets = 1;
        }
        octets += c.len_utf8();
        out.push(c);
    }
    out.push_str("\r\n");
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_lines_are_folded_between_characters_and_texts_are_escaped() {
        let mut out = String::new();
        line(&mut out, &format!("SUMMARY:{}", escaped(&"é;".repeat(60))));
        for folded in out.trim_end().split("\r\n") {
            assert!(folded.len() <= LINE, "{folded}");
        }
        assert_eq!(out.replace("\r\n ", ""), format!("SUMMARY:{}\r\n", "é\\;".repeat(60)));
        assert_eq!(escaped("a\\b,c;d\r\nBEGIN:VEVENT\u{7}"), "a\\\\b\\,c\\;d\\nBEGIN:VEVENT");
        let at = Instant::parse("2025-01-21T22:08:20.671Z").unwrap();
        assert_eq!(utc(at), "20250121T220820Z");
    }
}
