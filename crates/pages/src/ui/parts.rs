//! Small pieces that draw themselves: an icon, a moment, a state, a label with its value, an empty list.

use askama::{Template, filters::HtmlSafe};

use super::asset;

/// An icon of the sprite. It is decoration: a word always stands beside it.
#[derive(Debug, Clone, PartialEq, Eq, Template)]
#[template(
    ext = "html",
    source = r##"<svg class="icon" aria-hidden="true"><use href="{{ href }}"></use></svg>"##
)]
pub(crate) struct Icon {
    href: String,
}

impl HtmlSafe for Icon {}

/// The icon of that name in `assets/vendor/icons.svg`, for a template.
pub(crate) fn icon(name: &str) -> Icon {
    Icon { href: format!("{}#{name}", asset("vendor/icons.svg")) }
}

/// An instant as a person reads it: "5 min. ago", with the exact time and zone on hover.
#[derive(Debug, Clone, PartialEq, Eq, Template)]
#[template(
    ext = "html",
    source = r#"<time datetime="{{ iso }}" title="{{ exact }}" data-relative>{{ relative }}</time>"#
)]
pub(crate) struct Moment {
    /// RFC 3339 in UTC: `2025-01-21T22:08:20.671Z`.
    pub(crate) iso: String,
    /// What is shown: `5 min. ago`, or a date when it is longer ago than a week.
    pub(crate) relative: String,
    /// What stands on hover and on paper: `Tue, Jan 21, 2025, 5:08:20 PM EST`.
    pub(crate) exact: String,
}

impl HtmlSafe for Moment {}

impl Moment {
    /// The exact instant as visible text, where a document needs it.
    pub(crate) fn in_full(&self) -> InFull<'_> {
        InFull { iso: &self.iso, exact: &self.exact }
    }
}

/// A moment written out.
#[derive(Debug, Clone, PartialEq, Eq, Template)]
#[template(ext = "html", source = r#"<time datetime="{{ iso }}">{{ exact }}</time>"#)]
pub(crate) struct InFull<'a> {
    iso: &'a str,
    exact: &'a str,
}

impl HtmlSafe for InFull<'_> {}

/// How loud something is. A colour is never the only carrier of a meaning.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Tone {
    /// Ordinary.
    Plain,
    /// Needs help now.
    Red,
    /// Waits for somebody.
    Amber,
    /// Done.
    Green,
}

impl Tone {
    /// The class in the style sheet.
    pub(crate) fn class(&self) -> &'static str {
        match self {
            Self::Plain => "plain",
            Self::Red => "red",
            Self::Amber => "amber",
            Self::Green => "green",
        }
    }
}

/// Where a message or a delivery stands, as an icon and a word.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum State {
    /// Written down, not yet sent.
    Pending,
    /// Waits for its time.
    Held,
    /// On its way, or tried and to be tried again.
    Retrying,
    /// Reached its address.
    Delivered,
    /// Kept in the outbox instead of being sent.
    Captured,
    /// Will not be tried again.
    Failed,
    /// Somebody said: I have it.
    Acknowledged,
    /// Nothing is left to do.
    Closed,
    /// Waits for its hour, or for its turn under a limit.
    Waiting,
    /// Is being sent.
    Sending,
    /// A carrier took it.
    Sent,
    /// It is on the phone.
    OnPhone,
    /// It is in the mailbox.
    InMailbox,
    /// A machine answered the call.
    Machine,
    /// A person answered the call.
    Person,
    /// Somebody has read or heard it.
    Seen,
    /// Waits for an agent, or an agent is at it.
    AtDesk,
    /// An agent did it.
    Worked,
    /// It was not to be sent.
    Skipped,
    /// It was taken back.
    Cancelled,
    /// Nothing is sent until somebody resumes it.
    Paused,
}

