//! From a command status to a class and a sentence (SMPP 3.4, 5.1.3).

use rusmpp::CommandStatus;

use crate::outcome::{Class, Refused};

/// What the carrier's answer to a message means.
pub(super) fn of_message(host: &str, status: CommandStatus) -> Refused {
    let reason = match words(status) {
        Some(words) => {
            format!("The SMS carrier {host} refused the message: {words} ({}).", name(status))
        }
        None => format!("The SMS carrier {host} refused the message with error {}.", name(status)),
    };
    refused(class(status), reason, Some(status))
}

/// What the carrier's answer to our sign-in means: nothing about any message.
pub(super) fn of_sign_in(host: &str, status: CommandStatus) -> Refused {
    let reason = format!("The SMS carrier {host} refused the sign-in: {}.", name(status));
    refused(Class::Later, reason, Some(status))
}

/// A refusal, with the status as its code where that fits.
pub(super) fn refused(class: Class, reason: String, status: Option<CommandStatus>) -> Refused {
    let code = status.and_then(|status| u16::try_from(u32::from(status)).ok());
    Refused { class, reason, code, retry_after: None }
}

/// Only what is about the message's own numbers and text is for good. All else, also what no
/// standard tells, is the carrier's state or the operator's contract with it.
fn class(status: CommandStatus) -> Class {
    use CommandStatus as S;
    match status {
        S::EsmeRinvmsglen
        | S::EsmeRinvsrcadr
        | S::EsmeRinvdstadr
        | S::EsmeRinvsrcton
        | S::EsmeRinvsrcnpi
        | S::EsmeRinvdstton
        | S::EsmeRinvdstnpi
        | S::EsmeRxPAppn
        | S::EsmeRxRAppn
        | S::EsmeRdeliveryfailure
        | S::EsmeRprohibited => Class::Never,
        _ => Class::Later,
    }
}

fn words(status: CommandStatus) -> Option<&'static str> {
    use CommandStatus as S;
    Some(match status {
        S::EsmeRinvmsglen => "its text is too long",
        S::EsmeRinvsrcadr | S::EsmeRinvsrcton | S::EsmeRinvsrcnpi => "its sender is not accepted",
        S::EsmeRinvdstadr | S::EsmeRinvdstton | S::EsmeRinvdstnpi => {
            "the recipient's number is not valid"
        }
        S::EsmeRthrottled => "too many messages at a time",
        S::EsmeRmsgqful => "its queue is full",
        S::EsmeRsyserr => "it has a fault",
        S::EsmeRsubmitfail => "it could not take it",
        S::EsmeRxTAppn => "it cannot take it now",
        S::EsmeRxPAppn | S::EsmeRxRAppn | S::EsmeRprohibited => "it will not take it",
        _ => return None,
    })
}

/// The standard's name of a status, such as `ESME_RTHROTTLED`; the number where it has none.
fn name(status: CommandStatus) -> String {
    match status {
        CommandStatus::Other(number) => format!("0x{number:08X}"),
        known => format!("{known:?}").to_ascii_uppercase().replacen("ESMER", "ESME_R", 1),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_status_has_a_class_a_code_and_a_sentence() {
        use CommandStatus as S;
        let of = |status| of_message("smsc.test", status);
        let throttled = of(S::EsmeRthrottled);
        assert_eq!((throttled.class, throttled.code), (Class::Later, Some(0x58)));
        assert_eq!(
            throttled.reason,
            "The SMS carrier smsc.test refused the message: too many messages at a time \
             (ESME_RTHROTTLED)."
        );
        assert_eq!(of(S::EsmeRinvdstadr).class, Class::Never);
        assert_eq!(of(S::EsmeRsyserr).class, Class::Later);
        let own = of(S::Other(0x0400));
        assert_eq!((own.class, own.code), (Class::Later, Some(0x400)));
        assert!(own.reason.ends_with("with error 0x00000400."), "{}", own.reason);
        assert_eq!(of(S::Other(0x0001_0000)).code, None);
        let bind = of_sign_in("smsc.test", S::EsmeRbindfail);
        assert_eq!(bind.reason, "The SMS carrier smsc.test refused the sign-in: ESME_RBINDFAIL.");
    }
}
