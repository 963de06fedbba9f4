//! From an answer, or none, to a class and a sentence.

use super::exchange::{RestAnswer, RestFailure};
use crate::outcome::{Class, Refused};

/// Error codes that are about this text or call, with whatever status they come: the recipient
/// opted out, the number is not one, cannot be texted, or lies where we may not send.
const ABOUT_IT: [u16; 12] =
    [21211, 21214, 21217, 21265, 21408, 21610, 21612, 21614, 21635, 21215, 21216, 13227];
/// Error codes that come with 400 and are about the carrier or the account: not signed in,
/// suspended, too many, its queue is full.
const ABOUT_ACCOUNT: [u16; 10] =
    [10001, 10002, 20003, 20005, 20006, 20429, 21611, 30001, 30002, 63018];

/// What an answer other than success means. Its code is the carrier's own, where it gives one, and
/// else the HTTP status.
pub(super) fn of_answer(host: &str, answer: &RestAnswer) -> Refused {
    let (status, code) = (answer.status, answer.code());
    let class = class(status, code);
    let number = code.map(|code| format!("{status}, error {code}"));
    let number = number.unwrap_or_else(|| status.to_string());
    let said = answer.word("message").filter(|text| !text.is_empty());
    let reason = match (said, class) {
        (Some(said), _) => {
            let said = said.trim_end_matches('.');
            format!("The carrier {host} refused it: {said} ({number}).")
        }
        (None, Class::Unknown) => {
            format!("The carrier {host} failed with it ({number}), so it may have been sent.")
        }
        (None, _) => format!("The carrier {host} refused it ({number})."),
    };
    Refused { class, reason, code: code.or(Some(status)), retry_after: answer.retry_after }
}

fn class(status: u16, code: Option<u16>) -> Class {
    match (status, code) {
        (400..500, Some(code)) if ABOUT_IT.contains(&code) => Class::Never,
        (400..500, Some(code)) if ABOUT_ACCOUNT.contains(&code) => Class::Later,
        (400 | 413 | 422, _) => Class::Never,
        // Turned away before anything was done: by the limiter, or by the operator's mistakes.
        (503, _) | (300..500, _) => Class::Later,
        // A 500, 502 or 504 is what breaks behind the door, when the request was let in.
        _ => Class::Unknown,
    }
}

/// What a success means whose body nobody can read: it was taken, and we cannot say as what.
pub(super) fn of_nonsense(host: &str, answer: &RestAnswer) -> Refused {
    let status = answer.status;
    let reason =
        format!("The carrier {host} answered {status} and gave no id, so it may have been sent.");
    Refused { class: Class::Unknown, reason, code: Some(status), retry_after: None }
}

/// What it means that there is no answer.
pub(super) fn of_failure(host: &str, failure: RestFailure) -> Refused {
    let (class, reason) = match failure {
        RestFailure::Unmade(reason) => (Class::Never, reason),
        RestFailure::Unreached(cause) => {
            (Class::Later, format!("The carrier {host} cannot be reached: {cause}."))
        }
        RestFailure::Broken(cause) => (
            Class::Unknown,
            format!(
                "The carrier {host} was given it and went away without an answer, so it may have \
                 been sent ({cause})."
            ),
        ),
        RestFailure::Silent => (
            Class::Unknown,
            format!(
                "The carrier {host} was given it and did not answer in time, so it may have been \
                 sent."
            ),
        ),
    };
    Refused { class, reason, code: None, retry_after: None }
}

/// The same where nothing was to be sent.
pub(super) fn of_check(host: &str, failure: RestFailure) -> Refused {
    let reason = match failure {
        RestFailure::Broken(cause) => {
            format!("The connection to the carrier {host} broke: {cause}.")
        }
        RestFailure::Silent => format!("The carrier {host} did not answer in time."),
        other => of_failure(host, other).reason,
    };
    Refused { class: Class::Later, reason, code: None, retry_after: None }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_status_and_a_code_have_a_class() {
        use Class::{Later, Never, Unknown};
        for (status, code, expected) in [
            (400, Some(21610), Never),
            (400, Some(21211), Never),
            (403, Some(21408), Never),
            (400, Some(21606), Never),
            (400, None, Never),
            (413, None, Never),
            (422, None, Never),
            (400, Some(20003), Later),
            (400, Some(21611), Later),
            (401, Some(20003), Later),
            (403, None, Later),
            (404, Some(20404), Later),
            (408, None, Later),
            (429, Some(20429), Later),
            (302, None, Later),
            (503, None, Later),
            (500, None, Unknown),
            (502, None, Unknown),
            (504, Some(21610), Unknown),
            (100, None, Unknown),
        ] {
            assert_eq!(class(status, code), expected, "{status} {code:?}");
        }
    }
}