impl State {
    /// The word beside the icon.
    pub(crate) fn word(&self) -> &'static str {
        match self {
            Self::Pending => "Pending",
            Self::Held => "Held",
            Self::Retrying => "Retrying",
            Self::Delivered => "Delivered",
            Self::Captured => "Captured, not sent",
            Self::Failed => "Failed",
            Self::Acknowledged => "Acknowledged",
            Self::Closed => "Closed",
            Self::Waiting => "Waiting",
            Self::Sending => "Sending",
            Self::Sent => "Sent",
            Self::OnPhone => "Reached the phone",
            Self::InMailbox => "Reached the mailbox",
            Self::Machine => "Reached a machine",
            Self::Person => "Reached a person",
            Self::Seen => "Read",
            Self::AtDesk => "With the agents",
            Self::Worked => "Done by an agent",
            Self::Skipped => "Skipped",
            Self::Cancelled => "Taken back",
            Self::Paused => "Paused",
        }
    }

    /// The name of its icon.
    pub(crate) fn icon(&self) -> &'static str {
        match self {
            Self::Pending => "clock",
            Self::Held => "circle-pause",
            Self::Retrying => "rotate-ccw",
            Self::Delivered => "check",
            Self::Captured => "archive",
            Self::Failed => "circle-x",
            Self::Acknowledged => "check-check",
            Self::Closed => "circle-check",
            Self::Waiting => "clock",
            Self::Sending => "send",
            Self::Sent => "check",
            Self::OnPhone => "bell",
            Self::InMailbox => "mail",
            Self::Machine => "audio-lines",
            Self::Person => "user-check",
            Self::Seen => "eye",
            Self::AtDesk => "headset",
            Self::Worked => "user-check",
            Self::Skipped => "circle",
            Self::Cancelled => "x",
            Self::Paused => "circle-pause",
        }
    }

    /// How loud it is.
    pub(crate) fn tone(&self) -> Tone {
        match self {
            Self::Pending
            | Self::Retrying
            | Self::Captured
            | Self::Waiting
            | Self::AtDesk
            | Self::Sending
            | Self::Paused => Tone::Amber,
            Self::Failed => Tone::Red,
            Self::Acknowledged | Self::Closed | Self::Person | Self::Seen | Self::Worked => {
                Tone::Green
            }
            Self::Held
            | Self::Delivered
            | Self::Sent
            | Self::OnPhone
            | Self::InMailbox
            | Self::Machine
            | Self::Skipped
            | Self::Cancelled => Tone::Plain,
        }
    }

    /// The state as HTML.
    pub(crate) fn badge(&self) -> Badge {
        Badge { class: self.tone().class(), icon: icon(self.icon()), word: self.word() }
    }
}

/// A [`State`] drawn.
#[derive(Debug, Clone, PartialEq, Eq, Template)]
#[template(ext = "html", source = r#"<span class="state {{ class }}">{{ icon }}{{ word }}</span>"#)]
pub(crate) struct Badge {
    class: &'static str,
    icon: Icon,
    word: &'static str,
}

impl HtmlSafe for Badge {}

/// A label and its value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Fact {
    /// What it is: "Meeting preference".
    pub(crate) label: String,
    /// What was said: "Virtual". May hold several lines.
    pub(crate) value: String,
}

impl Fact {
    /// A fact from its two texts.
    pub(crate) fn new(label: &str, value: &str) -> Self {
        Self { label: label.to_owned(), value: value.to_owned() }
    }

    /// The facts of which something is known.
    pub(crate) fn filled<const N: usize>(facts: [(&str, String); N]) -> Vec<Self> {
        let known = facts.into_iter().filter(|(_, value)| !value.trim().is_empty());
        known.map(|(label, value)| Self { label: label.to_owned(), value }).collect()
    }
}

/// What stands where a list has nothing to show: what will appear, and how to make the first one.
#[derive(Debug, Clone, PartialEq, Eq, Template)]
#[template(path = "ui/empty.html")]
pub(crate) struct Empty {
    /// An icon of the sprite.
    pub(crate) icon: String,
    /// "No messages yet".
    pub(crate) title: String,
    /// One or two sentences.
    pub(crate) text: String,
    /// The way on, as address and label.
    pub(crate) action: Option<(String, String)>,
}

impl HtmlSafe for Empty {}

impl Empty {
    /// An empty list without a way on.
    pub(crate) fn new(icon: &str, title: &str, text: &str) -> Self {
        Self { icon: icon.into(), title: title.into(), text: text.into(), action: None }
    }

    /// The same with a button.
    pub(crate) fn with_action(mut self, href: &str, label: &str) -> Self {
        self.action = Some((href.to_owned(), label.to_owned()));
        self
    }
}
