//! A text message, whatever carrier takes it.

/// A text message to one phone.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sms {
    /// Who it is from: `+` and digits (E.164), or a sender's name of up to eleven characters.
    pub from: String,
    /// The phone: `+` and digits (E.164).
    pub to: String,
    /// The text, of any length; carriers cut it into parts.
    pub text: String,
    /// The same at every attempt, for carriers that honour it: a UUID.
    pub key: String,
}
