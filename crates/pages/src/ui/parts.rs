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

/// Where a message or a delivery stands; [`State::sign`] says what each means.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum State {
    Pending,
    Held,
    Retrying,
    Delivered,
    Captured,
    Failed,
    Acknowledged,
    Closed,
    Waiting,
    Sending,
    Sent,
    OnPhone,
    InMailbox,
    Machine,
    Person,
    Seen,
    AtDesk,
    Worked,
    Skipped,
    Cancelled,
    Paused,
}

impl State {
    /// The word beside the icon, the icon's name, and how loud it is.
    fn sign(self) -> (&'static str, &'static str, Tone) {
        match self {
            Self::Pending => ("Pending", "clock", Tone::Amber),
            Self::Held => ("Held", "circle-pause", Tone::Plain),
            Self::Retrying => ("Retrying", "rotate-ccw", Tone::Amber),
            Self::Delivered => ("Delivered", "check", Tone::Plain),
            Self::Captured => ("Captured, not sent", "archive", Tone::Amber),
            Self::Failed => ("Failed", "circle-x", Tone::Red),
            Self::Acknowledged => ("Acknowledged", "check-check", Tone::Green),
            Self::Closed => ("Closed", "circle-check", Tone::Green),
            Self::Waiting => ("Waiting", "clock", Tone::Amber),
            Self::Sending => ("Sending", "send", Tone::Amber),
            Self::Sent => ("Sent", "check", Tone::Plain),
            Self::OnPhone => ("Reached the phone", "bell", Tone::Plain),
            Self::InMailbox => ("Reached the mailbox", "mail", Tone::Plain),
            Self::Machine => ("Reached a machine", "audio-lines", Tone::Plain),
            Self::Person => ("Reached a person", "user-check", Tone::Green),
            Self::Seen => ("Read", "eye", Tone::Green),
            Self::AtDesk => ("With the agents", "headset", Tone::Amber),
            Self::Worked => ("Done by an agent", "user-check", Tone::Green),
            Self::Skipped => ("Skipped", "circle", Tone::Plain),
            Self::Cancelled => ("Taken back", "x", Tone::Plain),
            Self::Paused => ("Paused", "circle-pause", Tone::Amber),
        }
    }

    /// The state as HTML.
    pub(crate) fn badge(self) -> Badge {
        let (word, name, tone) = self.sign();
        Badge { class: tone.class(), icon: icon(name), word }
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
