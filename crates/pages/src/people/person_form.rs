//! Adding a person, or changing one: name, accounts, password, and whether they may sign in.

use app::users::{self, Member};
use app::{Error, accounts};
use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use domain::user::{NewUser, Right, check_password};
use domain::{AccountId, Invalid, Role, UserId};
use web::{Web, passwords};

use crate::session::{Fields, Id, PageError, Posted, SignedIn, page};
use crate::ui::{Choice, Fact, Field, FieldKind, Flash, Place, Shell, blame, retype};

/// `GET /people/new` → `POST /people`; `GET /people/{id}` → `POST /people/{id}`.
#[derive(Debug, Clone, Template)]
#[template(path = "people/person_form.html")]
pub(crate) struct PersonForm {
    /// The frame.
    pub(crate) shell: Shell,
    /// "Add a person", or the person's name.
    pub(crate) title: String,
    /// Where it posts to.
    pub(crate) action: String,
    /// What stays: address and role, of somebody who is there already.
    pub(crate) facts: Vec<Fact>,
    /// Why nothing here can be changed, or empty.
    pub(crate) locked: String,
    /// What is wrong, where no field shows it.
    pub(crate) error: Option<String>,
    /// `name`, `email`, `role`, `password`; of somebody who is there already `name` only.
    pub(crate) fields: Vec<Field>,
    /// The accounts to tick; posted as repeated `account_id`.
    pub(crate) accounts: Vec<Choice>,
    /// Those that are ticked, by value.
    pub(crate) chosen: Vec<String>,
    /// What is wrong with the accounts.
    pub(crate) accounts_error: Option<String>,
    /// `password`, of somebody who is there already.
    pub(crate) new_password: Option<Field>,
    /// Of somebody who is there already: whether they may no longer sign in.
    pub(crate) is_disabled: Option<bool>,
}

/// The roles, as people call them.
const ROLES: [(Role, &str); 4] = [
    (Role::Client, "Client"),
    (Role::Agent, "Agent"),
    (Role::Supervisor, "Supervisor"),
    (Role::Owner, "Owner"),
];

fn name_field() -> Field {
    Field::new(FieldKind::Text, "name", "Name").required().max_length(120)
}

fn password_field(label: &str) -> Field {
    Field::new(FieldKind::Password, "password", label)
        .required()
        .autocomplete("new-password")
        .hint("At least 12 characters. Hand it over in person or by phone.")
}

impl PersonForm {
    /// The form for somebody new, made by somebody of this role.
    pub(crate) fn new(shell: Shell, by: Role, accounts: Vec<Choice>) -> Self {
        let roles = ROLES.iter().filter(|(role, _)| by.may_appoint(*role));
        let roles: Vec<(&str, &str)> = roles.map(|(role, word)| (role.as_str(), *word)).collect();
        Self {
            shell,
            title: "Add a person".to_owned(),
            action: "/people".to_owned(),
            facts: Vec::new(),
            locked: String::new(),
            error: None,
            fields: vec![
                name_field().focused(),
                Field::new(FieldKind::Email, "email", "E-mail")
                    .required()
                    .hint("They sign in with it."),
                Field::choice("role", "Role", &roles)
                    .hint("Clients read. Agents take messages. Supervisors look after accounts."),
                password_field("First password"),
            ],
            accounts,
            chosen: Vec::new(),
            accounts_error: None,
            new_password: None,
            is_disabled: None,
        }
    }

    /// The form for somebody who is there.
    fn of(shell: Shell, visitor: &SignedIn, member: &Member, accounts: Vec<Choice>) -> Self {
        let user = &member.user;
        let word = ROLES.iter().find(|(role, _)| *role == user.role).map_or("", |(_, word)| word);
        let is_locked = !users::may_change(&visitor.actor, user);
        let locked = match (is_locked, user.id == visitor.actor.user_id) {
            (false, _) => "",
            (true, true) => "This is you. Somebody of your rank or above changes it.",
            (true, false) => "Only somebody above their rank may change this person.",
        };
        let open = !is_locked;
        Self {
            title: user.name.clone(),
            action: format!("/people/{}", user.id),
            facts: vec![Fact::new("E-mail", &user.email), Fact::new("Role", word)],
            locked: locked.to_owned(),
            fields: vec![name_field().value(&user.name)],
            chosen: member.accounts.iter().map(AccountId::to_string).collect(),
            new_password: open.then(|| password_field("New password")),
            is_disabled: Some(user.is_disabled),
            ..Self::new(shell, visitor.actor.role, accounts)
        }
    }

