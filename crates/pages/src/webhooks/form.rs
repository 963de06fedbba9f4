//! Adding a webhook, or changing one.

use app::webhooks;
use domain::webhook::WebhookEntry;
use domain::{AccountId, HookKind, Webhook, WebhookId};

use super::secret::WebhookSecret;
use super::words::name;
use crate::form::{Answer, Ask, Editor, Form, FormPage};
use crate::session::{Fields, PageError};
use crate::ui::{Choice, Field, FieldKind, Place, Shell};

/// `GET /accounts/{id}/webhooks/new` → `POST /accounts/{id}/webhooks`; `GET /webhooks/{id}/edit` →
/// `POST /webhooks/{id}`.
#[derive(Debug)]
pub(crate) struct WebhookEditor;

/// The account that a webhook is for, and the one that is changed.
type Ground = (AccountId, Option<Webhook>);

impl Editor for WebhookEditor {
    const PLACE: Place = Place::Accounts;
    type Ground = Ground;
    type Page = FormPage;

    async fn ground(ask: Ask<'_>) -> Result<Ground, PageError> {
        let (app, actor, id) = (&ask.web.app, &ask.visitor.actor, ask.id(0));
        if ask.subject.is_new {
            let (account, _) = webhooks::list(app, actor, AccountId(id)).await?;
            return Ok((account.id, None));
        }
        let (account, watched) = webhooks::watched(app, actor, WebhookId(id)).await?;
        Ok((account.id, Some(watched.webhook)))
    }

    fn opened((_, webhook): &Ground) -> Option<Fields> {
        webhook.as_ref().map(|webhook| {
            let texts = [("url", webhook.url.as_str()), ("description", &webhook.description)];
            let kinds = webhook.kinds.iter().map(|kind| (kind.as_str(), "true"));
            Fields::of(texts.into_iter().chain(kinds))
        })
    }

    fn form(_: &Ground, typed: Option<&Fields>) -> Form {
        let event =
            |kind: HookKind| Choice::new(kind.as_str(), kind.as_str()).full(kind.sentence());
        Form::new([
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
            Field::new(FieldKind::Switches, "events", "Events")
                .required()
                .choices(HookKind::ALL.map(event))
                .wide(),
        ])
        .filled(typed)
    }

    fn draw(shell: Shell, (account, webhook): &Ground, form: Form) -> FormPage {
        let (title, action) = match webhook {
            Some(webhook) => {
                (format!("Change {}", name(webhook)), format!("/webhooks/{}", webhook.id))
            }
            None => ("Add a webhook".to_owned(), format!("/accounts/{account}/webhooks")),
        };
        FormPage { shell, title, back: action.clone(), action, form }
    }

    /// Where it is new, the answer is the only page that ever shows the secret: no redirect.
    async fn save(ask: Ask<'_>, (account, webhook): &Ground, typed: &Fields) -> Answer {
        let kinds = HookKind::ALL.iter().map(|kind| kind.as_str());
        let entry = WebhookEntry {
            url: typed.owned("url"),
            description: typed.owned("description"),
            kinds: kinds.filter(|kind| typed.is_ticked(kind)).map(str::to_owned).collect(),
        };
        let (app, actor, guard) = (&ask.web.app, &ask.visitor.actor, &ask.web.hook_guard);
        let Some(webhook) = webhook else {
            let made = webhooks::create(app, actor, *account, &entry, guard).await?;
            return WebhookSecret::answer(ask.web, ask.visitor, made).await;
        };
        let changed = webhooks::update(app, actor, webhook.id, &entry, guard).await?;
        let text = format!("“{}” is saved.", name(&changed));
        ask.done(&format!("/webhooks/{}", webhook.id), &text)
    }
}
