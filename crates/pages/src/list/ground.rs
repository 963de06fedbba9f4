//! The accounts that a list tells of: their names, and by which clock each of them lives.

use std::collections::HashMap;

use app::accounts;
use domain::{Account, AccountId, Instant, Zone};
use web::Web;

use super::ListQuery;
use crate::session::SignedIn;
use crate::ui::{Choice, Field, FieldKind, Moment};

/// The accounts that whoever asks may see, and when they ask.
#[derive(Clone, Debug)]
pub(crate) struct Ground {
    /// By name.
    pub(crate) accounts: Vec<Account>,
    /// When it is asked.
    pub(crate) now: Instant,
    by_id: HashMap<AccountId, usize>,
    zone: Zone,
}

impl Ground {
    /// The accounts of whoever asks, now.
    pub(crate) async fn load(web: &Web, visitor: &SignedIn) -> app::Result<Self> {
        let accounts = accounts::list(&web.app, &visitor.actor).await?;
        Ok(Self::of(accounts, visitor.tenant.zone.clone(), web.app.now()))
    }

    pub(crate) fn of(accounts: Vec<Account>, zone: Zone, now: Instant) -> Self {
        let by_id = accounts.iter().enumerate().map(|(at, account)| (account.id, at)).collect();
        Ground { accounts, now, by_id, zone }
    }

    /// One of them.
    pub(crate) fn account(&self, id: AccountId) -> Option<&Account> {
        self.accounts.get(*self.by_id.get(&id)?)
    }

    /// Its name, `""` if it is none of them.
    pub(crate) fn name(&self, id: AccountId) -> String {
        self.account(id).map(|account| account.name.clone()).unwrap_or_default()
    }

    /// Its number, `""` if it is none of them.
    pub(crate) fn number(&self, id: AccountId) -> String {
        self.account(id).map(|account| account.number.clone()).unwrap_or_default()
    }

    /// Its zone, or else the service's.
    pub(crate) fn zone(&self, id: AccountId) -> &Zone {
        self.account(id).map_or(&self.zone, |account| &account.zone)
    }

    /// An instant as it is read in an account's zone.
    pub(crate) fn moment(&self, at: Instant, id: AccountId) -> Moment {
        Moment::at(at, self.now, self.zone(id))
    }

    /// An instant as it is read in the service's zone.
    pub(crate) fn here(&self, at: Instant) -> Moment {
        Moment::at(at, self.now, &self.zone)
    }

    /// An instant written out in an account's zone.
    pub(crate) fn local(&self, at: Instant, id: AccountId) -> String {
        self.zone(id).portal(at).to_string()
    }

    /// Whether it must be said which of them something is about.
    pub(crate) fn is_several(&self) -> bool {
        self.accounts.len() > 1
    }

    /// The choice among them, where there is one to make.
    pub(crate) fn choice(&self, query: &ListQuery) -> Option<Field> {
        let mut field = Field::choice("account_number", "Account", &[("", "All accounts")]);
        let choice = |account: &Account| Choice::new(&account.number, &account.name);
        field.choices.extend(self.accounts.iter().map(choice));
        (self.is_several() || query.fault("account_number").is_some()).then_some(field)
    }

    /// The first and the last day.
    pub(crate) fn days() -> [Field; 2] {
        [("from_date", "From"), ("to_date", "To")]
            .map(|(name, label)| Field::new(FieldKind::Date, name, label))
    }
}

/// An instant as programs read it, `""` where there is none.
pub(crate) fn utc(at: impl Into<Option<Instant>>) -> String {
    at.into().map(Instant::rfc3339_ms).unwrap_or_default()
}

/// A claim in a column.
pub(crate) fn yes(holds: bool) -> String {
    if holds { "Yes" } else { "No" }.to_owned()
}