    /// The same with what was typed, and each fault beside its field.
    fn refused(mut self, posted: &Fields, faults: &Invalid) -> Response {
        retype(&mut self.fields, posted);
        self.chosen = posted.all("account_id").map(str::to_owned).collect();
        self.accounts_error = faults.about("accounts").map(|rule| format!("These {rule}."));
        let others = blame(&mut self.fields, faults, str::to_owned);
        let others: Vec<String> =
            others.into_iter().filter(|text| !text.starts_with("“accounts”")).collect();
        self.error = (!others.is_empty()).then(|| others.join(" "));
        page(StatusCode::UNPROCESSABLE_ENTITY, &self)
    }
}

/// The accounts that one can belong to.
async fn choices(web: &Web, visitor: &SignedIn) -> Result<Vec<Choice>, PageError> {
    let accounts = accounts::list(&web.app, &visitor.actor).await?;
    let choice = |account: domain::Account| Choice::new(&account.id.to_string(), &account.name);
    Ok(accounts.into_iter().map(choice).collect())
}

/// The accounts that are ticked. What is no id becomes one that nobody has, which is refused.
fn ticked(posted: &Fields) -> Vec<AccountId> {
    let id = |text: &str| AccountId(text.parse().unwrap_or(0));
    posted.all("account_id").map(id).collect()
}

/// A client without an account would see nothing, and nobody would know why.
fn check_accounts(faults: &mut Invalid, role: Role, accounts: &[AccountId]) {
    let is_shut_out = role == Role::Client && accounts.is_empty();
    faults.require(!is_shut_out, "accounts", "must be at least one for a client");
}

/// `GET /people/new`.
pub(crate) async fn new(visitor: SignedIn, State(web): State<Web>) -> Result<Response, PageError> {
    visitor.require(Right::ManageUsers)?;
    Ok(page(StatusCode::OK, &empty(&web, &visitor).await?))
}

async fn empty(web: &Web, visitor: &SignedIn) -> Result<PersonForm, PageError> {
    let shell = visitor.shell(web, Place::People).await?;
    Ok(PersonForm::new(shell, visitor.actor.role, choices(web, visitor).await?))
}

/// `POST /people`.
pub(crate) async fn create(
    State(web): State<Web>,
    Posted { visitor, fields }: Posted,
) -> Result<Response, PageError> {
    visitor.require(Right::ManageUsers)?;
    match made(&web, &visitor, &fields).await {
        Ok(user) => {
            let text = format!("{} can sign in with {}.", user.name, user.email);
            Ok(visitor.sent_to(&web, "/people", &Flash::done(&text)))
        }
        Err(Error::Invalid(faults)) => Ok(empty(&web, &visitor).await?.refused(&fields, &faults)),
        Err(error) => Err(error.into()),
    }
}

async fn made(web: &Web, visitor: &SignedIn, fields: &Fields) -> app::Result<domain::User> {
    let text = |name: &str| fields.text(name).to_owned();
    let Some(role) = Role::parse(fields.text("role")) else {
        return Err(Invalid::field("role", "must be one of the list").into());
    };
    let new = NewUser {
        email: text("email"),
        name: text("name"),
        username: String::new(),
        role,
        password: text("password"),
        accounts: ticked(fields),
    };
    let mut faults = match new.clone().checked() {
        Ok(_) => Invalid::new(),
        Err(faults) => faults,
    };
    check_accounts(&mut faults, role, &new.accounts);
    faults.or(())?;
    let hash = passwords::hash(web, &new.password).await.unwrap_or_default();
    users::create(&web.app, visitor.tenant.id, Some(&visitor.actor), new, &hash).await
}

/// `GET /people/{id}`.
pub(crate) async fn show(
    visitor: SignedIn,
    State(web): State<Web>,
    Id(id): Id,
) -> Result<Response, PageError> {
    Ok(page(StatusCode::OK, &of(&web, &visitor, UserId(id)).await?.1))
}

async fn of(web: &Web, visitor: &SignedIn, id: UserId) -> Result<(Member, PersonForm), PageError> {
    let member = users::find(&web.app, &visitor.actor, id).await?;
    let shell = visitor.shell(web, Place::People).await?;
    let form = PersonForm::of(shell, visitor, &member, choices(web, visitor).await?);
    Ok((member, form))
}

