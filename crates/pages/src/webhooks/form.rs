//! Adding a webhook, or changing one.

use app::Error;
use app::webhooks;
use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use domain::user::Right;
use domain::webhook::Entry;
use domain::{AccountId, HookKind, Invalid, Webhook, WebhookId};
use web::Web;

use super::{WebhookSecret, name};
use crate::session::{Fields, Id, PageError, Posted, SignedIn, page};
use crate::ui::{Field, FieldKind, Flash, Place, Shell, blame, retype};

/// `GET /accounts/{id}/webhooks/new` → `POST /accounts/{id}/webhooks`; `GET /webhooks/{id}/edit` →
/// `POST /webhooks/{id}`.
#[derive(Debug, Clone, Template)]
#[template(path = "webhooks/form.html")]
pub(crate) struct WebhookForm {
    /// The frame.
    pub(crate) shell: Shell,
    /// "Add a webhook", or "Change Case manager".
    pub(crate) title: String,
    /// Where it posts to.
    pub(crate) action: String,
    /// Where cancelling leads.
    pub(crate) back: String,
    /// What is wrong, where no field shows it.
    pub(crate) error: Option<String>,
    /// `url`, `description`.
    pub(crate) fields: Vec<Field>,
    /// A tick for each event, under its word.
    pub(crate) events: Vec<Field>,
    /// What is wrong with the choice of events.
    pub(crate) events_error: Option<String>,
}

impl WebhookForm {
    fn new(shell: Shell, account_id: AccountId) -> Self {
        let back = format!("/accounts/{account_id}/webhooks");
        let event = |kind: HookKind| {
            Field::new(FieldKind::Tick, kind.as_str(), kind.as_str()).hint(kind.sentence())
        };
        Self {
            shell,
            title: "Add a webhook".to_owned(),
            action: back.clone(),
            back,
            error: None,
            fields: vec![
                Field::new(FieldKind::Text, "url", "URL")
                    .required()
                    .max_length(2_000)
                    .hint("Where events are posted to, for example https://example.com/hooks.")
                    .wide()
                    .focused(),
                Field::new(FieldKind::Text, "description", "What it is for")
                    .max_length(200)
                    .hint("For example “Case manager”.")
                    .wide(),
            ],
            events: HookKind::ALL.into_iter().map(event).collect(),
            events_error: None,
        }
    }

    fn of(shell: Shell, webhook: &Webhook) -> Self {
        let mut form = Self::new(shell, webhook.account_id);
        form.title = format!("Change {}", name(webhook));
        form.action = format!("/webhooks/{}", webhook.id);
        form.back.clone_from(&form.action);
        for (field, value) in form.fields.iter_mut().zip([&webhook.url, &webhook.description]) {
            field.value.clone_from(value);
        }
        for (field, kind) in form.events.iter_mut().zip(HookKind::ALL) {
            let is_asked = webhook.kinds.contains(&kind);
            field.value = if is_asked { "true" } else { "" }.to_owned();
        }
        form
    }

    /// The same with what was typed, and each fault beside its field.
    fn refused(mut self, posted: &Fields, faults: &Invalid) -> Response {
        retype(&mut self.fields, posted);
        retype(&mut self.events, posted);
        let others = blame(&mut self.fields, faults, str::to_owned);
        self.events_error = faults.about("events").map(|rule| format!("Events {rule}."));
        let is_other = |sentence: &String| !sentence.starts_with("“events”");
        let others: Vec<String> = others.into_iter().filter(is_other).collect();
        self.error = (!others.is_empty()).then(|| others.join(" "));
        page(StatusCode::UNPROCESSABLE_ENTITY, &self)
    }

    /// The empty form.
    pub(crate) fn sample() -> Self {
        Self::new(Shell::sample(Place::Accounts), AccountId(2))
    }

    /// After it was refused.
    pub(crate) fn sample_error() -> Self {
        let mut form = Self::sample();
        form.fields[0].value = "http://192.168.1.7/hooks".to_owned();
        form.fields[0].error = Some("URL must begin with https://.".to_owned());
        form.fields[1].value = "The old server in the cellar".to_owned();
        form.events_error = Some("Events must be at least one.".to_owned());
        form
    }
}

fn entry(posted: &Fields) -> Entry {
    let ticked = |kind: &HookKind| posted.is_ticked(kind.as_str());
    let kinds = HookKind::ALL.into_iter().filter(ticked);
    Entry {
        url: posted.text("url").to_owned(),
        description: posted.text("description").to_owned(),
        kinds: kinds.map(|kind| kind.as_str().to_owned()).collect(),
    }
}

/// `GET /accounts/{id}/webhooks/new`.
pub(crate) async fn new(
    visitor: SignedIn,
    State(web): State<Web>,
    Id(id): Id,
) -> Result<Response, PageError> {
    visitor.require(Right::ManageAccounts)?;
    let (account, _) = webhooks::list(&web.app, &visitor.actor, AccountId(id)).await?;
    let shell = visitor.shell(&web, Place::Accounts).await?;
    Ok(page(StatusCode::OK, &WebhookForm::new(shell, account.id)))
}

/// `POST /accounts/{id}/webhooks`. The answer is the only page that ever shows the secret, so it is
/// no redirect.
pub(crate) async fn create(
    State(web): State<Web>,
    Id(id): Id,
    Posted { visitor, fields }: Posted,
) -> Result<Response, PageError> {
    visitor.require(Right::ManageAccounts)?;
    let (id, actor) = (AccountId(id), &visitor.actor);
    match webhooks::create(&web.app, actor, id, &entry(&fields), &web.hook_guard).await {
        Ok(made) => WebhookSecret::answer(&web, &visitor, made).await,
        Err(Error::Invalid(faults)) => {
            let shell = visitor.shell(&web, Place::Accounts).await?;
            Ok(WebhookForm::new(shell, id).refused(&fields, &faults))
        }
        Err(error) => Err(error.into()),
    }
}

/// `GET /webhooks/{id}/edit`.
pub(crate) async fn edit(
    visitor: SignedIn,
    State(web): State<Web>,
    Id(id): Id,
) -> Result<Response, PageError> {
    visitor.require(Right::ManageAccounts)?;
    let (_, watched) = webhooks::watched(&web.app, &visitor.actor, WebhookId(id)).await?;
    let shell = visitor.shell(&web, Place::Accounts).await?;
    Ok(page(StatusCode::OK, &WebhookForm::of(shell, &watched.webhook)))
}

/// `POST /webhooks/{id}`.
pub(crate) async fn update(
    State(web): State<Web>,
    Id(id): Id,
    Posted { visitor, fields }: Posted,
) -> Result<Response, PageError> {
    visitor.require(Right::ManageAccounts)?;
    let (id, actor) = (WebhookId(id), &visitor.actor);
    let (_, before) = webhooks::watched(&web.app, actor, id).await?;
    match webhooks::update(&web.app, actor, id, &entry(&fields), &web.hook_guard).await {
        Ok(webhook) => {
            let flash = Flash::done(&format!("“{}” is saved.", name(&webhook)));
            Ok(visitor.sent_to(&web, &format!("/webhooks/{id}"), &flash))
        }
        Err(Error::Invalid(faults)) => {
            let shell = visitor.shell(&web, Place::Accounts).await?;
            Ok(WebhookForm::of(shell, &before.webhook).refused(&fields, &faults))
        }
        Err(error) => Err(error.into()),
    }
}
