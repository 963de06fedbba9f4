//! Adding a person, or changing one: name, accounts, password, and whether they may sign in.

use app::users::{self, Member};
use app::{Error, accounts};
use askama::Template;
use axum::extract::State;
use domain::user::{NewUser, Right, check_password};
use domain::{Account, AccountId, Invalid, Role, UserId};
use web::{Web, passwords};

use crate::form::editor::fresh;
use crate::form::{Answer, Ask, Editor, Form};
use crate::session::{Fields, Id, PageError, Posted};
use crate::ui::{Choice, Field, FieldKind, Place, Shell, words};

/// `GET /people/new` → `POST /people`; `GET /people/{id}` → `POST /people/{id}`.
#[derive(Debug, Template)]
#[template(path = "people/person_form.html")]
pub(crate) struct PersonPage {
    shell: Shell,
    ground: PersonGround,
    form: Form,
    /// A new password, for somebody who is there already.
    password: Form,
}

/// Who makes or changes whom, and the accounts that one can belong to.
#[derive(Clone, Debug)]
pub(crate) struct PersonGround {
    pub(crate) by: Role,
    pub(crate) accounts: Vec<Account>,
    pub(crate) member: Option<Member>,
    /// Why nothing can be changed, or empty.
    pub(crate) locked: &'static str,
}

async fn ground(ask: Ask<'_>) -> Result<PersonGround, PageError> {
    let (app, actor) = (&ask.web.app, &ask.visitor.actor);
    let (mut member, mut locked) = (None, "");
    if !ask.subject.is_new {
        let found = users::find(app, actor, UserId(ask.id(0))).await?;
        let is_locked = !users::may_change(actor, &found.user);
        locked = match (is_locked, found.user.id == actor.user_id) {
            (false, _) => "",
            (true, true) => "This is you. Somebody of your rank or above changes it.",
            (true, false) => "Only somebody above their rank may change this person.",
        };
        member = Some(found);
    }
    let accounts = accounts::list(app, actor).await?;
    Ok(PersonGround { by: actor.role, accounts, member, locked })
}

fn password_field(label: &str) -> Field {
    Field::new(FieldKind::Password, "password", label)
        .required()
        .autocomplete("new-password")
        .hint("At least 12 characters. Hand it over in person or by phone.")
}

impl PersonPage {
    fn draw(shell: Shell, ground: &PersonGround, form: Form, password: Form) -> Self {
        PersonPage { shell, ground: ground.clone(), form, password }
    }

    fn title(&self) -> &str {
        self.ground.member.as_ref().map_or("Add a person", |member| &member.user.name)
    }

    /// Where it posts to.
    fn action(&self) -> String {
        match &self.ground.member {
            Some(member) => format!("/people/{}", member.user.id),
            None => "/people".to_owned(),
        }
    }

    /// The names of the accounts that somebody sees, one a line.
    fn accounts(&self, member: &Member) -> String {
        let all = self.ground.accounts.iter();
        let theirs = all.filter(|account| member.accounts.contains(&account.id));
        theirs.map(|account| account.name.as_str()).collect::<Vec<_>>().join("\n")
    }
}

/// The form of a person.
#[derive(Debug)]
pub(crate) struct PersonEditor;

impl Editor for PersonEditor {
    const PLACE: Place = Place::People;
    type Ground = PersonGround;
    type Page = PersonPage;

    async fn ground(ask: Ask<'_>) -> Result<PersonGround, PageError> {
        ground(ask).await
    }

    fn opened(ground: &PersonGround) -> Option<Fields> {
        ground.member.as_ref().map(|Member { user, accounts }| {
            let accounts = accounts.iter().map(|id| ("account_id", id.to_string()));
            Fields::of([("name", user.name.clone())].into_iter().chain(accounts))
        })
    }

    fn form(ground: &PersonGround, typed: Option<&Fields>) -> Form {
        let mut fields =
            vec![Field::new(FieldKind::Text, "name", "Name").required().max_length(120)];
        if ground.member.is_none() {
            let roles = Role::ALL.into_iter().rev().filter(|role| ground.by.may_appoint(*role));
            fields = vec![
                fields.remove(0).focused(),
                Field::new(FieldKind::Email, "email", "E-mail")
                    .required()
                    .hint("They sign in with it."),
                Field::new(FieldKind::Choice, "role", "Role")
                    .choices(roles.map(|it| Choice::new(it.as_str(), words::role(it))))
                    .hint("Clients read. Agents take messages. Supervisors look after accounts."),
                password_field("First password"),
            ];
        }
        let account = |it: &Account| Choice::new(&it.id.to_string(), &it.name);
        fields.push(
            Field::new(FieldKind::Ticks, "account_id", "Accounts")
                .at("accounts")
                .choices(ground.accounts.iter().map(account))
                .subject(Some("These"))
                .hint("A client sees the messages of these accounts. Agents and above see all."),
        );
        Form::new(fields).filled(typed)
    }

