//! The form of a rotation: what one can say in it, how that is read, and the page that shows it.

use app::on_call::RotationDetail;
use askama::Template;
use domain::on_call::{RotationEntry, Turn};
use domain::{Account, Contact, ContactId, Instant, Zone, limits};

use crate::form::{Form, Preview};
use crate::session::Fields;
use crate::ui::{Choice, Field, FieldKind, Shell, typed_time};

/// What the form of a rotation is drawn from.
#[derive(Debug)]
pub(crate) struct RotationGround {
    /// Those that whoever asks may choose from.
    pub(crate) accounts: Vec<Account>,
    /// The one that it is for, once it is known.
    pub(crate) account: Option<Account>,
    /// That one's directory.
    pub(crate) people: Vec<Contact>,
    /// The rotation that is changed.
    pub(crate) standing: Option<RotationDetail>,
    /// The service's clock, for as long as there is no account.
    pub(crate) zone: Zone,
    pub(crate) now: Instant,
    pub(crate) preview: Preview,
}

/// `GET /on-call/new` → `POST /on-call`; `GET /on-call/{id}/edit` → `POST /on-call/{id}`; either
/// with `/preview` shows who would be on call, and changes nothing.
#[derive(Debug, Template)]
#[template(path = "on_call/form.html")]
pub(crate) struct RotationFormPage {
    shell: Shell,
    title: String,
    /// Where it posts to.
    action: String,
    /// Where cancelling leads.
    back: String,
    form: Form,
    preview: Preview,
}

/// Fields for members beyond those that are filled.
const SPARE: usize = 2;
/// Fields for members that a new rotation has.
const FIRST: usize = 4;

/// The form of a rotation with these texts: `member_1` and so on in the order of turns, as many as
/// are filled and some.
pub(crate) fn form(ground: &RotationGround, typed: Option<&Fields>) -> Form {
    let turns =
        [("daily", "A day"), ("weekly", "A week"), ("days", "Some days"), ("hours", "Some hours")];
    let zone = ground.account.as_ref().map_or(&ground.zone, |account| &account.zone);
    let people = || ground.people.iter().map(choice);
    let mut fields = vec![
        Field::hidden("revision"),
        Field::new(FieldKind::Text, "name", "Name")
            .required()
            .max_length(200)
            .hint("Such as Nights and weekends."),
        Field::new(FieldKind::Text, "zone", "Time zone")
            .hint("Such as America/New_York. Empty: the account's."),
        Field::radio("turn", "Each turn", &turns).value("weekly"),
        Field::new(FieldKind::Number, "every", "How many days or hours").value("2"),
        Field::new(FieldKind::Time, "hand_off", "Handed over at").required().value("09:00"),
        Field::new(FieldKind::Date, "starts_on", "First hand-off")
            .required()
            .value(&zone.date(ground.now).to_string())
            .hint("Turns are counted from this day. A week begins on its weekday."),
        Field::new(FieldKind::Text, "hours", "Only in these hours")
            .wide()
            .hint("Such as Mon-Fri 18:00-08:00; Sat,Sun 00:00-24:00. Empty: always."),
        Field::choice("fallback", "Fallback", &[("", "Nobody")])
            .choices(people())
            .hint("Who is called when nobody else is: outside of these hours, and on holidays."),
    ];
    if ground.standing.is_none() && (ground.accounts.len() != 1 || ground.account.is_none()) {
        fields.insert(0, crate::accounts::choice(&ground.accounts, ground.account.as_ref()));
    }
    let count = typed.map_or(0, |typed| entry(typed).members.len());
    fields.extend((1..=(count + SPARE).clamp(FIRST, limits::MEMBERS)).map(|at| {
        let (name, label) = (format!("member_{at}"), format!("{at}. turn"));
        let field = Field::choice(&name, &label, &[("", "–")]).choices(people());
        if at == 1 { field.at("members") } else { field }
    }));
    Form::new(fields).filled(typed)
}

fn choice(contact: &Contact) -> Choice {
    match contact.title.as_str() {
        "" => contact.into(),
        title => Choice::new(&contact.id.to_string(), &format!("{} · {title}", contact.name)),
    }
}

/// What was typed, as an entry. A turn of some days or hours takes its number from `every`.
pub(crate) fn entry(typed: &Fields) -> RotationEntry {
    let turn = match typed.text("turn") {
        unit @ ("days" | "hours") => format!("{} {unit}", typed.text("every").trim()),
        word => word.to_owned(),
    };
    let members = 1..=limits::MEMBERS + 1;
    let members = members.filter_map(|at| typed.id(&format!("member_{at}")));
    RotationEntry {
        name: typed.owned("name"),
        zone: typed.owned("zone"),
        turn,
        hand_off: typed.owned("hand_off"),
        starts_on: typed.owned("starts_on"),
        members: members.map(ContactId).collect(),
        hours: typed.owned("hours"),
        fallback: typed.id("fallback").map(ContactId),
    }
}

/// What somebody would have typed to make a rotation as it is.
pub(crate) fn typed(rotation: &domain::Rotation, people: &[Contact]) -> Fields {
    let (turn, every) = match rotation.turn {
        Turn::Daily => ("daily", 2),
        Turn::Weekly => ("weekly", 2),
        Turn::Days(count) => ("days", count),
        Turn::Hours(count) => ("hours", count),
    };
    // Whoever left the directory is left out of the form.
    let is_here = |id: &ContactId| people.iter().any(|contact| contact.id == *id);
    let fallback = rotation.fallback.filter(is_here);
    let mut typed = Fields::of([
        ("revision", rotation.revision.to_string()),
        ("name", rotation.name.clone()),
        ("zone", rotation.zone.name().to_owned()),
        ("turn", turn.to_owned()),
        ("every", every.to_string()),
        ("hand_off", typed_time(rotation.hand_off_minute)),
        ("starts_on", rotation.starts_on.to_string()),
        ("hours", rotation.hours.to_string()),
        ("fallback", fallback.map(|id| id.to_string()).unwrap_or_default()),
    ]);
    for (at, id) in rotation.members.iter().filter(|id| is_here(id)).enumerate() {
        typed.push(&format!("member_{}", at + 1), &id.to_string());
    }
    typed
}

impl RotationFormPage {
    /// The page around the form.
    pub(crate) fn draw(shell: Shell, ground: &RotationGround, form: Form) -> Self {
        let (title, action) = match &ground.standing {
            Some(standing) => {
                let rotation = standing.rotation();
                (format!("Change “{}”", rotation.name), format!("/on-call/{}", rotation.id))
            }
            None => ("Make a rotation".to_owned(), "/on-call".to_owned()),
        };
        let (back, preview) = (action.clone(), ground.preview.clone());
        RotationFormPage { shell, title, action, back, form, preview }
    }

    /// The names of all fields of members that there may be.
    fn members(&self) -> String {
        let names: Vec<String> = (1..=limits::MEMBERS).map(|at| format!("member_{at}")).collect();
        names.join(" ")
    }
}
