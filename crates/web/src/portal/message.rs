//! One message as its reader sees it: what was said, how to reach the caller, what happened since.

use crate::ui::{Fact, Moment, State, Tone, mailto, moment};

/// The right half of the messages page.
#[derive(Debug, Clone)]
pub struct Message {
    /// Its number.
    pub id: String,
    /// The caller's name, or else number.
    pub who: String,
    /// The caller's company, or empty.
    pub company: String,
    /// Whom it is for: a person or "the office".
    pub for_whom: String,
    /// The account's name.
    pub account: String,
    /// Where it stands.
    pub state: State,
    /// It is an emergency.
    pub is_emergency: bool,
    /// Somebody has read it.
    pub is_read: bool,
    /// When it was taken.
    pub taken_at: Moment,
    /// By which agent, or empty.
    pub taken_by: String,
    /// The message itself, line breaks kept.
    pub content: String,
    /// How to reach the caller.
    pub ways: Vec<ContactWay>,
    /// The form's filled fields by section, in the form's order; a title may be empty.
    pub answers: Vec<(String, Vec<Fact>)>,
    /// The page that plays the call, where it was recorded.
    pub recording: Option<String>,
    /// When it goes out, while it is held.
    pub held_until: Option<Moment>,
    /// It went out together with others, so that nothing of its own stands below.
    pub went_in_digest: bool,
    /// Where it stands on its escalation policy.
    pub escalation: Option<EscalationCard>,
    /// What was sent, newest first, what was told together under one title; a title may be empty.
    pub deliveries: Vec<(String, Vec<DeliveryCard>)>,
    /// What happened, oldest first.
    pub activities: Vec<ActivityLine>,
    /// "Picked up by Jane Hartwell", or empty.
    pub picked_up: String,
    /// Nobody has picked it up.
    pub can_pick_up: bool,
    /// The reader has picked it up.
    pub can_put_back: bool,
    /// Nobody has acknowledged or closed it.
    pub can_acknowledge: bool,
    /// It is not closed.
    pub can_close: bool,
    /// It is acknowledged or closed.
    pub can_reopen: bool,
}

/// A way to reach the caller.
#[derive(Debug, Clone)]
pub struct ContactWay {
    /// `phone` or `mail`, the icon's name.
    pub icon: String,
    /// "Callback", "Caller ID", "E-mail".
    pub label: String,
    /// As a person reads it: "(954) 555-0142".
    pub shown: String,
    /// `tel:…` or `mailto:…`.
    pub href: String,
}

/// Where a message stands on its escalation policy.
#[derive(Debug, Clone)]
pub struct EscalationCard {
    /// "Nights and weekends", or that it is gone.
    pub policy: String,
    /// The page that tells of the account's policies.
    pub href: String,
    /// "Level 2 of 3, round 1 of 2".
    pub place: String,
    /// An icon of the sprite.
    pub icon: &'static str,
    /// How loud it is.
    pub tone: Tone,
    /// "Waits for somebody to acknowledge it."
    pub sentence: String,
    /// What happens next, and when: "Next step".
    pub next: Option<(&'static str, Moment)>,
    /// Agents may let it begin anew.
    pub can_restart: bool,
}

impl EscalationCard {
    /// On its second level.
    #[must_use]
    pub fn sample() -> Self {
        Self {
            policy: "Nights and weekends".to_owned(),
            href: "/accounts/2/delivery#policies".to_owned(),
            place: "Level 2 of 2, round 1 of 2".to_owned(),
            icon: "bell",
            tone: Tone::Amber,
            sentence: "Waits for somebody to acknowledge it.".to_owned(),
            next: Some(("Next step", moment("in 12 min."))),
            can_restart: false,
        }
    }

