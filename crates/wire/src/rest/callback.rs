//! What the carrier posts to us: whether it is the carrier's, and what it says.
//!
//! A signature covers the address and the parameters, and no time: a callback can be sent again by
//! whoever has seen it. What is done with a report must therefore be idempotent and never take a
//! status back; that is the caller's part.

use data_encoding::BASE64;
use hmac::{Hmac, KeyInit, Mac};
use sha1::Sha1;
use subtle::ConstantTimeEq;

use crate::outcome::quote;
use crate::sms::plain_text;
use crate::{Reach, Report};

/// Longest id of a message or call that is taken for one.
const REFERENCE_MAX: usize = 64;

/// The value of `X-Twilio-Signature`: the HMAC-SHA1 under the token, in base64, of the address as
/// the carrier was given it, and of each parameter's name and value in the order of the names
/// (Twilio, "Webhooks security").
pub fn signature(auth_token: &str, url: &str, params: &[(String, String)]) -> String {
    let mut sorted: Vec<_> = params.iter().collect();
    sorted.sort();
    // The same name with the same value counts once.
    sorted.dedup();
    let Ok(mut mac) = Hmac::<Sha1>::new_from_slice(auth_token.as_bytes()) else {
        // HMAC takes keys of any length.
        return String::new();
    };
    mac.update(url.as_bytes());
    for (name, value) in sorted {
        mac.update(name.as_bytes());
        mac.update(value.as_bytes());
    }
    BASE64.encode(&mac.finalize().into_bytes())
}

/// Whether this is the signature, compared in constant time. Carriers do not agree on whether the
/// port belongs to the address, so it is also tried without one, and with the scheme's own.
pub fn is_signed(
    auth_token: &str,
    url: &str,
    params: &[(String, String)],
    given_signature: &str,
) -> bool {
    // With an empty token anybody could sign.
    if auth_token.is_empty() {
        return false;
    }
    let is_it = |url: &str| {
        let expected = signature(auth_token, url, params);
        bool::from(expected.as_bytes().ct_eq(given_signature.as_bytes()))
    };
    is_it(url) || with_other_port(url).is_some_and(|other| is_it(&other))
}

/// The same address without its port, or, where it has none, with the scheme's own.
fn with_other_port(url: &str) -> Option<String> {
    let (scheme, rest) = url.split_once("://")?;
    let (host, path) = rest.split_at(rest.find(['/', '?', '#']).unwrap_or(rest.len()));
    let own = if scheme == "https" { 443 } else { 80 };
    Some(match host.rsplit_once(':') {
        Some((name, port)) if port.bytes().all(|b| b.is_ascii_digit()) => {
            format!("{scheme}://{name}{path}")
        }
        _ => format!("{scheme}://{host}:{own}{path}"),
    })
}

/// Reads a callback about a message or a call that we sent, or a text from somebody.
///
/// The parameters are the decoded form; the first of each name counts. Nothing where it is none of
/// these. A call that was answered is [`Reach::Person`] or [`Reach::Machine`] where the carrier
/// could tell, else [`Reach::Handset`].
pub fn report(params: &[(String, String)]) -> Option<Report> {
    let value = |name| first(params, name);
    let message = value("MessageSid").or_else(|| value("SmsSid"));
    if let Some(sid) = message.filter(|sid| is_reference(sid)) {
        let status = value("MessageStatus").or_else(|| value("SmsStatus")).unwrap_or("received");
        return match status {
            "received" | "receiving" => inbound(params, sid),
            status => progress(sid, message_result(status, value("ErrorCode"))?),
        };
    }
    let sid = value("CallSid").filter(|sid| is_reference(sid))?;
    progress(sid, call_result(value("CallStatus")?, value("AnsweredBy").unwrap_or_default())?)
}

/// A key that was pressed in a call that asked for one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pressed {
    /// The carrier's id of the call.
    pub reference: String,
    /// The key: a digit, `*` or `#`.
    pub key: char,
}

/// Reads the callback of a [`twiml::spoken`](super::twiml::spoken) that asked for a key.
pub fn pressed(params: &[(String, String)]) -> Option<Pressed> {
    let reference = first(params, "CallSid").filter(|sid| is_reference(sid))?.to_owned();
    let mut keys = first(params, "Digits")?.chars();
    let key = keys.next().filter(|key| key.is_ascii_digit() || "*#".contains(*key))?;
    keys.next().is_none().then_some(Pressed { reference, key })
}

/// Whether this can be an id that the carrier gave.
pub(super) fn is_reference(sid: &str) -> bool {
    (1..=REFERENCE_MAX).contains(&sid.len()) && sid.bytes().all(|b| b.is_ascii_graphic())
}

fn first<'a>(params: &'a [(String, String)], name: &str) -> Option<&'a str> {
    params.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
}

fn progress(sid: &str, result: Result<Reach, String>) -> Option<Report> {
    Some(Report::Progress { reference: sid.to_owned(), result })
}

