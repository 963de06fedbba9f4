//! An account's own words for what goes out, and what a message reads like with them.

use app::{Error, wishes};
use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use domain::user::Right;
use domain::wording::{Letter, VARIABLES, compose, ours};
use domain::{AccountId, Channel, Invalid, Message, Playbook, Tenant, Wording};
use web::Web;

use super::Of;
use crate::sample;
use crate::session::{Fields, Id, PageError, Posted, SignedIn, page};
use crate::ui::{Field, FieldKind, Flash, Place, Shell, blame, retype, sms_size};

/// `GET /accounts/{id}/wording` → `POST` there; with `/preview` it shows what it comes to, and
/// keeps nothing.
#[derive(Debug, Clone, Template)]
#[template(path = "delivery/wording.html")]
pub(crate) struct WordingForm {
    /// The frame.
    pub(crate) shell: Shell,
    /// Whose words they are.
    pub(crate) of: Of,
    /// Where it posts to.
    pub(crate) action: String,
    /// What is wrong, where no field shows it.
    pub(crate) error: Option<String>,
    /// `sms`, `call`, `subject`, `email`.
    pub(crate) fields: Vec<Field>,
    /// What may stand in braces, and what stands for it.
    pub(crate) variables: Vec<(String, &'static str)>,
    /// What a message reads like.
    pub(crate) preview: WordingPreview,
}

/// What a message reads like.
#[derive(Debug, Clone, Default)]
pub(crate) struct WordingPreview {
    /// The text.
    pub(crate) sms: String,
    /// "132 characters, sent as 1 text."
    pub(crate) size: String,
    /// What a call says.
    pub(crate) call: String,
    /// The subject of the e-mail.
    pub(crate) subject: String,
    /// The e-mail.
    pub(crate) email: String,
    /// What is wrong, so that there is no more to show.
    pub(crate) faults: Vec<String>,
    /// Links lead nowhere: nobody said how we are reached from outside.
    pub(crate) has_links: bool,
}

/// What stands for a variable.
fn meaning(name: &str) -> &'static str {
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

fn read(posted: &Fields) -> Wording {
    let text = |name: &str| posted.text(name).replace("\r\n", "\n").trim_end().to_owned();
    Wording { sms: text("sms"), subject: text("subject"), email: text("email"), call: text("call") }
}

impl WordingForm {
    fn draw(shell: Shell, book: &Playbook, wording: &Wording, origin: Option<&str>) -> Self {
        let (of, ours) = (Of::new(book), ours());
        let long = |name, label, value: &str, ours: &str| {
            Field::new(FieldKind::LongText, name, label).value(value).placeholder(ours)
        };
        WordingForm {
            shell,
            action: format!("/accounts/{}/wording", of.account),
            error: None,
            fields: vec![
                long("sms", "Text message", &wording.sms, &ours.sms)
                    .max_length(2_000)
                    .hint("Without {CODE} we add how to reply at the end."),
                long("call", "Call", &wording.call, &ours.call)
                    .max_length(2_000)
                    .hint("Read aloud; then a key acknowledges."),
                Field::new(FieldKind::Text, "subject", "Subject of the e-mail")
                    .value(&wording.subject)
                    .placeholder(&ours.subject)
                    .max_length(500)
                    .wide(),
                long("email", "E-mail", &wording.email, &ours.email)
                    .max_length(20_000)
                    .hint("Without {LINK} we add the link at the end."),
            ],
            variables: VARIABLES
                .iter()
                .map(|name| (format!("{{{name}}}"), meaning(name)))
                .collect(),
            preview: WordingPreview::of(book, wording, origin),
            of,
        }
    }

