//! Making a To Do, or changing one: the form, and beside it what it comes to.

use askama::Template;
use domain::{Invalid, Zone};

use crate::session::Fields;
use crate::ui::{Choice, Field, FieldKind, Place, Shell, Toggles, blame, retype};

/// `GET /to-dos/new` → `POST /to-dos`; `GET /to-dos/{id}/edit` → `POST /to-dos/{id}`; either with
/// `/preview` shows what it comes to, and makes nothing.
#[derive(Debug, Clone, Template)]
#[template(path = "to_dos/to_do_form.html")]
pub(crate) struct ToDoForm {
    /// The frame.
    pub(crate) shell: Shell,
    /// "Make a To Do", or "Change “Weekly report”".
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
    /// `delivery_type`.
    pub(crate) channel: Field,
    /// `contact`, `from`: both depend on the account.
    pub(crate) reach: Vec<Field>,
    /// `message_text`.
    pub(crate) text: Field,
    /// E-mail only: `subject`, `sender_name`, `from_email`.
    pub(crate) email: Vec<Field>,
    /// Calls only: `instructions`.
    pub(crate) call: Field,
    /// `when`: once, again, or as it is.
    pub(crate) when: Field,
    /// Once only: `run_on`, `run_time`.
    pub(crate) once: Vec<Field>,
    /// Again and again: `frequency`, `interval`.
    pub(crate) pace: Vec<Field>,
    /// `day`.
    pub(crate) days: Toggles,
    /// `nth`.
    pub(crate) nths: Toggles,
    /// `days_of_month`.
    pub(crate) days_of_month: Field,
    /// `month`.
    pub(crate) months: Toggles,
    /// `times`.
    pub(crate) times: Field,
    /// `starts_on`, `until`, `count`.
    pub(crate) limits: Vec<Field>,
    /// `misfire`, `grace_minutes`, `overlap`, `if_unsure`.
    pub(crate) advanced: Vec<Field>,
    /// What it comes to.
    pub(crate) preview: Preview,
}

/// What a form comes to as it stands.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Preview {
    /// The rule in a sentence, `""` while there is none.
    pub(crate) sentence: String,
    /// The next occurrences, written out in the account's zone.
    pub(crate) coming: Vec<String>,
    /// "Times are those of America/New_York."
    pub(crate) zone: String,
    /// "A text of 42 characters, sent as 1 part.", or empty.
    pub(crate) size: String,
    /// What is missing or wrong.
    pub(crate) faults: Vec<String>,
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

impl ToDoForm {
    /// The empty form.
    pub(crate) fn new(shell: Shell) -> Self {
        let text = |name, label| Field::new(FieldKind::Text, name, label);
        let channels = [("sms", "SMS"), ("email", "E-mail"), ("call", "Call")];
        Self {
            shell,
            title: "Make a To Do".to_owned(),
            action: "/to-dos".to_owned(),
            preview_action: "/to-dos/preview".to_owned(),
            back: "/to-dos".to_owned(),
            revision: String::new(),
            error: None,
            account: None,
            channel: radio("delivery_type", "How it goes", &channels).required().value("sms"),
            reach: vec![
                text("contact", "To whom").required().hint(
                    "A name in the account's directory, a phone number or an e-mail address.",
                ),
                Field::choice("from", "From", &[("", "The account's first line")])
                    .hint("The line that a text or a call comes from."),
            ],
            text: Field::new(FieldKind::LongText, "message_text", "What it says")
                .required()
                .hint("A text as it is read; a call speaks it."),
            email: vec![
                text("subject", "Subject (e-mail only)"),
                text("sender_name", "Sender's name (e-mail only)"),
                Field::new(FieldKind::Email, "from_email", "Sender's address (e-mail only)"),
            ],
            call: Field::new(FieldKind::LongText, "instructions", "Instructions (calls only)")
                .hint("What an agent should know about this call."),
            when: Self::when(None),
            once: vec![
                Field::new(FieldKind::Date, "run_on", "Day"),
                Field::new(FieldKind::Time, "run_time", "Time"),
            ],
            pace: pace(),
            days: Toggles::new("day", "On", &DAYS),
            nths: Toggles::new("nth", "Only the", &NTHS)
                .hint("Which of those weekdays in a month: the first and the last, say."),
            days_of_month: text("days_of_month", "Days of the month")
                .hint("Such as 1, 15, or last for the last day."),
            months: Toggles::new("month", "Only in", &MONTHS),
            times: text("times", "Times of day").hint("Such as 9:00 AM, 4:30 PM."),
            limits: limits(),
            advanced: advanced(),
            preview: Preview::default(),
        }
    }