    /// Nobody is left.
    #[must_use]
    pub fn sample_exhausted() -> Self {
        Self {
            icon: "siren",
            tone: Tone::Red,
            sentence: "Nobody is left to be told. Agents have to see to it.".to_owned(),
            next: None,
            can_restart: true,
            ..Self::sample()
        }
    }
}

/// One thing that was to be sent.
#[derive(Debug, Clone)]
pub struct DeliveryCard {
    /// "E-mail".
    pub channel: String,
    /// The channel's icon.
    pub icon: String,
    /// "mail", "text", "call": what one of them is called within a sentence.
    pub thing: &'static str,
    /// "Jane Hartwell <jane@hartwell.example>".
    pub to: String,
    /// Where it stands.
    pub state: State,
    /// The carrier that has it, or empty.
    pub carrier: String,
    /// Each try, oldest first.
    pub attempts: Vec<Attempt>,
    /// The receiver may have got it twice.
    pub may_double: bool,
    /// When it is tried again.
    pub next_try: Option<Moment>,
    /// It was kept instead of sent.
    pub is_captured: bool,
    /// The captured mail, for those who may see it.
    pub captured: Option<String>,
}

/// One try.
#[derive(Debug, Clone)]
pub struct Attempt {
    /// 1, 2, 3.
    pub number: u32,
    /// When.
    pub at: Moment,
    /// What came of it, with the reason in words.
    pub outcome: String,
    /// The carrier that was asked, or empty.
    pub carrier: String,
    /// An earlier one may have gone out too.
    pub may_double: bool,
}

/// One sentence of the timeline.
#[derive(Debug, Clone)]
pub struct ActivityLine {
    /// An icon of the sprite.
    pub icon: String,
    /// How loud it is.
    pub tone: Tone,
    /// "Agent Rosa took the message."
    pub sentence: String,
    /// When.
    pub at: Moment,
}

impl ContactWay {
    /// A number to call.
    #[must_use]
    pub fn phone(label: &str, shown: &str, href: &str) -> Self {
        Self { icon: "phone".into(), label: label.into(), shown: shown.into(), href: href.into() }
    }

    /// An address to write to.
    #[must_use]
    pub fn mail(address: &str) -> Self {
        Self {
            icon: "mail".to_owned(),
            label: "E-mail".to_owned(),
            shown: address.to_owned(),
            href: mailto(address),
        }
    }
}

impl ActivityLine {
    /// A line from its parts.
    #[must_use]
    pub fn new(icon: &str, tone: Tone, sentence: &str, at: Moment) -> Self {
        Self { icon: icon.to_owned(), tone, sentence: sentence.to_owned(), at }
    }
}

impl Message {
    /// An emergency whose mail was delivered.
    #[must_use]
    pub fn sample() -> Self {
        Self {
            id: "940".to_owned(),
            who: "Maria Lopez".to_owned(),
            company: String::new(),
            for_whom: "Service desk".to_owned(),
            account: "Northwind Heating & Air".to_owned(),
            state: State::Delivered,
            is_emergency: true,
            is_read: true,
            taken_at: moment("4 min. ago"),
            taken_by: "Rosa".to_owned(),
            content: "No heat since last night, two small children in the house. The thermostat \
                      is lit but the burner does not start.\n\nShe has already switched it off \
                      and on again. Please call before you come, the gate is locked."
                .to_owned(),
            ways: vec![
                ContactWay::phone("Callback", "(954) 555-0142", "tel:+19545550142"),
                ContactWay::mail("maria.lopez@mail.example"),
            ],
            answers: vec![
                (
                    "Visit".to_owned(),
                    vec![
                        Fact::new("Service address", "118 Larkspur Lane\nCoral Springs, FL 33065"),
                        Fact::new("System", "Gas furnace, about 12 years old"),
                        Fact::new("Best time to call", "Any time"),
                    ],
                ),
                (
                    "No heat".to_owned(),
                    vec![
                        Fact::new("No heat at all?", "Yes"),
                        Fact::new("Service contract", "Comfort Plus"),
                    ],
                ),
            ],
            recording: Some("/recordings/36".to_owned()),
            held_until: None,
            went_in_digest: false,
            escalation: Some(EscalationCard::sample()),
            deliveries: vec![(
                "Escalation, step 1".to_owned(),
                vec![DeliveryCard {
                    channel: "E-mail".to_owned(),
                    icon: "mail".to_owned(),
                    thing: "mail",
                    carrier: "smtp".to_owned(),
                    may_double: false,
                    to: "Service desk <service@northwind.example>".to_owned(),
                    state: State::Delivered,
                    attempts: vec![Attempt {
                        number: 1,
                        at: moment("3 min. ago"),
                        outcome: "Accepted by mx.northwind.example".to_owned(),
                        carrier: "smtp".to_owned(),
                        may_double: false,
                    }],
                    next_try: None,
                    is_captured: false,
                    captured: None,
                }],
            )],
            activities: sample_activities(),
            picked_up: String::new(),
            can_pick_up: true,
            can_put_back: false,
            can_acknowledge: true,
            can_close: true,
            can_reopen: false,
        }
    }