    fn blame(&mut self, faults: &Invalid) {
        let others = blame(&mut self.fields, faults, str::to_owned);
        self.error = (!others.is_empty()).then(|| others.join(" "));
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
        let letter =
            Letter { message: &message, account, form: None, recipient, code: "482", link: &link };
        let (subject, email) = compose(wording, &letter, Channel::Email);
        let (_, sms) = compose(wording, &letter, Channel::Sms);
        let (_, call) = compose(wording, &letter, Channel::Call);
        let (characters, parts) = sms_size(&sms);
        let plural = |n: usize| if n == 1 { "" } else { "s" };
        let (some, many) = (plural(characters), plural(parts));
        let size = format!("{characters} character{some}, sent as {parts} text{many}.");
        let (faults, has_links) = (Vec::new(), origin.is_some());
        WordingPreview { sms, size, call, subject, email, faults, has_links }
    }
}

/// How a tenant is reached from outside, if the operator said so.
fn origin(web: &Web, tenant: &Tenant) -> Option<String> {
    web.app.links().of(tenant)
}

/// `GET /accounts/{id}/wording`.
pub(crate) async fn edit(
    visitor: SignedIn,
    State(web): State<Web>,
    Id(account): Id,
) -> Result<Response, PageError> {
    visitor.require(Right::ManageAccounts)?;
    let book = app::playbooks::find(&web.app, &visitor.actor, AccountId(account)).await?;
    let origin = origin(&web, &visitor.tenant);
    let shell = visitor.shell(&web, Place::Accounts).await?;
    let form = WordingForm::draw(shell, &book, &book.wording, origin.as_deref());
    Ok(page(StatusCode::OK, &form))
}

/// `POST /accounts/{id}/wording`.
pub(crate) async fn change(
    State(web): State<Web>,
    Id(account): Id,
    Posted { visitor, fields }: Posted,
) -> Result<Response, PageError> {
    visitor.require(Right::ManageAccounts)?;
    let (account, actor) = (AccountId(account), &visitor.actor);
    let book = app::playbooks::find(&web.app, actor, account).await?;
    match wishes::set_wording(&web.app, actor, account, read(&fields)).await {
        Ok(_) => {
            let flash = Flash::done("These words go out from the next message on.");
            Ok(visitor.sent_to(&web, &format!("/accounts/{account}/delivery#wording"), &flash))
        }
        Err(Error::Invalid(faults)) => {
            let mut form = typed(&web, &visitor, &book, &fields).await?;
            form.blame(&faults);
            Ok(page(StatusCode::UNPROCESSABLE_ENTITY, &form))
        }
        Err(error) => Err(error.into()),
    }
}

/// The form with what was typed, and what it comes to.
async fn typed(
    web: &Web,
    visitor: &SignedIn,
    book: &Playbook,
    fields: &Fields,
) -> Result<WordingForm, PageError> {
    let wording = read(fields);
    let origin = origin(web, &visitor.tenant);
    let shell = visitor.shell(web, Place::Accounts).await?;
    let mut form = WordingForm::draw(shell, book, &wording, origin.as_deref());
    retype(&mut form.fields, fields);
    if let Err(faults) = wording.checked() {
        let said = faults.faults().map(|(path, rule)| format!("{path} {rule}."));
        form.preview.faults = said.collect();
    }
    Ok(form)
}

/// `POST /accounts/{id}/wording/preview`.
pub(crate) async fn preview(
    State(web): State<Web>,
    Id(account): Id,
    Posted { visitor, fields }: Posted,
) -> Result<Response, PageError> {
    visitor.require(Right::ManageAccounts)?;
    let book = app::playbooks::find(&web.app, &visitor.actor, AccountId(account)).await?;
    Ok(page(StatusCode::OK, &typed(&web, &visitor, &book, &fields).await?))
}

impl WordingForm {
    /// Ours, as nothing else was said.
    pub(crate) fn sample() -> Self {
        let (shell, book) = (Shell::sample(Place::Accounts), sample::book());
        Self::draw(shell, &book, &Wording::default(), Some("https://harbor.liberty.example"))
    }

    /// Own words that say nothing of the message, and a fault.
    pub(crate) fn sample_error() -> Self {
        let (shell, book) = (Shell::sample(Place::Accounts), sample::book());
        let wording = Wording {
            sms: "{ACCOUNT}: a message waits. {LINK} or reply {CODE}".to_owned(),
            call: "Hello {NAME}".to_owned(),
            ..Wording::default()
        };
        let mut form = Self::draw(shell, &book, &wording, None);
        if let Err(faults) = wording.checked() {
            form.blame(&faults);
        }
        form
    }
}