    /// When it goes out; `kept` is the sentence of a schedule that the form has no words for.
    pub(crate) fn when(kept: Option<&str>) -> Field {
        let mut field = radio("when", "When", &[("once", "Once"), ("again", "Again and again")]);
        if let Some(sentence) = kept {
            field.choices.insert(0, Choice::new("kept", &format!("As it is: {sentence}")));
        }
        let first = field.choices[0].value.clone();
        field.value(&first)
    }

    /// What happens where nobody knows whether it went out.
    pub(crate) fn if_unsure() -> Field {
        let choices = [
            ("", "As usual: repeat a text or mail, not a call"),
            ("repeat", "Send it again"),
            ("stop", "Stop"),
        ];
        radio("if_unsure", "If nobody knows whether it went out", &choices)
            .hint("Sent again it may arrive twice; otherwise it may not arrive at all.")
    }

    /// All that is said to be wrong with it.
    pub(crate) fn said(&mut self) -> Vec<String> {
        let toggles = [&self.days, &self.nths, &self.months];
        let pressed: Vec<String> = toggles.into_iter().filter_map(Toggles::said).collect();
        let fields = self.fields().filter_map(|field| field.error.clone());
        let fields: Vec<String> = fields.collect();
        self.error.iter().cloned().chain(fields).chain(pressed).collect()
    }

    /// Leaves the cursor where it is.
    pub(crate) fn unfocus(&mut self) {
        self.fields().for_each(|field| field.focused = false);
    }

    /// Every field that is not a group of buttons.
    pub(crate) fn fields(&mut self) -> impl Iterator<Item = &mut Field> {
        let Self { account, channel, reach, text, email, call, when, once, pace, .. } = self;
        let (days_of_month, times) = (&mut self.days_of_month, &mut self.times);
        account
            .iter_mut()
            .chain([channel])
            .chain(reach)
            .chain([text])
            .chain(email)
            .chain([call, when])
            .chain(once)
            .chain(pace)
            .chain([days_of_month, times])
            .chain(&mut self.limits)
            .chain(&mut self.advanced)
    }

    /// Puts back what was typed.
    pub(crate) fn retype(&mut self, posted: &Fields) {
        retype(self.fields(), posted);
        for toggles in [&mut self.days, &mut self.nths, &mut self.months] {
            toggles.chosen = posted.all(&toggles.name).map(str::to_owned).collect();
        }
    }

    /// Puts a text into the field of that name.
    pub(crate) fn set(&mut self, name: &str, value: &str) {
        if let Some(field) = self.fields().find(|field| field.name == name) {
            value.clone_into(&mut field.value);
        }
    }

    /// Puts each fault beside its field.
    pub(crate) fn blame(&mut self, faults: &Invalid) {
        let mut rest = Invalid::new();
        for (path, rule) in faults.faults() {
            let toggles = [&mut self.days, &mut self.nths, &mut self.months];
            match toggles.into_iter().find(|toggles| toggles.name == control(path)) {
                Some(toggles) => toggles.error = Some(crate::ui::words::sentence(rule)),
                None => rest.add(path, rule),
            }
        }
        let others = blame(self.fields(), &rest, |path| control(path).to_owned());
        self.error = (!others.is_empty()).then(|| others.join(" "));
    }

    /// Something of the advanced part is not as usual, or wrong: it stands open.
    pub(crate) fn is_advanced(&self) -> bool {
        let usual = ["run_late", "60", "skip"];
        let mut fields = self.advanced.iter().zip(usual);
        let is_odd = fields.any(|(field, usual)| field.value != usual);
        is_odd || self.advanced.iter().any(|field| field.error.is_some())
    }

    /// It begins, ends or counts: that part stands open.
    pub(crate) fn is_limited(&self) -> bool {
        let is_set = |field: &Field| {
            field.error.is_some() || !field.value.is_empty() && field.name != "starts_on"
        };
        self.limits.iter().any(is_set) || !self.months.chosen.is_empty()
    }
}

/// The field that shows a fault of an entry.
fn control(path: &str) -> &str {
    let path = path.split('[').next().unwrap_or_default();
    match path {
        "run_at" => "run_on",
        "grace_seconds" => "grace_minutes",
        "schedule" => "when",
        "schedule.frequency" => "frequency",
        "schedule.interval" => "interval",
        "schedule.days" => "day",
        "schedule.days_of_week" => "nth",
        "schedule.days_of_month" => "days_of_month",
        "schedule.months" => "month",
        "schedule.times" => "times",
        "schedule.until" => "until",
        "schedule.count" => "count",
        "schedule.starts_at" => "starts_on",
        other => other,
    }
}

