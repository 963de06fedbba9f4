//! People who sign in, their roles, and what each role may do.

use crate::{AccountId, Instant, Invalid, TenantId, UserId, limits};

/// A person who signs in: to the portal as a client, to the console as an agent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct User {
    /// The tenant that it belongs to.
    pub tenant_id: TenantId,
    /// Its identifier; an agent's is the `agent_id` of the messages that it takes.
    pub id: UserId,
    /// The address that it signs in with, in lower case.
    pub email: String,
    /// The person's name.
    pub name: String,
    /// The short name that a switch knows an agent by.
    pub username: String,
    /// What it may do.
    pub role: Role,
    /// Whether it may no longer sign in.
    pub is_disabled: bool,
    /// When it was made.
    pub created_at: Instant,
}

/// What a user may do.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Role {
    /// Runs the answering service: everything.
    Owner,
    /// Leads agents: accounts, forms, users below its own rank.
    Supervisor,
    /// Takes messages for every account.
    Agent,
    /// Reads the messages of the accounts that it belongs to.
    Client,
}

/// A right that a role may carry.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Right {
    /// Use the console and take messages.
    TakeMessages,
    /// See every account of the tenant, not only those that the user belongs to.
    SeeAllAccounts,
    /// Make and change accounts, lines, contacts and forms.
    ManageAccounts,
    /// Make and disable users.
    ManageUsers,
    /// See what was captured instead of sent.
    SeeOutbox,
    /// Make and change on-call rotations, holidays and calendar links of accounts that it sees.
    ChangeOnCall,
    /// Say for some hours that somebody else is on call, for accounts that it sees.
    OverrideOnCall,
}

impl Role {
    /// All roles, highest first.
    pub const ALL: [Role; 4] = [Role::Owner, Role::Supervisor, Role::Agent, Role::Client];

    /// Whether this role carries a right.
    pub fn may(self, right: Right) -> bool {
        match right {
            Right::TakeMessages | Right::SeeAllAccounts => self != Role::Client,
            Right::ManageAccounts | Right::ManageUsers | Right::SeeOutbox => {
                matches!(self, Role::Owner | Role::Supervisor)
            }
            // Clients look after their own list; an agent only notes who stands in for whom.
            Right::ChangeOnCall => self != Role::Agent,
            Right::OverrideOnCall => true,
        }
    }

    /// Whether a user of this role may give somebody `other`: nobody raises another above itself.
    pub fn may_appoint(self, other: Role) -> bool {
        match self {
            Role::Owner => true,
            Role::Supervisor => matches!(other, Role::Agent | Role::Client),
            Role::Agent | Role::Client => false,
        }
    }

    /// The word for it in the API, the database and the portal.
    pub fn as_str(self) -> &'static str {
        match self {
            Role::Owner => "owner",
            Role::Supervisor => "supervisor",
            Role::Agent => "agent",
            Role::Client => "client",
        }
    }

    /// The role with this word.
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|role| role.as_str() == word)
    }
}

/// Which accounts somebody may see.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Scope {
    /// Every account of the tenant.
    All,
    /// These only.
    Accounts(Vec<AccountId>),
}

impl Scope {
    /// Whether an account is within it.
    pub fn holds(&self, account: AccountId) -> bool {
        match self {
            Scope::All => true,
            Scope::Accounts(ids) => ids.contains(&account),
        }
    }
}

/// A user as somebody wants to make it.
#[derive(Clone, Debug)]
pub struct NewUser {
    /// The address to sign in with.
    pub email: String,
    /// The person's name.
    pub name: String,
    /// The short name that a switch knows an agent by; `""` takes the address up to its `@`.
    pub username: String,
    /// What it may do.
    pub role: Role,
    /// The first password.
    pub password: String,
    /// The accounts that it belongs to.
    pub accounts: Vec<AccountId>,
}

