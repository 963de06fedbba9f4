//! What surrounds every page of a signed-in person: who they are, where they are, what just happened.

use super::Tone;

/// What a person may do, as far as the navigation cares.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Role {
    /// Reads the messages of their accounts.
    Client,
    /// Takes messages.
    Agent,
    /// Also looks after accounts and people.
    Supervisor,
    /// Also owns the installation.
    Owner,
}

impl Role {
    /// The role in a word.
    pub(crate) fn word(&self) -> &'static str {
        match self {
            Self::Client => "Client",
            Self::Agent => "Agent",
            Self::Supervisor => "Supervisor",
            Self::Owner => "Owner",
        }
    }

    /// May take messages.
    pub(crate) fn takes_messages(&self) -> bool {
        *self != Self::Client
    }

    /// May look after accounts and people.
    pub(crate) fn manages(&self) -> bool {
        matches!(self, Self::Supervisor | Self::Owner)
    }
}

/// An entry of the navigation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Place {
    /// The agents' desk.
    Console,
    /// The supervisors' view of the floor.
    Floor,
    /// The list of messages.
    Messages,
    /// The list of recordings.
    Recordings,
    /// The list of To Dos.
    ToDos,
    /// Who is on call.
    OnCall,
    /// What was captured instead of sent.
    Outbox,
    /// Phones that asked for no more texts.
    OptOuts,
    /// Accounts.
    Accounts,
    /// Users and agents.
    People,
    /// One's own profile and keys.
    Profile,
    /// None of them.
    Elsewhere,
}

/// One sentence about what just happened.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Flash {
    /// How loud it is.
    pub(crate) tone: Tone,
    /// "Message 123 saved, e-mail to Jane queued."
    pub(crate) text: String,
    /// The way on, as address and label.
    pub(crate) link: Option<(String, String)>,
}

impl Flash {
    /// Something that went well.
    pub(crate) fn done(text: &str) -> Self {
        Self { tone: Tone::Green, text: text.to_owned(), link: None }
    }

    /// Something that did not happen, and why.
    pub(crate) fn warning(text: &str) -> Self {
        Self { tone: Tone::Amber, ..Self::done(text) }
    }

    /// The same with a link.
    pub(crate) fn with_link(mut self, href: &str, label: &str) -> Self {
        self.link = Some((href.to_owned(), label.to_owned()));
        self
    }

    /// Its icon.
    pub(crate) fn icon(&self) -> &'static str {
        match self.tone {
            Tone::Red => "circle-alert",
            Tone::Amber => "triangle-alert",
            Tone::Green => "circle-check",
            Tone::Plain => "info",
        }
    }
}

/// The frame of a page: navigation, person, flash and the token against forged requests.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Shell {
    /// The answering service: "Harbor Answering".
    pub(crate) tenant_name: String,
    /// "Jane Doe".
    pub(crate) user_name: String,
    /// Her address.
    pub(crate) user_email: String,
    /// What she may do.
    pub(crate) role: Role,
    /// Where she is.
    pub(crate) place: Place,
    /// Unread messages; none shows no figure.
    pub(crate) unread: Option<u32>,
    /// Stands in every form as `csrf`.
    pub(crate) csrf: String,
    /// What just happened.
    pub(crate) flash: Option<Flash>,
    /// What needs somebody's help, for those who can give it.
    pub(crate) alarm: Option<Flash>,
}

impl Shell {
    /// Whether the navigation entry of that name is the current one.
    pub(crate) fn is_at(&self, place: &str) -> bool {
        let here = match self.place {
            Place::Console => "console",
            Place::Floor => "floor",
            Place::Messages => "messages",
            Place::Recordings => "recordings",
            Place::ToDos => "to-dos",
            Place::OnCall => "on-call",
            Place::Outbox => "outbox",
            Place::OptOuts => "opt-outs",
            Place::Accounts => "accounts",
            Place::People => "people",
            Place::Profile => "profile",
            Place::Elsewhere => "",
        };
        here == place
    }

    /// Two letters in place of a picture.
    pub(crate) fn initials(&self) -> String {
        let letters = self.user_name.split_whitespace().filter_map(|word| word.chars().next());
        letters.take(2).flat_map(char::to_uppercase).collect()
    }
}
