//! Making a rotation, or changing one: the form, and beside it what it comes to.

use askama::Template;
use domain::on_call::RotationEntry;
use domain::{Contact, ContactId, Invalid, limits};

use crate::sample;
use crate::session::Fields;
use crate::ui::{Choice, Field, FieldKind, Place, Shell, blame, retype};

/// `GET /on-call/new` → `POST /on-call`; `GET /on-call/{id}/edit` → `POST /on-call/{id}`; either
/// with `/preview` shows what it comes to, and changes nothing.
#[derive(Debug, Clone, Template)]
#[template(path = "on_call/form.html")]
pub(crate) struct RotationForm {
    /// The frame.
    pub(crate) shell: Shell,
    /// "Make a rotation", or "Change “Nights”".
    pub(crate) title: String,
    /// Where it posts to.
    pub(crate) action: String,
    /// Where it posts to for a preview.
    pub(crate) preview_action: String,
    /// Where cancelling leads.
    pub(crate) back: String,
    /// The revision that is changed, or empty.
    pub(crate) revision: String,
    /// What is wrong, where no field shows it.
    pub(crate) error: Option<String>,
    /// `account_number`, where there is one to choose.
    pub(crate) account: Option<Field>,
    /// `name`, `zone`.
    pub(crate) names: Vec<Field>,
    /// `turn`.
    pub(crate) turn: Field,
    /// `every`, for turns of some days or hours.
    pub(crate) every: Field,
    /// `hand_off`, `starts_on`.
    pub(crate) begins: Vec<Field>,
    /// `member_1` and so on: the order of the fields is the order of turns.
    pub(crate) members: Vec<Field>,
    /// `hours`, `fallback`.
    pub(crate) rest: Vec<Field>,
    /// What it comes to.
    pub(crate) preview: Preview,
}

/// What a form comes to as it stands.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Preview {
    /// Who is on call from when on: "Jane, from Mon, Jan 6, …".
    pub(crate) coming: Vec<String>,
    /// When nobody would be.
    pub(crate) gaps: Vec<String>,
    /// Under which clock, or what is missing.
    pub(crate) note: String,
    /// What is wrong.
    pub(crate) faults: Vec<String>,
}

/// Fields for members beyond those that are filled.
const SPARE: usize = 2;
/// Fields for members that a new rotation has.
const FIRST: usize = 4;

impl RotationForm {
    /// The empty form, with as many fields for members as `count` and some.
    pub(crate) fn new(shell: Shell, people: &[Contact], count: usize) -> Self {
        let turns = [
            ("daily", "A day"),
            ("weekly", "A week"),
            ("days", "Some days"),
            ("hours", "Some hours"),
        ];
        let turns = turns.map(|(value, label)| Choice::new(value, label)).to_vec();
        let fields = (count + SPARE).clamp(FIRST, limits::MEMBERS);
        let member = |at: usize| {
            let label = format!("{at}. turn");
            let mut field = Field::choice(&format!("member_{at}"), &label, &[("", "–")]);
            field.choices.extend(people.iter().map(choice));
            field
        };
        let mut fallback = Field::choice("fallback", "Fallback", &[("", "Nobody")])
            .hint("Who is called when nobody else is: outside of these hours, and on holidays.");
        fallback.choices.extend(people.iter().map(choice));
        Self {
            shell,
            title: "Make a rotation".to_owned(),
            action: "/on-call".to_owned(),
            preview_action: "/on-call/preview".to_owned(),
            back: "/on-call".to_owned(),
            revision: String::new(),
            error: None,
            account: None,
            names: vec![
                Field::new(FieldKind::Text, "name", "Name")
                    .required()
                    .max_length(200)
                    .hint("Such as Nights and weekends."),
                Field::new(FieldKind::Text, "zone", "Time zone")
                    .hint("Such as America/New_York. Empty: the account's."),
            ],
            turn: Field::new(FieldKind::Radio, "turn", "Each turn").choices(turns).value("weekly"),
            every: Field::new(FieldKind::Number, "every", "How many days or hours").value("2"),
            begins: vec![
                Field::new(FieldKind::Time, "hand_off", "Handed over at").required().value("09:00"),
                Field::new(FieldKind::Date, "starts_on", "First hand-off")
                    .required()
                    .hint("Turns are counted from this day. A week begins on its weekday."),
            ],
            members: (1..=fields).map(member).collect(),
            rest: vec![
                Field::new(FieldKind::Text, "hours", "Only in these hours")
                    .wide()
                    .hint("Such as Mon-Fri 18:00-08:00; Sat,Sun 00:00-24:00. Empty: always."),
                fallback,
            ],
            preview: Preview::default(),
        }
    }

    /// Every field.
    pub(crate) fn fields(&mut self) -> impl Iterator<Item = &mut Field> {
        let Self { account, names, turn, every, begins, members, rest, .. } = self;
        account
            .iter_mut()
            .chain(names)
            .chain([turn, every])
            .chain(begins)
            .chain(members)
            .chain(rest)
    }

    /// Puts back what was typed.
    pub(crate) fn retype(&mut self, posted: &Fields) {
        retype(self.fields(), posted);
    }

