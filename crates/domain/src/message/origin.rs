//! By what way a message came in.

/// By what way a message came in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Origin {
    /// A call that a switch told of.
    Call,
    /// A text that was sent to a line.
    Text,
    /// A recording that a caller left.
    Voicemail,
    /// A mail.
    Email,
    /// A conversation on a web page.
    Chat,
    /// A program, over the API.
    Api,
    /// A To Do that an agent worked.
    ToDo,
}

impl Origin {
    /// All of them.
    pub const ALL: [Origin; 7] = [
        Origin::Call,
        Origin::Text,
        Origin::Voicemail,
        Origin::Email,
        Origin::Chat,
        Origin::Api,
        Origin::ToDo,
    ];

    /// The word for it in the API and the database.
    pub fn as_str(self) -> &'static str {
        match self {
            Origin::Call => "call",
            Origin::Text => "text",
            Origin::Voicemail => "voicemail",
            Origin::Email => "email",
            Origin::Chat => "chat",
            Origin::Api => "api",
            Origin::ToDo => "to_do",
        }
    }

    /// The origin with this word.
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|origin| origin.as_str() == word)
    }
}
