//! From a trunk's answer to a class and a sentence.

use std::time::Duration;

use rsipstack::sip::{Header, Response};

use crate::outcome::{Class, Refused, quote};

/// What a final answer to a call means, other than 200. It rang or not before that.
pub(super) fn of_answer(answer: &Response, rang: bool) -> Refused {
    let code = answer.status_code.code();
    let (class, reason) = match code {
        486 | 600 => (Class::Absent, "The line was busy.".to_owned()),
        408 | 480 | 487 => (Class::Absent, "Nobody answered.".to_owned()),
        603 | 607 | 608 => (Class::Absent, "The call was declined.".to_owned()),
        403 if rang => (Class::Absent, "The call was declined.".to_owned()),
        404 | 410 | 484 | 485 | 604 => {
            (Class::Never, format!("The trunk knows no phone by this number: {}.", said(answer)))
        }
        401 | 407 => (Class::Later, "The trunk did not accept our user and password.".to_owned()),
        415 | 488 | 606 => {
            (Class::Later, format!("The trunk takes no audio of ours: {}.", said(answer)))
        }
        300..=399 => {
            (Class::Later, format!("The trunk sent us elsewhere, and we stay: {}.", said(answer)))
        }
        _ => (Class::Later, format!("The trunk refused the call: {}.", said(answer))),
    };
    Refused { retry_after: retry_after(answer), ..new(class, reason, Some(code)) }
}

/// What an answer to REGISTER or OPTIONS means that is not the one hoped for.
pub(super) fn of_check(answer: &Response) -> Refused {
    let code = answer.status_code.code();
    let reason = match code {
        401 | 403 | 407 => {
            format!("The trunk did not accept our user and password: {}.", said(answer))
        }
        _ => format!("The trunk refused to speak with us: {}.", said(answer)),
    };
    Refused { retry_after: retry_after(answer), ..new(Class::Later, reason, Some(code)) }
}

/// The trunk could not be spoken with.
pub(super) fn of_fault(error: &rsipstack::Error) -> Refused {
    use rsipstack::Error;
    let what = match error {
        Error::IoError(error) => error.to_string(),
        Error::TransportLayerError(what, _) => what.clone(),
        // The library's other sentences hold whole messages, and with them more than a log may.
        _ => "it gave an answer without sense".to_owned(),
    };
    later(format!("The trunk cannot be spoken with: {}.", quote(&what)))
}

/// It may work later.
pub(super) fn later(reason: impl Into<String>) -> Refused {
    new(Class::Later, reason, None)
}

/// A refusal without advice when to come back.
pub(super) fn new(class: Class, reason: impl Into<String>, code: Option<u16>) -> Refused {
    Refused { class, reason: reason.into(), code, retry_after: None }
}

/// The code and the words of an answer, as the trunk sent them.
pub(super) fn said(answer: &Response) -> String {
    match &answer.wire_reason {
        Some(words) => quote(&format!("{} {words}", answer.status_code.code())),
        None => quote(&answer.status_code.to_string()),
    }
}

fn retry_after(answer: &Response) -> Option<Duration> {
    let value = answer.headers.iter().find_map(|header| match header {
        Header::RetryAfter(value) => Some(value.value()),
        _ => None,
    })?;
    let digits = value.trim_start().split(|c: char| !c.is_ascii_digit()).next()?;
    digits.parse().ok().map(Duration::from_secs)
}