fn inbound(params: &[(String, String)], sid: &str) -> Option<Report> {
    Some(Report::Inbound {
        from: quote(first(params, "From")?),
        to: quote(first(params, "To")?),
        text: plain_text(first(params, "Body")?),
        reference: sid.to_owned(),
    })
}

/// Twilio's message statuses; nothing for one that is not among them.
fn message_result(status: &str, code: Option<&str>) -> Option<Result<Reach, String>> {
    Some(match status {
        "accepted" | "scheduled" | "queued" | "sending" | "sent" | "partially_delivered" => {
            Ok(Reach::Carrier)
        }
        "delivered" => Ok(Reach::Handset),
        "read" => Ok(Reach::Read),
        "undelivered" | "failed" | "canceled" => Err(failed_message(status, code)),
        _ => return None,
    })
}

fn failed_message(status: &str, code: Option<&str>) -> String {
    let code = code.filter(|code| !code.is_empty() && *code != "0").map(quote);
    let words = match code.as_deref() {
        Some("30003") => "The phone could not be reached",
        Some("30004") => "The phone or its carrier blocks the message",
        Some("30005") => "The number is not known",
        Some("30006") => "The number is a landline, or its carrier cannot be reached",
        Some("30007") => "The carrier filtered the message",
        Some("21610") => "The recipient has opted out",
        _ => "The carrier could not deliver the message",
    };
    match code {
        Some(code) => format!("{words} ({status}, error {code})."),
        None => format!("{words} ({status})."),
    }
}

