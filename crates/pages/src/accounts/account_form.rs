//! Adding an account, or changing one; also the sheet on which a part of an account is changed.

use app::{Error, accounts};
use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use domain::account::AccountEntry;
use domain::user::Right;
use domain::{Account, AccountId, Invalid};
use web::Web;

use crate::session::{Fields, Id, PageError, Posted, SignedIn, page};
use crate::ui::{Choice, Field, FieldKind, Flash, Place, Shell, blame, retype};

/// `GET /accounts/new` → `POST /accounts`; `GET /accounts/{id}/edit` → `POST /accounts/{id}`.
#[derive(Debug, Clone, Template)]
#[template(path = "accounts/account_form.html")]
pub(crate) struct AccountForm {
    /// The frame.
    pub(crate) shell: Shell,
    /// "Add an account", or "Change Northwind Heating & Air".
    pub(crate) title: String,
    /// Where it posts to.
    pub(crate) action: String,
    /// Where cancelling leads.
    pub(crate) back: String,
    /// What is posted besides the fields: name and value.
    pub(crate) hidden: Option<(String, String)>,
    /// What is wrong, where no field shows it.
    pub(crate) error: Option<String>,
    /// For an account: `account_number`, `name`, `time_zone`, `greeting`, `facts`.
    pub(crate) fields: Vec<Field>,
}

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
    ZONES.iter().map(|(zone, label)| Choice::new(zone, label)).collect()
}

impl AccountForm {
    /// The form for a new account.
    pub(crate) fn new(shell: Shell) -> Self {
        let fields = vec![
            Field::new(FieldKind::Text, "account_number", "Account number")
                .required()
                .max_length(40)
                .hint("As your clients and programs know it. It cannot be used twice.")
                .focused(),
            Field::new(FieldKind::Text, "name", "Name").required().max_length(120),
            Field::new(FieldKind::Text, "time_zone", "Time zone")
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
        ];
        Self {
            shell,
            title: "Add an account".to_owned(),
            action: "/accounts".to_owned(),
            back: "/accounts".to_owned(),
            hidden: None,
            error: None,
            fields,
        }
    }

    /// The form for an account that exists.
    fn of(shell: Shell, account: &Account) -> Self {
        let mut form = Self::new(shell);
        form.title = format!("Change {}", account.name);
        form.action = format!("/accounts/{}", account.id);
        form.back.clone_from(&form.action);
        let zone = account.zone.name();
        let values = [&account.number, &account.name, zone, &account.greeting, &account.facts];
        for (field, value) in form.fields.iter_mut().zip(values) {
            value.clone_into(&mut field.value);
        }
        form
    }

    /// The same with what was typed, and each fault beside its field.
    pub(crate) fn refused(
        mut self,
        posted: &Fields,
        faults: &Invalid,
        name_of: impl Fn(&str) -> String,
    ) -> Response {
        retype(&mut self.fields, posted);
        let others = blame(&mut self.fields, faults, name_of);
        self.error = (!others.is_empty()).then(|| others.join(" "));
        page(StatusCode::UNPROCESSABLE_ENTITY, &self)
    }

    /// The empty form.
    pub(crate) fn sample() -> Self {
        Self::new(Shell::sample(Place::Accounts))
    }

    /// After it was refused.
    pub(crate) fn sample_error() -> Self {
        let mut page = Self::sample();
        page.fields[0].value = "1002".to_owned();
        page.fields[0].error = Some("Account number is taken already.".to_owned());
        page.fields[1].value = "Blue Door Realty".to_owned();
        page.fields[2].value = "Florida".to_owned();
        let zone = "Time zone must be an IANA time zone like America/New_York.";
        page.fields[2].error = Some(zone.to_owned());
        page
    }
}

fn entry(posted: &Fields) -> AccountEntry {
    let text = |name: &str| posted.text(name).to_owned();
    AccountEntry {
        number: text("account_number"),
        name: text("name"),
        zone: text("time_zone"),
        greeting: text("greeting").replace("\r\n", "\n"),
        facts: text("facts").replace("\r\n", "\n"),
    }
}

fn control(path: &str) -> String {
    if path == "zone" { "time_zone" } else { path }.to_owned()
}

/// `GET /accounts/new`.
pub(crate) async fn new(visitor: SignedIn, State(web): State<Web>) -> Result<Response, PageError> {
    visitor.require(Right::ManageAccounts)?;
    let form = AccountForm::new(visitor.shell(&web, Place::Accounts).await?);
    Ok(page(StatusCode::OK, &form))
}

/// `POST /accounts`.
pub(crate) async fn create(
    State(web): State<Web>,
    Posted { visitor, fields }: Posted,
) -> Result<Response, PageError> {
    visitor.require(Right::ManageAccounts)?;
    let (tenant, actor) = (visitor.tenant.id, Some(&visitor.actor));
    match accounts::create(&web.app, tenant, actor, entry(&fields)).await {
        Ok(account) => {
            let text = format!("{} added. It still needs a line and a contact.", account.name);
            Ok(visitor.sent_to(&web, &format!("/accounts/{}", account.id), &Flash::done(&text)))
        }
        Err(Error::Invalid(faults)) => {
            let form = AccountForm::new(visitor.shell(&web, Place::Accounts).await?);
            Ok(form.refused(&fields, &faults, control))
        }
        Err(error) => Err(error.into()),
    }
}

/// `GET /accounts/{id}/edit`.
pub(crate) async fn edit(
    visitor: SignedIn,
    State(web): State<Web>,
    Id(id): Id,
) -> Result<Response, PageError> {
    visitor.require(Right::ManageAccounts)?;
    let account = accounts::find(&web.app, &visitor.actor, AccountId(id)).await?;
    let form = AccountForm::of(visitor.shell(&web, Place::Accounts).await?, &account);
    Ok(page(StatusCode::OK, &form))
}

/// `POST /accounts/{id}`.
pub(crate) async fn update(
    State(web): State<Web>,
    Id(id): Id,
    Posted { visitor, fields }: Posted,
) -> Result<Response, PageError> {
    visitor.require(Right::ManageAccounts)?;
    let (id, actor) = (AccountId(id), &visitor.actor);
    let account = accounts::find(&web.app, actor, id).await?;
    match accounts::update(&web.app, actor, id, entry(&fields)).await {
        Ok(account) => {
            let flash = Flash::done(&format!("{} saved.", account.name));
            Ok(visitor.sent_to(&web, &format!("/accounts/{id}"), &flash))
        }
        Err(Error::Invalid(faults)) => {
            let shell = visitor.shell(&web, Place::Accounts).await?;
            Ok(AccountForm::of(shell, &account).refused(&fields, &faults, control))
        }
        Err(error) => Err(error.into()),
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