impl NewUser {
    /// Checks it, and brings the address into its one form.
    pub fn checked(mut self) -> Result<Self, Invalid> {
        let mut invalid = Invalid::new();
        self.email = self.email.trim().to_lowercase();
        if let Err(rule) = check_email(&self.email) {
            invalid.add("email", rule);
        }
        match check_name(&self.name) {
            Ok(name) => self.name = name,
            Err(faults) => faults.faults().for_each(|(path, rule)| invalid.add(path, rule)),
        }
        if let Err(rule) = check_password(&self.password) {
            invalid.add("password", rule);
        }
        if self.username.trim().is_empty() {
            self.username = self.email.split('@').next().unwrap_or_default().to_owned();
        }
        check_line(&mut invalid, "username", &self.username);
        invalid.or(self)
    }
}

/// Checks a person's name; `Ok` is what is kept.
pub fn check_name(name: &str) -> Result<String, Invalid> {
    let mut invalid = Invalid::new();
    let name = name.trim();
    check_line(&mut invalid, "name", name);
    invalid.require(!name.is_empty(), "name", "must not be empty");
    invalid.or(name.to_owned())
}

/// Checks a password's length; any characters will do.
pub fn check_password(password: &str) -> Result<(), &'static str> {
    if password.chars().count() < limits::PASSWORD_CHARS {
        return Err("must have at least 12 characters");
    }
    if password.len() > limits::PASSWORD_BYTES {
        return Err("must have at most 256 bytes");
    }
    Ok(())
}

/// Checks that an e-mail address can be written to an envelope: one `@`, no white space, no
/// control characters or brackets. Whether it exists only a mail server can tell.
pub fn check_email(address: &str) -> Result<(), &'static str> {
    const RULE: &str = "must be an e-mail address like name@example.com";
    if address.len() > limits::EMAIL_BYTES {
        return Err("must have at most 254 bytes");
    }
    let Some((local, host)) = address.split_once('@') else {
        return Err(RULE);
    };
    let bad = |c: char| c.is_whitespace() || c.is_control() || "<>,;:\"()[]\\@".contains(c);
    let dotted = |part: &str| part.split('.').all(|label| !label.is_empty());
    if local.contains(bad) || host.contains(bad) || !dotted(local) || !dotted(host) {
        return Err(RULE);
    }
    Ok(())
}

/// Checks a text of one line: its length, and that nothing in it can end the line.
pub fn check_line(invalid: &mut Invalid, path: &str, text: &str) {
    invalid.require(text.len() <= limits::LINE_BYTES, path, "must have at most 500 bytes");
    invalid.require(
        !text.chars().any(char::is_control),
        path,
        "must not hold line breaks or other control characters",
    );
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_right_has_its_roles() {
        use Right::*;
        let check = |right: Right, roles: &[Role]| {
            let carry: Vec<Role> = Role::ALL.into_iter().filter(|role| role.may(right)).collect();
            assert_eq!(carry, roles, "{right:?}");
        };
        check(TakeMessages, &[Role::Owner, Role::Supervisor, Role::Agent]);
        check(SeeAllAccounts, &[Role::Owner, Role::Supervisor, Role::Agent]);
        check(ManageAccounts, &[Role::Owner, Role::Supervisor]);
        check(ManageUsers, &[Role::Owner, Role::Supervisor]);
        check(SeeOutbox, &[Role::Owner, Role::Supervisor]);
        check(ChangeOnCall, &[Role::Owner, Role::Supervisor, Role::Client]);
        check(OverrideOnCall, &Role::ALL);
    }

    #[test]
    fn nobody_raises_another_above_itself() {
        assert!(Role::Owner.may_appoint(Role::Owner));
        assert!(Role::Supervisor.may_appoint(Role::Agent));
        assert!(!Role::Supervisor.may_appoint(Role::Supervisor));
        assert!(!Role::Agent.may_appoint(Role::Client));
    }

    #[test]
    fn addresses() {
        for good in ["a@b", "jane.doe+calls@law.example", "ü@bücher.example"] {
            assert_eq!(check_email(good), Ok(()), "{good}");
        }
        for bad in
            ["", "a", "@b", "a@", "a@b@c", "a b@c", "a@b\r\nBcc: x@y", "a@b..c", "<a@b>", "a@b,c@d"]
        {
            assert!(check_email(bad).is_err(), "{bad:?}");
        }
    }
}