    /// Puts each fault beside its field.
    pub(crate) fn blame(&mut self, faults: &Invalid) {
        let control = |path: &str| match path {
            "members" => "member_1".to_owned(),
            other => other.to_owned(),
        };
        let others = blame(self.fields(), faults, control);
        self.error = (!others.is_empty()).then(|| others.join(" "));
    }

    /// All that is said to be wrong with it.
    pub(crate) fn said(&mut self) -> Vec<String> {
        let fields: Vec<String> = self.fields().filter_map(|field| field.error.clone()).collect();
        self.error.iter().cloned().chain(fields).collect()
    }

    /// Leaves the cursor where it is.
    pub(crate) fn unfocus(&mut self) {
        self.fields().for_each(|field| field.focused = false);
    }

    /// The form as it opens, with what it comes to.
    pub(crate) fn sample() -> Self {
        let people = sample::rotations().into_iter().next().map(|it| it.people).unwrap_or_default();
        let mut page = Self::new(Shell::sample(Place::OnCall), &people, 3);
        let accounts = [("", "Choose…"), ("1001", "Hartwell & Boone")];
        page.account = Some(Field::choice("account_number", "Account", &accounts).value("1001"));
        for (at, person) in people.iter().enumerate() {
            page.members[at].value = person.id.to_string();
        }
        page.preview = Preview {
            coming: vec![
                "Jane Hartwell from Mon, Mar 2, 2026, 9:00 AM EST".to_owned(),
                "Paul Boone from Mon, Mar 9, 2026, 9:00 AM EDT".to_owned(),
            ],
            gaps: vec!["Tue, Mar 3, 2026, 2:14 PM EST to Wed, Mar 4, 2026, 9:00 AM EST".to_owned()],
            note: "Times are those of America/New_York.".to_owned(),
            faults: Vec::new(),
        };
        page
    }

    /// After it was refused.
    pub(crate) fn sample_error() -> Self {
        let mut page = Self::sample();
        let mut faults = Invalid::new();
        for path in ["name", "turn", "hand_off", "members", "hours", "moon"] {
            faults.add(path, "must not be empty");
        }
        page.blame(&faults);
        page.preview = Preview { faults: page.said(), ..Preview::default() };
        page
    }
}

fn choice(contact: &Contact) -> Choice {
    let label = match contact.title.as_str() {
        "" => contact.name.clone(),
        title => format!("{} · {title}", contact.name),
    };
    Choice::new(&contact.id.to_string(), &label)
}

/// What a form posted as an entry. A turn of some days or hours takes its number from `every`.
pub(crate) fn entry(posted: &Fields) -> RotationEntry {
    let text = |name: &str| posted.text(name).to_owned();
    let turn = match posted.text("turn") {
        unit @ ("days" | "hours") => format!("{} {unit}", posted.text("every").trim()),
        word => word.to_owned(),
    };
    let id = |text: &str| text.parse().ok().map(ContactId);
    let member = |at: usize| {
        let text = posted.text(&format!("member_{at}")).to_owned();
        // What is no number names nobody in the directory, and is refused there.
        (!text.is_empty()).then(|| id(&text).unwrap_or(ContactId(0)))
    };
    let fallback = posted.text("fallback");
    RotationEntry {
        name: text("name"),
        zone: text("zone"),
        turn,
        hand_off: text("hand_off"),
        starts_on: text("starts_on"),
        members: (1..=limits::MEMBERS + 1).filter_map(member).collect(),
        hours: text("hours"),
        fallback: (!fallback.is_empty()).then(|| id(fallback).unwrap_or(ContactId(0))),
    }
}

/// What the form of a rotation as it is would post.
pub(crate) fn typed(rotation: &domain::Rotation, people: &[Contact]) -> Fields {
    use domain::on_call::Turn;
    let minute = rotation.hand_off_minute;
    let (turn, every) = match rotation.turn {
        Turn::Daily => ("daily", 2),
        Turn::Weekly => ("weekly", 2),
        Turn::Days(count) => ("days", count),
        Turn::Hours(count) => ("hours", count),
    };
    let is_here = |id: &ContactId| people.iter().any(|contact| contact.id == *id);
    let fallback = rotation.fallback.filter(is_here);
    let pairs = vec![
        ("name".to_owned(), rotation.name.clone()),
        ("zone".to_owned(), rotation.zone.name().to_owned()),
        ("turn".to_owned(), turn.to_owned()),
        ("every".to_owned(), every.to_string()),
        ("hand_off".to_owned(), format!("{:02}:{:02}", minute / 60, minute % 60)),
        ("starts_on".to_owned(), rotation.starts_on.to_string()),
        ("hours".to_owned(), rotation.hours.to_string()),
        ("fallback".to_owned(), fallback.map(|id| id.to_string()).unwrap_or_default()),
    ];
    // Whoever left the directory is left out of the form.
    let members = rotation.members.iter().filter(|id| is_here(id)).enumerate();
    let members = members.map(|(at, id)| (format!("member_{}", at + 1), id.to_string()));
    Fields::from_pairs(pairs.into_iter().chain(members).collect())
}