/// Twilio's call statuses; nothing for one that is not among them.
fn call_result(status: &str, answered_by: &str) -> Option<Result<Reach, String>> {
    Some(match status {
        "queued" | "initiated" | "ringing" | "in-progress" => Ok(Reach::Carrier),
        "completed" => Ok(match answered_by {
            "human" => Reach::Person,
            other if other.starts_with("machine") || other == "fax" => Reach::Machine,
            _ => Reach::Handset,
        }),
        "busy" => Err("The line was busy.".to_owned()),
        "no-answer" => Err("Nobody answered the call.".to_owned()),
        "failed" => Err("The carrier could not connect the call.".to_owned()),
        "canceled" => Err("The call was cancelled before anybody answered.".to_owned()),
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use proptest::collection;
    use proptest::prelude::*;

    use super::*;

    fn params(pairs: &[(&str, &str)]) -> Vec<(String, String)> {
        pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
    }

    /// An address, the parameters, and their signature.
    type Vector = (&'static str, Vec<(String, String)>, &'static str);

    /// Made with npm's twilio 6.2.0 (`getExpectedTwilioSignature`) under the token 12345.
    fn vectors() -> [Vector; 4] {
        [
            (
                "https://mycompany.com/myapp.php?foo=1&bar=2",
                params(&[
                    ("CallSid", "CA1234567890ABCDE"),
                    ("Caller", "+14158675309"),
                    ("Digits", "1234"),
                    ("From", "+14158675309"),
                    ("To", "+18005551212"),
                ]),
                "RSOYDt4T1cUTdK1PDd93/VVr8B8=",
            ),
            ("https://liberty.test/hooks/sms", vec![], "PaJkvhC5kIo+mfaiVYCPJOzJyVc="),
            (
                "https://liberty.test/hooks/sms?tenant=a%20b",
                params(&[
                    ("MessageSid", "SM1"),
                    ("MessageStatus", "delivered"),
                    ("Body", "ünï 🙏 + & = %"),
                    ("a", ""),
                    ("Z", "1"),
                    ("b", "2"),
                ]),
                "1yJ8C6CqAO6wfkD7qf3wQHZy8is=",
            ),
            (
                "http://liberty.test:8080/hooks",
                params(&[("MediaUrl", "b"), ("MediaUrl", "a"), ("MediaUrl", "b"), ("A", "x")]),
                "eNgGzyX7o2tO1nRHXA2rtpLmwRA=",
            ),
        ]
    }

    #[test]
    fn signatures_are_those_of_the_carriers_own_library() {
        for (url, params, expected) in vectors() {
            assert_eq!(signature("12345", url, &params), expected, "{url}");
            assert!(is_signed("12345", url, &params, expected));
        }
    }

    #[test]
    fn whatever_was_changed_is_not_signed() {
        let (url, params, signature) = vectors()[0].clone();
        let mut changed = params.clone();
        changed[4].1 = "+19005551212".to_owned();
        assert!(!is_signed("12345", url, &changed, signature));
        assert!(!is_signed("12345", &url.replace("foo=1", "foo=2"), &params, signature));
        assert!(!is_signed("12346", url, &params, signature));
        for forged in ["", "RSOYDt4T1cUTdK1PDd93/VVr8B8", &signature.to_lowercase()] {
            assert!(!is_signed("12345", url, &params, forged), "{forged}");
        }
        let unkeyed = super::signature("", url, &params);
        assert!(!is_signed("", url, &params, &unkeyed), "without a token there is no signature");
    }

    #[test]
    fn the_port_may_be_left_out_or_added() {
        let params = params(&[("A", "1")]);
        for (signed, seen, expected) in [
            ("https://l.test/x", "https://l.test:443/x", true),
            ("https://l.test:443/x", "https://l.test/x", true),
            ("http://l.test:80/x?y", "http://l.test/x?y", true),
            ("https://l.test/x", "https://l.test:8443/x", true),
            ("https://l.test:8443/x", "https://l.test/x", false),
            ("https://l.test/x", "https://m.test/x", false),
        ] {
            let given = signature("t", signed, &params);
            assert_eq!(is_signed("t", seen, &params, &given), expected, "{signed} {seen}");
        }
    }

    fn result_of(pairs: &[(&str, &str)]) -> Option<Result<Reach, String>> {
        match report(&params(pairs))? {
            Report::Progress { reference, result } => {
                assert_eq!(reference, "X1");
                Some(result)
            }
            Report::Inbound { .. } => panic!("no text from anybody"),
        }
    }

    #[test]
    fn each_status_of_a_message_says_how_far_it_got() {
        for (status, expected) in [
            ("queued", Ok(Reach::Carrier)),
            ("sending", Ok(Reach::Carrier)),
            ("sent", Ok(Reach::Carrier)),
            ("delivered", Ok(Reach::Handset)),
            ("read", Ok(Reach::Read)),
            ("failed", Err("The carrier could not deliver the message (failed).")),
        ] {
            let expected = Some(expected.map_err(str::to_owned));
            assert_eq!(result_of(&[("MessageSid", "X1"), ("MessageStatus", status)]), expected);
            assert_eq!(result_of(&[("SmsSid", "X1"), ("SmsStatus", status)]), expected);
        }
        let unreachable =
            [("MessageSid", "X1"), ("MessageStatus", "undelivered"), ("ErrorCode", "30003")];
        let reason = "The phone could not be reached (undelivered, error 30003).";
        assert_eq!(result_of(&unreachable), Some(Err(reason.to_owned())));
    }

    #[test]
    fn each_status_of_a_call_says_who_answered() {
        let call = |status, by| {
            result_of(&[("CallSid", "X1"), ("CallStatus", status), ("AnsweredBy", by)])
        };
        assert_eq!(call("completed", "human"), Some(Ok(Reach::Person)));
        assert_eq!(call("completed", "machine_start"), Some(Ok(Reach::Machine)));
        assert_eq!(call("completed", "fax"), Some(Ok(Reach::Machine)));
        assert_eq!(call("completed", "unknown"), Some(Ok(Reach::Handset)));
        assert_eq!(call("ringing", ""), Some(Ok(Reach::Carrier)));
        assert_eq!(call("busy", ""), Some(Err("The line was busy.".to_owned())));
        assert_eq!(call("no-answer", ""), Some(Err("Nobody answered the call.".to_owned())));
        assert!(matches!(call("failed", ""), Some(Err(_))));
        assert_eq!(call("exploded", ""), None);
    }

    #[test]
    fn a_text_from_somebody_is_read() {
        let pairs = [("MessageSid", "SM9"), ("SmsStatus", "received"), ("From", "+15550001111")];
        let text = [("To", "+15550009999"), ("Body", "STOP\r\n\0"), ("NumMedia", "0")];
        let read = report(&params(&[&pairs[..], &text].concat())).expect("a text");
        let expected = Report::Inbound {
            from: "+15550001111".to_owned(),
            to: "+15550009999".to_owned(),
            text: "STOP\n ".to_owned(),
            reference: "SM9".to_owned(),
        };
        assert_eq!(read, expected);
        assert_eq!(report(&params(&pairs)), None, "without a text");
    }

    #[test]
    fn a_key_is_one_key() {
        let of = |keys| pressed(&params(&[("CallSid", "CA1"), ("Digits", keys)]));
        assert_eq!(of("1"), Some(Pressed { reference: "CA1".to_owned(), key: '1' }));
        assert_eq!(of("#").map(|pressed| pressed.key), Some('#'));
        for none in ["", "11", "x", "١"] {
            assert_eq!(of(none), None, "{none}");
        }
        assert_eq!(pressed(&params(&[("Digits", "1")])), None);
    }

    #[test]
    fn an_id_that_is_none_makes_no_report() {
        for sid in ["", "a b", "x\n", &"x".repeat(65)] {
            assert_eq!(report(&params(&[("MessageSid", sid), ("MessageStatus", "sent")])), None);
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(128))]

        #[test]
        fn any_form_is_read_without_a_panic(
            pairs in collection::vec(("\\PC{0,20}", ".{0,20}"), 0..8),
            url in ".{0,60}",
        ) {
            let _ = (report(&pairs), pressed(&pairs), is_signed("t", &url, &pairs, "x"));
        }
    }
}