/// `POST /people/{id}`.
pub(crate) async fn update(
    State(web): State<Web>,
    Id(id): Id,
    Posted { visitor, fields }: Posted,
) -> Result<Response, PageError> {
    let (member, form) = of(&web, &visitor, UserId(id)).await?;
    let chosen = ticked(&fields);
    let mut faults = Invalid::new();
    check_accounts(&mut faults, member.user.role, &chosen);
    let name = fields.text("name");
    let updated = match faults.or(()) {
        Ok(()) => users::update(&web.app, &visitor.actor, member.user.id, name, &chosen).await,
        Err(faults) => Err(faults.into()),
    };
    match updated {
        Ok(()) => Ok(visitor.sent_to(&web, &form.action, &Flash::done("Saved."))),
        Err(Error::Invalid(faults)) => Ok(form.refused(&fields, &faults)),
        Err(error) => Err(error.into()),
    }
}

/// `POST /people/{id}/password`.
pub(crate) async fn change_password(
    State(web): State<Web>,
    Id(id): Id,
    Posted { visitor, fields }: Posted,
) -> Result<Response, PageError> {
    let (member, mut form) = of(&web, &visitor, UserId(id)).await?;
    let (password, actor) = (fields.text("password"), &visitor.actor);
    if !users::may_change(actor, &member.user) {
        return Err(Error::Forbidden(Right::ManageUsers).into());
    }
    if let Err(rule) = check_password(password) {
        form.new_password =
            form.new_password.map(|field| field.error(&format!("New password {rule}.")).focused());
        return Ok(page(StatusCode::UNPROCESSABLE_ENTITY, &form));
    }
    let hash = passwords::hash(&web, password).await.unwrap_or_default();
    users::change_password(&web.app, actor, member.user.id, password, &hash).await?;
    let text = format!("{} signs in with the new password from now on.", member.user.name);
    Ok(visitor.sent_to(&web, &form.action, &Flash::done(&text)))
}

/// `POST /people/{id}/disable`.
pub(crate) async fn disable(
    State(web): State<Web>,
    Id(id): Id,
    Posted { visitor, .. }: Posted,
) -> Result<Response, PageError> {
    users::set_disabled(&web.app, &visitor.actor, UserId(id), true).await?;
    let flash = Flash::done("Signed out everywhere, and may no longer sign in.");
    Ok(visitor.sent_to(&web, &format!("/people/{id}"), &flash))
}

/// `POST /people/{id}/enable`.
pub(crate) async fn enable(
    State(web): State<Web>,
    Id(id): Id,
    Posted { visitor, .. }: Posted,
) -> Result<Response, PageError> {
    users::set_disabled(&web.app, &visitor.actor, UserId(id), false).await?;
    let flash = Flash::done("May sign in again, with the same password and keys.");
    Ok(visitor.sent_to(&web, &format!("/people/{id}"), &flash))
}

impl PersonForm {
    /// The empty form.
    pub(crate) fn sample() -> Self {
        let accounts = vec![
            Choice::new("1", "Hartwell & Boone"),
            Choice::new("2", "Northwind Heating & Air"),
            Choice::new("3", "Maple Street Dental"),
        ];
        Self::new(Shell::sample(Place::People), Role::Owner, accounts)
    }

    /// After it was refused.
    pub(crate) fn sample_error() -> Self {
        let mut page = Self::sample();
        page.fields[0].value = "Karl Winter".to_owned();
        page.fields[1].value = "jane@hartwell.example".to_owned();
        page.fields[1].error = Some("E-mail is taken already.".to_owned());
        let short = "First password must have at least 12 characters.";
        page.fields[3].error = Some(short.to_owned());
        page.accounts_error = Some("These must be at least one for a client.".to_owned());
        page
    }

    /// Somebody who is there.
    pub(crate) fn sample_person() -> Self {
        Self {
            title: "Karl Winter".to_owned(),
            action: "/people/5".to_owned(),
            facts: vec![Fact::new("E-mail", "karl@northwind.example"), Fact::new("Role", "Client")],
            fields: vec![name_field().value("Karl Winter")],
            chosen: vec!["2".to_owned()],
            new_password: Some(password_field("New password")),
            is_disabled: Some(false),
            ..Self::sample()
        }
    }

    /// Somebody whom one may not change.
    pub(crate) fn sample_locked() -> Self {
        Self {
            locked: "Only somebody above their rank may change this person.".to_owned(),
            new_password: None,
            ..Self::sample_person()
        }
    }
}
