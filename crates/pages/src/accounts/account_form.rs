//! Adding an account, or changing one.

use app::accounts;
use domain::account::AccountEntry;
use domain::{Account, AccountId};

use crate::form::{Answer, Ask, Editor, Form, FormPage};
use crate::session::{Fields, PageError};
use crate::ui::{Choice, Field, FieldKind, Place, Shell};

/// `GET /accounts/new` → `POST /accounts`; `GET /accounts/{id}/edit` → `POST /accounts/{id}`.
#[derive(Debug)]
pub(crate) struct AccountEditor;

/// Zones that are offered; any other IANA name may be typed.
const ZONES: [(&str, &str); 14] = [
    ("America/New_York", "Eastern"),
    ("America/Chicago", "Central"),
    ("America/Denver", "Mountain"),
    ("America/Phoenix", "Arizona"),
    ("America/Los_Angeles", "Pacific"),
    ("America/Anchorage", "Alaska"),
    ("Pacific/Honolulu", "Hawaii"),
    ("America/Puerto_Rico", "Atlantic, Puerto Rico"),
    ("America/Toronto", "Eastern, Canada"),
    ("America/Halifax", "Atlantic, Canada"),
    ("America/Mexico_City", "Mexico City"),
    ("Europe/London", "United Kingdom"),
    ("Europe/Berlin", "Central Europe"),
    ("Australia/Sydney", "Sydney"),
];

/// Zones to choose from.
pub(crate) fn zones() -> Vec<Choice> {
    Choice::all(&ZONES)
}

/// The choice of the account that something new is made for.
pub(crate) fn choice(accounts: &[Account], chosen: Option<&Account>) -> Field {
    Field::choice("account_number", "Account", &[("", "Choose…")])
        .choices(accounts.iter().map(|it| Choice::new(&it.number, &it.name)))
        .required()
        .value(chosen.map_or("", |account| &account.number))
}

impl Editor for AccountEditor {
    const PLACE: Place = Place::Accounts;
    type Ground = Option<Account>;
    type Page = FormPage;

    async fn ground(ask: Ask<'_>) -> Result<Option<Account>, PageError> {
        if ask.subject.is_new {
            return Ok(None);
        }
        let (app, actor) = (&ask.web.app, &ask.visitor.actor);
        Ok(Some(accounts::find(app, actor, AccountId(ask.id(0))).await?))
    }

    fn opened(account: &Option<Account>) -> Option<Fields> {
        account.as_ref().map(|account| {
            Fields::of([
                ("account_number", account.number.as_str()),
                ("name", &account.name),
                ("time_zone", account.zone.name()),
                ("greeting", &account.greeting),
                ("facts", &account.facts),
            ])
        })
    }

    fn form(_: &Option<Account>, typed: Option<&Fields>) -> Form {
        Form::new([
            Field::new(FieldKind::Text, "account_number", "Account number")
                .required()
                .max_length(40)
                .hint("As your clients and programs know it. It cannot be used twice.")
                .focused(),
            Field::new(FieldKind::Text, "name", "Name").required().max_length(120),
            Field::new(FieldKind::Text, "time_zone", "Time zone")
                .at("zone")
                .required()
                .value(domain::account::DEFAULT_ZONE)
                .choices(zones())
                .hint("An IANA name, such as America/Chicago or Europe/Berlin."),
            Field::new(FieldKind::LongText, "greeting", "Greeting")
                .max_length(2_000)
                .hint("Read aloud at the start of each call. {agent} becomes the agent's name."),
            Field::new(FieldKind::LongText, "facts", "What agents should know")
                .max_length(10_000)
                .hint("Stands beside the form during a call: opening hours, what to never say."),
        ])
        .filled(typed)
    }

    fn draw(shell: Shell, account: &Option<Account>, form: Form) -> FormPage {
        let (title, action) = match account {
            Some(account) => {
                (format!("Change {}", account.name), format!("/accounts/{}", account.id))
            }
            None => ("Add an account".to_owned(), "/accounts".to_owned()),
        };
        FormPage { shell, title, back: action.clone(), action, form }
    }

    async fn save(ask: Ask<'_>, account: &Option<Account>, typed: &Fields) -> Answer {
        let entry = AccountEntry {
            number: typed.owned("account_number"),
            name: typed.owned("name"),
            zone: typed.owned("time_zone"),
            greeting: typed.lines("greeting"),
            facts: typed.lines("facts"),
        };
        let (app, actor) = (&ask.web.app, &ask.visitor.actor);
        let (id, text) = match account {
            Some(account) => {
                let changed = accounts::update(app, actor, account.id, entry).await?;
                (changed.id, format!("{} saved.", changed.name))
            }
            None => {
                let made = accounts::create(app, actor.tenant_id, Some(actor), entry).await?;
                (made.id, format!("{} added. It still needs a line and a contact.", made.name))
            }
        };
        ask.done(&format!("/accounts/{id}"), &text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_zone_that_is_offered_exists() {
        for (zone, _) in ZONES {
            assert!(domain::Zone::named(zone).is_ok(), "{zone}");
        }
    }
}
