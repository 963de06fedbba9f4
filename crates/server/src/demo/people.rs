//! Who calls, who answers, and what they are called.

use app::{Actor, App};
use domain::user::NewUser;
use domain::{AccountId, Role, TenantId};

use super::chance::Chance;
use crate::Failure;

const FIRST_NAMES: [&str; 40] = [
    "Maria", "James", "Aisha", "Robert", "Linda", "Wei", "Carlos", "Patricia", "Samuel", "Fatima",
    "Michael", "Jennifer", "Ahmed", "Susan", "Daniel", "Karen", "Luis", "Nancy", "Tyrone", "Olga",
    "Kevin", "Sandra", "Hiro", "Angela", "Brian", "Chinedu", "Melissa", "Edward", "Ana", "Ruth",
    "Jason", "Yolanda", "Peter", "Grace", "Dmitri", "Leila", "Scott", "Monica", "Arthur", "Joy",
];
const LAST_NAMES: [&str; 40] = [
    "Lopez", "Smith", "Rahman", "Johnson", "Nguyen", "Brown", "Garcia", "Miller", "Okafor",
    "Davis", "Martinez", "Wilson", "Anderson", "Chen", "Thomas", "Moreau", "Jackson", "Ivanova",
    "White", "Harris", "Cohen", "Thompson", "Schmidt", "Lewis", "Robinson", "Tanaka", "Walker",
    "Young", "Silva", "Allen", "Wright", "Hill", "O'Brien", "Campbell", "Mitchell", "Patel",
    "Roberts", "Kaminski", "Turner", "Parker",
];

/// A caller: first name, last name, phone. The numbers are those that are kept for fiction.
pub(crate) fn caller(chance: &mut Chance, area: &str) -> (&'static str, &'static str, String) {
    let first = chance.word(&FIRST_NAMES);
    let last = chance.word(&LAST_NAMES);
    let line = chance.between(100, 200);
    (first, last, format!("({area}) 555-0{line}"))
}

/// A user of the demo, made or given the password that holds now.
pub(crate) struct Person<'a> {
    pub(crate) email: &'a str,
    pub(crate) name: &'a str,
    pub(crate) role: Role,
    pub(crate) accounts: Vec<AccountId>,
}

/// Sees to it that a person can sign in with a password.
pub(crate) async fn ensure(
    app: &App,
    tenant: TenantId,
    person: Person<'_>,
    password: &str,
    password_hash: &str,
) -> Result<Actor, Failure> {
    let email = person.email;
    match app::users::reset_password(app, tenant, email, password, password_hash).await {
        Ok(()) => {}
        Err(app::Error::NotFound) => {
            let first = person.name.split(' ').next().unwrap_or_default();
            let new = NewUser {
                email: email.to_owned(),
                name: person.name.to_owned(),
                username: first.to_lowercase(),
                role: person.role,
                password: password.to_owned(),
                accounts: person.accounts,
            };
            app::users::create(app, tenant, None, new, password_hash).await?;
        }
        Err(error) => return Err(error.into()),
    }
    Ok(app::users::actor_of(app, tenant, email).await?)
}
