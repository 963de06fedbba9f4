//! The part of a form that says who is told, and how: for levels and for closing actions alike.

use askama::{Template, filters::HtmlSafe};
use domain::escalation::{Manner, Target, Telling};
use domain::{Channel, Invalid, Playbook};

use crate::session::Fields;
use crate::ui::words::sentence;
use crate::ui::{Choice, Field, FieldKind, Toggles};

/// `{name}.target`, `{name}.channel`, `{name}.manner`: draws itself.
#[derive(Debug, Clone, Template)]
#[template(path = "delivery/telling.html")]
pub(crate) struct TellingFields {
    /// What its fields' names begin with: `levels.0`.
    pub(crate) name: String,
    /// Who may be told, by kind.
    pub(crate) groups: Vec<TargetGroup>,
    /// What is wrong with them, in words.
    pub(crate) error: Option<String>,
    /// By which channels.
    pub(crate) channels: Toggles,
    /// By one way or all.
    pub(crate) manner: Field,
}

impl HtmlSafe for TellingFields {}

/// Those of one kind who may be told.
#[derive(Debug, Clone)]
pub(crate) struct TargetGroup {
    /// "On call", "Groups", "People".
    pub(crate) title: &'static str,
    /// What is posted, what is read, whether it is ticked.
    pub(crate) choices: Vec<(String, String, bool)>,
}

/// A telling as it was typed.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Typed {
    targets: Vec<String>,
    channels: Vec<String>,
    manner: String,
}

impl Typed {
    /// As it is kept.
    pub(crate) fn of(telling: &Telling) -> Self {
        Typed {
            targets: telling.targets.iter().map(|target| target.as_text()).collect(),
            channels: telling.channels.iter().map(|it| it.as_str().to_owned()).collect(),
            manner: telling.manner.as_str().to_owned(),
        }
    }

    /// A new one, which tells nobody yet.
    pub(crate) fn new() -> Self {
        Typed { manner: Manner::First.as_str().to_owned(), ..Typed::default() }
    }

    /// As it was posted under a name.
    pub(crate) fn read(posted: &Fields, name: &str) -> Self {
        let all = |field: &str| {
            let name = format!("{name}.{field}");
            posted.all(&name).map(str::to_owned).collect()
        };
        let manner = posted.text(&format!("{name}.manner")).to_owned();
        Typed { targets: all("target"), channels: all("channel"), manner }
    }

    /// What it means; what no form of ours sends is a fault.
    pub(crate) fn telling(&self, name: &str, invalid: &mut Invalid) -> Telling {
        let targets: Vec<Target> =
            self.targets.iter().filter_map(|text| Target::parse(text)).collect();
        if targets.len() < self.targets.len() {
            invalid.add(format!("{name}.targets"), "must be of the list");
        }
        let channels: Vec<Channel> =
            self.channels.iter().filter_map(|word| Channel::parse(word)).collect();
        if channels.len() < self.channels.len() {
            invalid.add(format!("{name}.channel"), "must be of the list");
        }
        // All of them say no more than none.
        let channels = if channels.len() >= Channel::ALL.len() { Vec::new() } else { channels };
        let manner = Manner::parse(&self.manner).unwrap_or_else(|| {
            invalid.add(format!("{name}.manner"), "must be chosen");
            Manner::First
        });
        Telling { targets, channels, manner }
    }

    /// Its fields. A digest is of several messages, and so for nobody in particular.
    pub(crate) fn fields(&self, book: &Playbook, name: &str, named: bool) -> TellingFields {
        let mut groups = Vec::new();
        let mut add = |title, all: Vec<(Target, String)>| {
            let choice = |(target, label): (Target, String)| {
                let value = target.as_text();
                let is_ticked = self.targets.contains(&value);
                (value, label, is_ticked)
            };
            let choices: Vec<_> = all.into_iter().map(choice).collect();
            if !choices.is_empty() {
                groups.push(TargetGroup { title, choices });
            }
        };
        if named {
            add("By the message", vec![(Target::Recipient, "Whoever it is for".to_owned())]);
        }
        let rosters = book.rosters.iter().map(|it| &it.rotation);
        add("On call", rosters.map(|it| (Target::Rotation(it.id), it.name.clone())).collect());
        let all = book.groups.iter().map(|it| (Target::Group(it.id), it.name.clone()));
        add("Groups", all.collect());
        let all = book.contacts.iter().map(|it| (Target::Contact(it.id), it.name.clone()));
        add("People", all.collect());
        let channels = [
            ("sms", "Text", "Text message"),
            ("email", "E-mail", "E-mail"),
            ("call", "Call", "Telephone call"),
        ];
        let mut channels = Toggles::new(&format!("{name}.channel"), "Only by", &channels)
            .hint("None pressed: by any of a person's ways.");
        channels.chosen.clone_from(&self.channels);
        let manners = vec![
            Choice::new("first", "The first way that is open; the next if it fails"),
            Choice::new("all", "All ways that are open, at once"),
        ];
        let manner = Field::new(FieldKind::Radio, &format!("{name}.manner"), "Each by")
            .choices(manners)
            .value(&self.manner);
        TellingFields { name: name.to_owned(), groups, error: None, channels, manner }
    }
}

impl TellingFields {
    /// Takes the faults that are about it out of those about a form, and shows them.
    pub(crate) fn blame(&mut self, faults: &[(String, String)]) -> Vec<String> {
        let mut shown = Vec::new();
        for (path, rule) in faults {
            let Some(field) = path.strip_prefix(&format!("{}.", self.name)) else { continue };
            let place = match field {
                "targets" => &mut self.error,
                "channel" => &mut self.channels.error,
                "manner" => &mut self.manner.error,
                _ => continue,
            };
            let said = if field == "targets" && rule.starts_with("must be 1") {
                "Tick somebody, 50 at most.".to_owned()
            } else {
                sentence(rule)
            };
            place.get_or_insert(said);
            shown.push(path.clone());
        }
        shown
    }
}
