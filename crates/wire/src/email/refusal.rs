//! From a failed conversation to a class and a sentence.

use std::error::Error as _;

use lettre::transport::smtp::Error as SmtpError;

use super::session::{SmtpFailure, Stage};
use super::{Bounce, Class, Refused};
use crate::outcome::quote;

/// Replies about our right to use the server (RFC 4954, RFC 3207), not about the mail.
const ACCESS_CODES: [u16; 4] = [530, 534, 535, 538];

/// What a failure at that stage means for the mail.
pub(super) fn of(host: &str, stage: Stage, failure: &SmtpFailure) -> Refused {
    let (class, reason, code) = match failure {
        SmtpFailure::Smtp(error) => match error.status() {
            Some(code) => return of_reply(host, stage, u16::from(code), error),
            None => (without_reply(stage), broken(host, stage, &cause(error)), None),
        },
        SmtpFailure::Unreachable(error) => {
            let reason = format!("The mail server {host} cannot be reached: {error}.");
            (Class::Later, reason, None)
        }
        SmtpFailure::OutOfStep(answer) => {
            let reason =
                format!("The mail server {host} gave an answer without sense here: {answer}.");
            (without_reply(stage), reason, None)
        }
        SmtpFailure::Lacks(what) => {
            let reason = format!("The mail server {host} does not offer {what}.");
            (Class::Later, reason, None)
        }
        SmtpFailure::ForeignLetters => {
            let reason = format!(
                "The mail server {host} does not take addresses with letters outside ASCII."
            );
            (Class::Never, reason, None)
        }
    };
    Refused { class, reason, code, retry_after: None }
}

/// What it means that the time was over at that stage.
pub(super) fn of_silence(host: &str, stage: Stage) -> Refused {
    let class = without_reply(stage);
    let reason = match class {
        Class::Unknown => format!(
            "The mail server {host} was given the whole mail and did not answer in time, \
             so it may have been delivered."
        ),
        _ => format!("The mail server {host} did not answer in time, at {}.", noun(stage)),
    };
    Refused { class, reason, code: None, retry_after: None }
}

fn without_reply(stage: Stage) -> Class {
    if stage == Stage::Answer { Class::Unknown } else { Class::Later }
}

fn of_reply(host: &str, stage: Stage, code: u16, error: &SmtpError) -> Refused {
    let text = error.source().map(ToString::to_string).unwrap_or_default();
    // A server may repeat what it was told, and at the sign-in that is a secret.
    let said = match stage {
        Stage::SignIn => code.to_string(),
        _ => quote(&format!("{code} {text}")),
    };
    let is_about_the_mail = stage >= Stage::Sender && !ACCESS_CODES.contains(&code);
    let bounce = is_about_the_mail.then(|| Bounce::of_reply(code, &text));
    let is_final = bounce.is_some_and(|bounce| bounce.is_permanent);
    let reason = match bounce.and_then(Bounce::words) {
        Some(words) => format!("{words}, says the mail server {host}: {said}."),
        None => format!("The mail server {host} refused {}: {said}.", noun(stage)),
    };
    let class = if is_final { Class::Never } else { Class::Later };
    Refused { class, reason, code: Some(code), retry_after: None }
}

fn broken(host: &str, stage: Stage, cause: &str) -> String {
    match without_reply(stage) {
        Class::Unknown => format!(
            "The mail server {host} was given the whole mail and went away without an answer, \
             so it may have been delivered ({cause})."
        ),
        _ => {
            format!(
                "The conversation with the mail server {host} broke at {}: {cause}.",
                noun(stage)
            )
        }
    }
}

/// The innermost cause, which says the most.
fn cause(error: &SmtpError) -> String {
    let mut innermost: &dyn std::error::Error = error;
    while let Some(source) = innermost.source() {
        innermost = source;
    }
    quote(&innermost.to_string())
}

fn noun(stage: Stage) -> &'static str {
    match stage {
        Stage::Connection => "the connection",
        Stage::Greeting => "the greeting",
        Stage::Encryption => "the change to TLS",
        Stage::SignIn => "the sign-in",
        Stage::Sender => "the sender",
        Stage::Recipient => "the recipient",
        Stage::Content | Stage::Answer => "the mail",
    }
}
