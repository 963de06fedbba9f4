//! Who asks: a user of a tenant, with its role and the accounts that it may see.

use domain::token::KeyLimits;
use domain::user::{Right, Scope};
use domain::{Account, AccountId, Role, TenantId, User, UserId};

use crate::{Error, Result};

/// Whoever asks for a use case: a user, through a session or through one of its keys.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Actor {
    /// The tenant that it belongs to: the boundary of all that it can see.
    pub tenant_id: TenantId,
    /// The user.
    pub user_id: UserId,
    /// The user's name, as activities show it.
    pub name: String,
    /// The address that the user signs in with.
    pub email: String,
    /// What it may do.
    pub role: Role,
    /// The accounts that it may see.
    pub scope: Scope,
    /// What its key is limited to, if it came with one: whoever lets it in asks them first.
    pub limits: KeyLimits,
}

impl Actor {
    /// The actor that a user is, given the accounts that it belongs to.
    pub(crate) fn new(user: &User, accounts: Vec<AccountId>) -> Self {
        let scope = match user.role.may(Right::SeeAllAccounts) {
            true => Scope::All,
            false => Scope::Accounts(accounts),
        };
        Actor {
            tenant_id: user.tenant_id,
            user_id: user.id,
            name: user.name.clone(),
            email: user.email.clone(),
            role: user.role,
            scope,
            limits: KeyLimits::default(),
        }
    }

    /// The actor that one of its keys is: it sees no more than both may.
    pub(crate) fn limited(mut self, limits: &KeyLimits) -> Self {
        if !limits.accounts.is_empty() {
            let seen = limits.accounts.iter().copied().filter(|id| self.sees(*id)).collect();
            self.scope = Scope::Accounts(seen);
        }
        self.limits = limits.clone();
        self
    }

    /// Refuses unless the role carries a right.
    pub fn require(&self, right: Right) -> Result<()> {
        if self.role.may(right) { Ok(()) } else { Err(Error::Forbidden(right)) }
    }

    /// Whether it may see what belongs to an account.
    pub fn sees(&self, account: AccountId) -> bool {
        self.scope.holds(account)
    }

    /// An account if it may be seen, else the refusal that hides whether it exists.
    pub(crate) fn visible(&self, account: Option<Account>) -> Result<Account> {
        account.filter(|account| self.sees(account.id)).ok_or(Error::NotFound)
    }

    /// The accounts that a list is narrowed to; `None` for all of the tenant.
    pub(crate) fn accounts(&self) -> Option<Vec<AccountId>> {
        match &self.scope {
            Scope::All => None,
            Scope::Accounts(ids) => Some(ids.clone()),
        }
    }
}