    fn draw(shell: Shell, ground: &PersonGround, form: Form) -> PersonPage {
        PersonPage::draw(shell, ground, form, fresh::<PasswordEditor>(ground))
    }

    async fn save(ask: Ask<'_>, ground: &PersonGround, typed: &Fields) -> Answer {
        let (app, actor, name) = (&ask.web.app, &ask.visitor.actor, typed.text("name"));
        // What is no id becomes one that nobody has, which is refused.
        let accounts: Vec<AccountId> =
            typed.all("account_id").map(|text| AccountId(text.parse().unwrap_or(0))).collect();
        if let Some(Member { user, .. }) = &ground.member {
            check_accounts(Invalid::new(), user.role, &accounts)?;
            users::update(app, actor, user.id, name, &accounts).await?;
            return ask.done(&format!("/people/{}", user.id), "Saved.");
        }
        let role = Role::parse(typed.text("role"));
        let role = role.ok_or_else(|| Invalid::field("role", "must be one of the list"))?;
        let new = NewUser {
            email: typed.owned("email"),
            name: name.to_owned(),
            username: String::new(),
            role,
            password: typed.owned("password"),
            accounts,
        };
        let faults = new.clone().checked().err().unwrap_or_default();
        check_accounts(faults, role, &new.accounts)?;
        let hash = passwords::hash(ask.web, &new.password).await.unwrap_or_default();
        let made = users::create(app, actor.tenant_id, Some(actor), new, &hash).await?;
        ask.done("/people", &format!("{} can sign in with {}.", made.name, made.email))
    }
}

/// A client without an account would see nothing, and nobody would know why.
fn check_accounts(mut faults: Invalid, role: Role, accounts: &[AccountId]) -> Result<(), Invalid> {
    let is_shut_out = role == Role::Client && accounts.is_empty();
    faults.require(!is_shut_out, "accounts", "must be at least one for a client");
    faults.or(())
}

/// `POST /people/{id}/password`.
#[derive(Debug)]
pub(crate) struct PasswordEditor;

impl Editor for PasswordEditor {
    const PLACE: Place = Place::People;
    type Ground = PersonGround;
    type Page = PersonPage;

    async fn ground(ask: Ask<'_>) -> Result<PersonGround, PageError> {
        ground(ask).await
    }

    fn form(_: &PersonGround, _: Option<&Fields>) -> Form {
        Form::new([password_field("New password")])
    }

    fn draw(shell: Shell, ground: &PersonGround, form: Form) -> PersonPage {
        PersonPage::draw(shell, ground, fresh::<PersonEditor>(ground), form)
    }

    async fn save(ask: Ask<'_>, ground: &PersonGround, typed: &Fields) -> Answer {
        let (app, actor, password) = (&ask.web.app, &ask.visitor.actor, typed.text("password"));
        let Member { user, .. } = ground.member.as_ref().ok_or(Error::NotFound)?;
        if !users::may_change(actor, user) {
            return Err(Error::Forbidden(Right::ManageUsers).into());
        }
        check_password(password).map_err(|rule| Invalid::field("password", rule))?;
        let hash = passwords::hash(ask.web, password).await.unwrap_or_default();
        users::change_password(app, actor, user.id, password, &hash).await?;
        let text = format!("{} signs in with the new password from now on.", user.name);
        ask.done(&format!("/people/{}", user.id), &text)
    }
}

/// `POST /people/{id}/disable` and `…/enable`.
pub(crate) async fn set_disabled<const IS_DISABLED: bool>(
    State(web): State<Web>,
    Id(id): Id,
    Posted { visitor, .. }: Posted,
) -> Answer {
    users::set_disabled(&web.app, &visitor.actor, UserId(id), IS_DISABLED).await?;
    let text = match IS_DISABLED {
        true => "Signed out everywhere, and may no longer sign in.",
        false => "May sign in again, with the same password and keys.",
    };
    Ok(visitor.done(&web, &format!("/people/{id}"), text))
}
