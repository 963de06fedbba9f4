//! The part of a form that says who is told, and how: for levels and for closing actions alike.

use domain::escalation::{Manner, Target, Telling};
use domain::{Channel, Invalid, Playbook};

use crate::session::Fields;
use crate::ui::{Choice, Field, FieldKind};

/// A telling as its fields post it.
pub(crate) fn typed(telling: &Telling) -> Fields {
    let targets = telling.targets.iter().map(|target| ("target", target.as_text()));
    let channels = telling.channels.iter().map(|it| ("channel", it.as_str().to_owned()));
    let manner = ("manner", telling.manner.as_str().to_owned());
    Fields::of(targets.chain(channels).chain([manner]))
}

/// A new one, which tells nobody yet.
pub(crate) fn blank() -> Fields {
    Fields::of([("manner", Manner::First.as_str())])
}

/// What was typed into the entry of a list; what no form of ours sends is a fault below `path`.
pub(crate) fn read(typed: &Fields, path: &str, invalid: &mut Invalid) -> Telling {
    let targets: Option<Vec<Target>> = typed.all("target").map(Target::parse).collect();
    invalid.require(targets.is_some(), &format!("{path}.targets"), "must be of the list");
    let channels: Option<Vec<Channel>> = typed.all("channel").map(Channel::parse).collect();
    invalid.require(channels.is_some(), &format!("{path}.channel"), "must be of the list");
    let manner = Manner::parse(typed.text("manner"));
    invalid.require(manner.is_some(), &format!("{path}.manner"), "must be chosen");
    Telling {
        targets: targets.unwrap_or_default(),
        // All of them say no more than none.
        channels: channels.filter(|all| all.len() < Channel::ALL.len()).unwrap_or_default(),
        manner: manner.unwrap_or(Manner::First),
    }
}

/// `target`, `channel`, `manner`.
pub(crate) fn fields(book: &Playbook) -> [Field; 3] {
    let choice = |target: Target, name: &str, group: &'static str| {
        Choice::new(&target.as_text(), name).under(group)
    };
    let recipient = choice(Target::Recipient, "Whoever it is for", "By the message");
    let rotations = book.rosters.iter().map(|it| &it.rotation);
    let rotations = rotations.map(|it| choice(Target::Rotation(it.id), &it.name, "On call"));
    let groups = book.groups.iter().map(|it| choice(Target::Group(it.id), &it.name, "Groups"));
    let people = book.contacts.iter().map(|it| choice(Target::Contact(it.id), &it.name, "People"));
    let channels = [
        Choice::new("sms", "Text").full("Text message"),
        Choice::new("email", "E-mail").full("E-mail"),
        Choice::new("call", "Call").full("Telephone call"),
    ];
    let manners = [
        ("first", "The first way that is open; the next if it fails"),
        ("all", "All ways that are open, at once"),
    ];
    [
        Field::new(FieldKind::Ticks, "target", "Who is told")
            .at("targets")
            .choices([recipient].into_iter().chain(rotations).chain(groups).chain(people))
            .subject(None)
            .phrases(&[("must be 1", "Tick somebody, 50 at most.")]),
        Field::new(FieldKind::Toggles, "channel", "Only by")
            .choices(channels)
            .hint("None pressed: by any of a person's ways.")
            .subject(None),
        Field::radio("manner", "Each by", &manners).subject(None),
    ]
}
