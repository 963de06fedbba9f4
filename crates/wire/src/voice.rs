//! A call that speaks, whatever carrier takes it.

/// A call to one phone, which speaks a text and may ask for a key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct VoiceCall {
    /// Who calls: `+` and digits (E.164).
    pub from: String,
    /// The phone: `+` and digits (E.164).
    pub to: String,
    /// The text that is spoken.
    pub text: String,
    /// Whether it ends with "press 1 to acknowledge, 9 to repeat", and waits for a key.
    pub asks_acknowledgement: bool,
    /// The same at every attempt, for carriers that honour it: a UUID.
    pub key: String,
}
