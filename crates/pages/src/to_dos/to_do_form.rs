//! The form of a To Do: what one can say in it, and the page that shows it.

use std::sync::Arc;

use app::to_dos::ScheduledToDo;
use askama::Template;
use domain::{Account, Playbook, Zone};

use super::words::name;
use crate::form::{Form, Preview};
use crate::session::Fields;
use crate::ui::{Choice, Field, FieldKind, Shell, phone, sms_size};

/// What the form of a To Do is drawn from.
#[derive(Debug)]
pub(crate) struct ToDoGround {
    pub(crate) accounts: Vec<Account>,
    /// The one that it is for, once it is known.
    pub(crate) account: Option<Account>,
    /// That one's directory and lines.
    pub(crate) book: Option<Arc<Playbook>>,
    pub(crate) standing: Option<ScheduledToDo>,
    /// The account's clock, or else the service's.
    pub(crate) zone: Zone,
    pub(crate) preview: Preview,
}

/// `GET /to-dos/new` → `POST /to-dos`; `GET /to-dos/{id}/edit` → `POST /to-dos/{id}`; either with
/// `/preview` shows when it would go out, and makes nothing.
#[derive(Debug, Clone, Template)]
#[template(path = "to_dos/to_do_form.html")]
pub(crate) struct ToDoPage {
    pub(crate) shell: Shell,
    /// "Make a To Do", or "Change “Weekly report”".
    pub(crate) title: String,
    pub(crate) action: String,
    pub(crate) back: String,
    pub(crate) form: Form,
    pub(crate) preview: Preview,
}

/// Weekdays: what is posted, what is read.
const DAYS: [(&str, &str, &str); 7] = [
    ("Sunday", "Sun", "Sunday"),
    ("Monday", "Mon", "Monday"),
    ("Tuesday", "Tue", "Tuesday"),
    ("Wednesday", "Wed", "Wednesday"),
    ("Thursday", "Thu", "Thursday"),
    ("Friday", "Fri", "Friday"),
    ("Saturday", "Sat", "Saturday"),
];

/// Which of its month a weekday is.
const NTHS: [(&str, &str, &str); 6] = [
    ("1", "1st", "First"),
    ("2", "2nd", "Second"),
    ("3", "3rd", "Third"),
    ("4", "4th", "Fourth"),
    ("5", "5th", "Fifth"),
    ("-1", "Last", "Last"),
];

const MONTHS: [(&str, &str, &str); 12] = [
    ("1", "Jan", "January"),
    ("2", "Feb", "February"),
    ("3", "Mar", "March"),
    ("4", "Apr", "April"),
    ("5", "May", "May"),
    ("6", "Jun", "June"),
    ("7", "Jul", "July"),
    ("8", "Aug", "August"),
    ("9", "Sep", "September"),
    ("10", "Oct", "October"),
    ("11", "Nov", "November"),
    ("12", "Dec", "December"),
];

/// The form of a To Do with these texts; `kept` is the sentence of a schedule that the form has no
/// words for.
pub(crate) fn form(ground: &ToDoGround, kept: Option<&str>, typed: Option<&Fields>) -> Form {
    let text = |name, label| Field::new(FieldKind::Text, name, label);
    let channels = [("sms", "SMS"), ("email", "E-mail"), ("call", "Call")];
    let toggles = |name, label, choices: &[(&str, &str, &str)]| {
        let choice =
            |(value, label, full): &(&str, &str, &str)| Choice::new(value, label).full(full);
        Field::new(FieldKind::Toggles, name, label)
            .choices(choices.iter().map(choice))
            .subject(None)
    };
    let mut fields = vec![
        Field::hidden("revision"),
        Field::radio("delivery_type", "How it goes", &channels).required().value("sms"),
        text("contact", "To whom")
            .required()
            .hint("A name in the account's directory, a phone number or an e-mail address."),
        Field::choice("from", "From", &[("", "The account's first line")])
            .hint("The line that a text or a call comes from."),
        Field::new(FieldKind::LongText, "message_text", "What it says")
            .required()
            .hint("A text as it is read; a call speaks it."),
        text("subject", "Subject (e-mail only)"),
        text("sender_name", "Sender's name (e-mail only)"),
        Field::new(FieldKind::Email, "from_email", "Sender's address (e-mail only)"),
        Field::new(FieldKind::LongText, "instructions", "Instructions (calls only)")
            .hint("What an agent should know about this call."),
        when(kept),
        Field::new(FieldKind::Date, "run_on", "Day").at("run_at"),
        Field::new(FieldKind::Time, "run_time", "Time"),
        toggles("day", "On", &DAYS).at("schedule.days"),
        toggles("nth", "Only the", &NTHS)
            .at("schedule.days_of_week")
            .hint("Which of those weekdays in a month: the first and the last, say."),
        text("days_of_month", "Days of the month")
            .at("schedule.days_of_month")
            .hint("Such as 1, 15, or last for the last day."),
        toggles("month", "Only in", &MONTHS).at("schedule.months"),
        text("times", "Times of day").at("schedule.times").hint("Such as 9:00 AM, 4:30 PM."),
    ];
    fields.extend(recurrence());
    fields.extend(exceptions(ground.standing.is_some()));
    if ground.standing.is_none() && (ground.accounts.len() != 1 || ground.account.is_none()) {
        fields.push(crate::accounts::choice(&ground.accounts, ground.account.as_ref()));
    }
    if let Some(book) = &ground.book {
        let from = ground.standing.as_ref().and_then(|standing| standing.to_do.from.as_deref());
        reach(&mut fields, book, from);
    }
    Form::new(fields).filled(typed)
}

