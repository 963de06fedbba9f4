//! An account's own words for what goes out, and what a message reads like with them.

use std::sync::Arc;

use app::playbooks;
use askama::Template;
use domain::wording::{LetterSource, compose, ours};
use domain::{AccountId, Channel, Message, Playbook, Wording};

use crate::form::{Answer, Ask, Editor, Form};
use crate::session::{Fields, PageError};
use crate::ui::{Field, FieldKind, Place, Shell, sms_size};

/// `GET /accounts/{id}/wording` → `POST` there; with `/preview` it shows what a message would read
/// like, and keeps nothing.
#[derive(Debug)]
pub(crate) struct WordingEditor;

/// A playbook, and how its tenant is reached from outside, if the operator said so.
type WordingGround = (Arc<Playbook>, Option<String>);

/// The form, and beside it what a message reads like.
#[derive(Debug, Template)]
#[template(path = "delivery/wording.html")]
pub(crate) struct WordingPage {
    shell: Shell,
    book: Arc<Playbook>,
    form: Form,
    preview: WordingPreview,
}

/// What a message reads like.
#[derive(Debug)]
pub(crate) struct WordingPreview {
    sms: String,
    call: String,
    subject: String,
    email: String,
    /// What is wrong, so that there is no more to show.
    faults: Vec<String>,
    /// Links lead somewhere: the operator said how we are reached from outside.
    has_links: bool,
}

/// What stands for a variable.
pub(crate) fn meaning(name: &str) -> &'static str {
    match name {
        "ACCOUNT" => "The account's name",
        "ACCOUNT_NUMBER" => "Its number",
        "CALLER" => "The caller's name, or else number",
        "CALLER_ID" => "The number that the switch gave",
        "CODE" => "The code that acknowledges it by a reply to the text",
        "COMPANY" => "The caller's company",
        "CONTENT" => "What the caller said",
        "DETAILS" => "All of the message, as in our own e-mail",
        "EMAIL" => "The caller's e-mail address",
        "EMERGENCY" => "“EMERGENCY: ”, if it is one",
        "LINK" => "The address that acknowledges it by a click, and shows it",
        "PHONE" => "The number to call back",
        "RECIPIENT" => "Whom it goes to",
        "TAKEN" => "When it was taken",
        _ => "",
    }
}

fn read<'t>(text: impl Fn(&str) -> &'t str) -> Wording {
    let text = |name: &str| text(name).replace("\r\n", "\n").trim_end().to_owned();
    Wording { sms: text("sms"), subject: text("subject"), email: text("email"), call: text("call") }
}

impl Editor for WordingEditor {
    const PLACE: Place = Place::Accounts;
    type Ground = WordingGround;
    type Page = WordingPage;

    async fn ground(ask: Ask<'_>) -> Result<WordingGround, PageError> {
        let (app, actor) = (&ask.web.app, &ask.visitor.actor);
        let book = app::playbooks::find(app, actor, AccountId(ask.id(0))).await?;
        Ok((book, app.links().of(&ask.visitor.tenant)))
    }

    fn opened((book, _): &WordingGround) -> Option<Fields> {
        let own = &book.wording;
        Some(Fields::of([
            ("sms", &own.sms),
            ("call", &own.call),
            ("subject", &own.subject),
            ("email", &own.email),
        ]))
    }

    fn form(_: &WordingGround, typed: Option<&Fields>) -> Form {
        let ours = ours();
        let long = |name, label, ours: &str| {
            Field::new(FieldKind::LongText, name, label).placeholder(ours)
        };
        Form::new([
            long("sms", "Text message", &ours.sms)
                .max_length(2_000)
                .hint("Without {CODE} we add how to reply at the end."),
            long("call", "Call", &ours.call)
                .max_length(2_000)
                .hint("Read aloud; then a key acknowledges."),
            Field::new(FieldKind::Text, "subject", "Subject of the e-mail")
                .placeholder(&ours.subject)
                .max_length(500)
                .wide(),
            long("email", "E-mail", &ours.email)
                .max_length(20_000)
                .hint("Without {LINK} we add the link at the end."),
        ])
        .filled(typed)
    }

    fn draw(shell: Shell, (book, origin): &WordingGround, form: Form) -> WordingPage {
        let wording = read(|name| form.value(name));
        let preview = WordingPreview::of(book, &wording, origin.as_deref());
        WordingPage { shell, book: Arc::clone(book), form, preview }
    }

    async fn save(ask: Ask<'_>, (book, _): &WordingGround, typed: &Fields) -> Answer {
        let (app, actor, account) = (&ask.web.app, &ask.visitor.actor, book.account.id);
        playbooks::set_wording(app, actor, account, read(|name| typed.text(name))).await?;
        let path = format!("/accounts/{account}/delivery#wording");
        ask.done(&path, "These words go out from the next message on.")
    }
}

impl WordingPreview {
    /// A made-up message with these words.
    fn of(book: &Playbook, wording: &Wording, origin: Option<&str>) -> Self {
        let account = &book.account;
        let now = domain::Instant::from_ms(1_737_497_300_671);
        let message = Message {
            first_name: "Maria".to_owned(),
            last_name: "Lopez".to_owned(),
            company_name: "Lopez Catering".to_owned(),
            phone: "(954) 555-0142".to_owned(),
            caller_id: "9545550142".to_owned(),
            email: "maria@lopez.example".to_owned(),
            content: "Please call me back before five, it is about tomorrow.".to_owned(),
            is_emergency: true,
            ..Message::blank(account.tenant_id, account.id, "a-message".to_owned(), now)
        };
        let link = origin.map(|origin| format!("{origin}/a/…")).unwrap_or_default();
        let recipient = book.contacts.first().map_or("Jane Hartwell", |contact| &contact.name);
        let letter = LetterSource {
            message: &message,
            account,
            form: None,
            recipient,
            code: "482",
            link: &link,
        };
        let (subject, email) = compose(wording, &letter, Channel::Email);
        let (_, sms) = compose(wording, &letter, Channel::Sms);
        let (_, call) = compose(wording, &letter, Channel::Call);
        let faults = wording.clone().checked().err().unwrap_or_default();
        let faults = faults.faults().map(|(path, rule)| format!("{path} {rule}.")).collect();
        let has_links = origin.is_some();
        WordingPreview { sms, call, subject, email, faults, has_links }
    }
    /// "132 characters, sent as 1 text."
    fn size(&self) -> String {
        let (characters, parts) = sms_size(&self.sms);
        let plural = |n: usize| if n == 1 { "" } else { "s" };
        let (some, many) = (plural(characters), plural(parts));
        format!("{characters} character{some}, sent as {parts} text{many}.")
    }
}