fn radio(name: &str, label: &str, choices: &[(&str, &str)]) -> Field {
    let choices = choices.iter().map(|(value, label)| Choice::new(value, label)).collect();
    Field::new(FieldKind::Radio, name, label).choices(choices)
}

fn pace() -> Vec<Field> {
    let frequencies = [
        ("daily", "Days"),
        ("weekly", "Weeks"),
        ("monthly", "Months"),
        ("yearly", "Years"),
        ("hourly", "Hours"),
        ("minutely", "Minutes"),
    ];
    vec![
        Field::new(FieldKind::Number, "interval", "Every").value("1"),
        Field::choice("frequency", "Unit", &frequencies).value("weekly"),
    ]
}

fn limits() -> Vec<Field> {
    vec![
        Field::new(FieldKind::Date, "starts_on", "First day")
            .hint("From here on weeks and months are counted. Empty: today."),
        Field::new(FieldKind::Date, "until", "Last day"),
        Field::new(FieldKind::Number, "count", "How many times").hint("Empty: without end."),
    ]
}

fn advanced() -> Vec<Field> {
    let misfire = [("run_late", "Send it late"), ("skip", "Skip it")];
    let overlap = [("skip", "Skip the new one"), ("send", "Send both")];
    vec![
        radio("misfire", "If it could not go out in time", &misfire)
            .value("run_late")
            .hint("This happens when the service was down at that moment."),
        Field::new(FieldKind::Number, "grace_minutes", "How late it may be, in minutes")
            .value("60")
            .hint("What is later than this is skipped."),
        radio("overlap", "If the one before is still being sent", &overlap)
            .value("skip")
            .hint("This happens when the receiver could not be reached for a long time."),
        ToDoForm::if_unsure(),
    ]
}

impl Preview {
    /// What is shown about the size of a text.
    pub(crate) fn sized(mut self, channel: &str, text: &str) -> Self {
        if channel == "sms" && !text.trim().is_empty() {
            let (characters, parts) = crate::ui::sms_size(text);
            let plural = |n: usize| if n == 1 { "" } else { "s" };
            let (some, many) = (plural(characters), plural(parts));
            self.size = format!("{characters} character{some}, sent as {parts} text{many}.");
        }
        self
    }

    /// Under which clock its times stand.
    pub(crate) fn in_zone(mut self, zone: &Zone) -> Self {
        self.zone = format!("Times are those of {}.", zone.name());
        self
    }
}

impl ToDoForm {
    /// The form as it opens, with what it comes to.
    pub(crate) fn sample() -> Self {
        let mut page = Self::new(Shell::sample(Place::ToDos));
        let accounts = [("", "Choose an account"), ("1001", "Hartwell & Boone")];
        page.account = Some(Field::choice("account_number", "Account", &accounts).value("1001"));
        page.set("contact", "Jane Hartwell");
        page.set("message_text", "Check the escrow account.");
        page.set("when", "again");
        page.set("interval", "2");
        page.set("times", "9:00 AM");
        page.days.chosen = vec!["Tuesday".to_owned(), "Saturday".to_owned()];
        page.preview = Preview {
            sentence: "Every 2 weeks on Tuesdays and Saturdays at 9:00 AM".to_owned(),
            coming: vec!["Sat, Nov 30, 2026, 9:00 AM EST".to_owned()],
            zone: "Times are those of America/New_York.".to_owned(),
            ..Preview::default()
        }
        .sized("sms", "Check the escrow account.");
        page
    }

    /// After it was refused, with every part that may be wrong.
    pub(crate) fn sample_error() -> Self {
        let mut page = Self::sample();
        let mut faults = Invalid::new();
        for path in ["contact", "message_text", "run_at", "grace_seconds", "schedule.days_of_week"]
        {
            faults.add(path, "must not be empty");
        }
        faults.add("schedule.times[1]", "must be a time of day such as 9:00 AM or 09:00");
        faults.add("moon", "must be round");
        page.blame(&faults);
        page.preview = Preview {
            faults: vec!["Times of day must be such as 9:00 AM.".to_owned()],
            ..Preview::default()
        };
        page
    }

    /// One whose rule the form has no words for.
    pub(crate) fn sample_kept() -> Self {
        let mut page = Self::sample();
        page.title = "Change “Check the escrow account”".to_owned();
        page.account = None;
        page.revision = "3".to_owned();
        page.when = Self::when(Some("Hourly on the 9th hour of the day"));
        page
    }
}