    /// A message whose mail is refused, and another that was only captured.
    #[must_use]
    pub fn sample_failed() -> Self {
        let mut message = Self::sample();
        message.id = "936".to_owned();
        message.who = "Walter Niemann".to_owned();
        message.company = "Niemann & Sons Bakery".to_owned();
        message.state = State::Failed;
        message.content =
            "Boiler shows error E9 and smells faintly of gas near the valve.".to_owned();
        message.recording = None;
        message.picked_up = "Picked up by Jane Hartwell".to_owned();
        message.can_pick_up = false;
        message.can_put_back = true;
        let attempt = |number, age, outcome: &str| Attempt {
            number,
            at: moment(age),
            outcome: outcome.to_owned(),
            carrier: String::new(),
            may_double: number == 2,
        };
        let card = &mut message.deliveries[0].1[0];
        card.state = State::Failed;
        card.may_double = true;
        card.attempts = vec![
            attempt(
                1,
                "3 hr. ago",
                "The mail server was too busy (451 4.3.2). Tried again after 1 minute.",
            ),
            attempt(2, "3 hr. ago", "Refused for good: no mailbox of that name (550 5.1.1)."),
        ];
        let mut second = card.clone();
        second.to = "Karl Winter <karl@northwind.example>".to_owned();
        second.state = State::Captured;
        second.attempts.clear();
        second.is_captured = true;
        second.captured = Some("/outbox/77".to_owned());
        message.deliveries.push(("When it was finished".to_owned(), vec![second]));
        message.escalation = Some(EscalationCard::sample_exhausted());
        message.activities.truncate(3);
        message.activities.push(ActivityLine::new(
            "rotate-ccw",
            Tone::Amber,
            "The e-mail to Service desk was put off: the mail server was too busy.",
            moment("3 hr. ago"),
        ));
        message.activities.push(ActivityLine::new(
            "circle-x",
            Tone::Red,
            "The e-mail to Service desk failed: no mailbox of that name.",
            moment("3 hr. ago"),
        ));
        message
    }
}

fn sample_activities() -> Vec<ActivityLine> {
    vec![
        ActivityLine::new(
            "phone-call",
            Tone::Plain,
            "(954) 555-0142 called (954) 555-0120.",
            moment("6 min. ago"),
        ),
        ActivityLine::new(
            "headset",
            Tone::Plain,
            "Rosa took the message and marked it an emergency.",
            moment("4 min. ago"),
        ),
        ActivityLine::new(
            "send",
            Tone::Plain,
            "An e-mail to Service desk was queued.",
            moment("4 min. ago"),
        ),
        ActivityLine::new(
            "check",
            Tone::Green,
            "The e-mail to Service desk was delivered.",
            moment("3 min. ago"),
        ),
        ActivityLine::new(
            "eye",
            Tone::Plain,
            "Jane Hartwell read the message.",
            moment("1 min. ago"),
        ),
    ]
}
