//! Taking a message: the greeting, the account's form, and what an agent should know meanwhile.

use askama::Template;

use crate::ui::{Fact, Field, FieldKind, Moment, Place, Role, Shell, State, moment};

/// `GET /console/accounts/{id}` → `POST /console/accounts/{id}/messages`.
///
/// After a refusal the page comes back with status 422, what was typed, and `answered` set, so
/// that the browser's draft does not overwrite it.
#[derive(Debug, Clone, Template)]
#[template(path = "console/take.html")]
pub struct TakeMessage {
    /// The frame.
    pub shell: Shell,
    /// What to say first.
    pub greeting: String,
    /// The account beside the form.
    pub account: AccountCard,
    /// The caller: `first_name`, `last_name`, `company_name`, `phone`, `extension`, `email`, …
    pub caller: Vec<Field>,
    /// `content`.
    pub content: Field,
    /// The account's own fields, named `answers[{key}]`, in the script's order.
    pub questions: Vec<Field>,
    /// `contact_id`: to whom it goes; the empty value means that nobody is told.
    pub contact: Field,
    /// `is_emergency`.
    pub is_emergency: bool,
    /// What else is wrong, above the form.
    pub error: Option<String>,
    /// The name under which the browser keeps the draft: `{user}-{account}`.
    pub draft: String,
    /// The form comes back with what was typed.
    pub answered: bool,
    /// A value that stays the same when the form is sent twice: posted as `once`.
    pub once: String,
    /// The agent's latest messages.
    pub recent: Vec<BriefMessage>,
}

/// What an agent should know of the account.
#[derive(Debug, Clone)]
pub struct AccountCard {
    /// Its id.
    pub id: String,
    /// Its name.
    pub name: String,
    /// Number, lines, time there, address.
    pub facts: Vec<Fact>,
    /// Its latest messages.
    pub recent: Vec<BriefMessage>,
}

/// A message in two lines.
#[derive(Debug, Clone)]
pub struct BriefMessage {
    /// Its page.
    pub href: String,
    /// The caller.
    pub who: String,
    /// The account, or the first line.
    pub line: String,
    /// When.
    pub at: Moment,
    /// Where it stands.
    pub state: State,
}

impl TakeMessage {
    /// The standard fields, empty.
    #[must_use]
    pub fn caller_fields() -> Vec<Field> {
        vec![
            Field::new(FieldKind::Text, "first_name", "First name").max_length(100).focused(),
            Field::new(FieldKind::Text, "last_name", "Last name").max_length(100),
            Field::new(FieldKind::Text, "company_name", "Company").max_length(200),
            Field::new(FieldKind::Phone, "phone", "Callback number").required().max_length(40),
            Field::new(FieldKind::Text, "extension", "Extension").max_length(20),
            Field::new(FieldKind::Email, "email", "E-mail").max_length(254),
        ]
    }

    /// The message's own field, empty.
    #[must_use]
    pub fn content_field() -> Field {
        Field::new(FieldKind::LongText, "content", "Message")
            .required()
            .max_length(10_000)
            .hint("In the caller's words.")
    }

    /// An empty form.
    #[must_use]
    pub fn sample() -> Self {
        let contacts = [
            ("12", "Service desk, by e-mail"),
            ("13", "Karl Winter, by e-mail"),
            ("", "Nobody: keep it in the portal"),
        ];
        let systems = [
            ("", "Ask"),
            ("Gas", "Gas"),
            ("Oil", "Oil"),
            ("Electric", "Electric"),
            ("Heat pump", "Heat pump"),
        ];
        let yes_no = [("", "Ask"), ("Yes", "Yes"), ("No", "No")];
        Self {
            shell: Shell {
                role: Role::Agent,
                user_name: "Rosa Delgado".to_owned(),
                ..Shell::sample(Place::Console)
            },
            greeting: "Northwind Heating and Air, this is Rosa. Are you without heat right now?"
                .to_owned(),
            account: AccountCard {
                id: "2".to_owned(),
                name: "Northwind Heating & Air".to_owned(),
                facts: vec![
                    Fact::new("Number", "1002"),
                    Fact::new("Time there", "2:14 PM, Tuesday"),
                    Fact::new("Lines", "(954) 555-0120\n(954) 555-0121"),
                ],
                recent: sample_recent(),
            },
            caller: Self::caller_fields(),
            content: Self::content_field(),
            questions: vec![
                Field::new(FieldKind::LongText, "answers[service_address]", "Service address")
                    .required(),
                Field::choice("answers[system]", "System", &systems).required(),
                Field::choice("answers[no_heat_at_all]", "No heat at all?", &yes_no),
            ],
            contact: Field::choice("contact_id", "Send to", &contacts).value("12"),
            is_emergency: false,
            error: None,
            draft: "3-2".to_owned(),
            answered: false,
            once: "0b0e8f4e-sample".to_owned(),
            recent: sample_recent(),
        }
    }

    /// After it was refused, with what was typed.
    #[must_use]
    pub fn sample_error() -> Self {
        let mut page = Self::sample();
        page.answered = true;
        page.is_emergency = true;
        page.error = Some("Two things are missing. Nothing you typed is lost.".to_owned());
        page.caller[0].value = "Maria".to_owned();
        page.caller[1].value = "Lopez".to_owned();
        page.caller[3].error = Some("Ask for a number to call back.".to_owned());
        page.content.value =
            "No heat since last night, two small children in the house.".to_owned();
        page.questions[1].error = Some("Northwind needs to know the system.".to_owned());
        page
    }
}

pub(super) fn sample_recent() -> Vec<BriefMessage> {
    let brief = |id, who: &str, line: &str, age, state| BriefMessage {
        href: format!("/messages/{id}"),
        who: who.to_owned(),
        line: line.to_owned(),
        at: moment(age),
        state,
    };
    vec![
        brief(940, "Maria Lopez", "No heat since last night", "4 min. ago", State::Delivered),
        brief(
            939,
            "Daniel Okafor",
            "Needs to move Thursday's deposition",
            "22 min. ago",
            State::Captured,
        ),
        brief(936, "Walter Niemann", "Boiler shows error E9", "3 hr. ago", State::Failed),
        brief(933, "Grace Kim", "Annual maintenance next week", "yesterday", State::Closed),
    ]
}