fn when(kept: Option<&str>) -> Field {
    let kept = kept.map(|sentence| Choice::new("kept", &format!("As it is: {sentence}")));
    let others = Choice::all(&[("once", "Once"), ("again", "Again and again")]);
    let first = if kept.is_some() { "kept" } else { "once" };
    Field::new(FieldKind::Radio, "when", "When")
        .at("schedule")
        .choices(kept.into_iter().chain(others))
        .value(first)
}

fn recurrence() -> [Field; 5] {
    let frequencies = [
        ("daily", "Days"),
        ("weekly", "Weeks"),
        ("monthly", "Months"),
        ("yearly", "Years"),
        ("hourly", "Hours"),
        ("minutely", "Minutes"),
    ];
    [
        Field::new(FieldKind::Number, "interval", "Every").at("schedule.interval").value("1"),
        Field::choice("frequency", "Unit", &frequencies).at("schedule.frequency").value("weekly"),
        Field::new(FieldKind::Date, "starts_on", "First day")
            .at("schedule.starts_at")
            .hint("From here on weeks and months are counted. Empty: today."),
        Field::new(FieldKind::Date, "until", "Last day").at("schedule.until"),
        Field::new(FieldKind::Number, "count", "How many times")
            .at("schedule.count")
            .hint("Empty: without end."),
    ]
}

/// What happens when it cannot go as planned; `is_decided`: where a To Do that is there says so.
fn exceptions(is_decided: bool) -> [Field; 4] {
    let misfire = [("run_late", "Send it late"), ("skip", "Skip it")];
    let overlap = [("skip", "Skip the new one"), ("send", "Send both")];
    let if_unsure = [
        ("", "As usual: repeat a text or mail, not a call"),
        ("repeat", "Send it again"),
        ("stop", "Stop"),
    ];
    [
        Field::radio("misfire", "If it could not go out in time", &misfire)
            .value("run_late")
            .hint("This happens when the service was down at that moment."),
        Field::new(FieldKind::Number, "grace_minutes", "How late it may be, in minutes")
            .at("grace_seconds")
            .value("60")
            .hint("What is later than this is skipped."),
        Field::radio("overlap", "If the one before is still being sent", &overlap)
            .value("skip")
            .hint("This happens when the receiver could not be reached for a long time."),
        Field::radio(
            "if_unsure",
            "If nobody knows whether it went out",
            &if_unsure[usize::from(is_decided)..],
        )
        .hint("Sent again it may arrive twice; otherwise it may not arrive at all."),
    ]
}

/// What depends on the account: its directory and its lines.
fn reach(fields: &mut [Field], book: &Playbook, from: Option<&str>) {
    let person = |contact: &domain::Contact| {
        let ways = [contact.title.as_str(), &contact.phone, &contact.email];
        let known: Vec<&str> = ways.into_iter().filter(|way| !way.is_empty()).collect();
        Choice::new(&contact.name, &known.join(" · "))
    };
    let line = |did: &domain::Did| {
        let number = phone(&did.number);
        let label =
            if did.label.is_empty() { number } else { format!("{number} · {}", did.label) };
        Choice::new(&did.number, &label)
    };
    let other = from.filter(|from| book.lines.iter().all(|did| did.number != *from));
    for field in fields {
        match field.name.as_str() {
            "contact" => field.choices = book.contacts.iter().map(person).collect(),
            "from" => {
                field.choices.extend(book.lines_by_number().into_iter().map(line));
                field.choices.extend(other.map(|from| Choice::new(from, &phone(from))));
            }
            _ => {}
        }
    }
}

impl ToDoPage {
    pub(crate) fn draw(shell: Shell, ground: &ToDoGround, form: Form) -> Self {
        let (title, action) = match &ground.standing {
            Some(standing) => (
                format!("Change “{}”", name(&standing.to_do)),
                format!("/to-dos/{}", standing.to_do.id),
            ),
            None => ("Make a To Do".to_owned(), "/to-dos".to_owned()),
        };
        let mut preview = ground.preview.clone();
        preview.notes.extend(size(form.value("delivery_type"), form.value("message_text")));
        ToDoPage { shell, title, back: action.clone(), action, form, preview }
    }

    /// Something of the advanced part is not as usual, or wrong: it stands open.
    fn is_advanced(&self) -> bool {
        let usual = [("misfire", "run_late"), ("grace_minutes", "60"), ("overlap", "skip")];
        let names = ["misfire", "grace_minutes", "overlap", "if_unsure"];
        usual.iter().any(|(name, usual)| self.form.value(name) != *usual)
            || names.iter().filter_map(|name| self.form.field(name)).any(|it| it.error.is_some())
    }

    /// It begins, ends or counts: that part stands open.
    fn is_limited(&self) -> bool {
        let names = ["starts_on", "until", "count", "month"];
        names.iter().filter_map(|name| self.form.field(name)).any(|field| {
            let is_set = !field.value.is_empty() && field.name != "starts_on";
            field.error.is_some() || is_set || !field.chosen.is_empty()
        })
    }
}

/// "42 characters, sent as 1 text.", for a text.
fn size(channel: &str, text: &str) -> Option<String> {
    if channel != "sms" || text.trim().is_empty() {
        return None;
    }
    let (characters, parts) = sms_size(text);
    let plural = |n: usize| if n == 1 { "" } else { "s" };
    let (some, many) = (plural(characters), plural(parts));
    Some(format!("{characters} character{some}, sent as {parts} text{many}."))
}
