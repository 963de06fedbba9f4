//! `liberty account`, `liberty did` and `liberty contact`.

use clap::Subcommand;
use domain::account::{AccountEntry, ContactEntry};

use super::{Out, tenant};
use crate::Failure;
use crate::config::Config;
use crate::house::House;

/// What can be done to accounts.
#[derive(Debug, Subcommand)]
pub(crate) enum AccountCommand {
    /// Make an account
    Create {
        /// The tenant's subdomain
        #[arg(long)]
        tenant: String,
        /// The number that agents and programs know it by
        #[arg(long)]
        number: String,
        /// The client's name
        #[arg(long)]
        name: String,
        /// The zone of its dates and times
        #[arg(long, default_value = domain::account::DEFAULT_ZONE)]
        zone: String,
        /// What an agent says when a call comes in
        #[arg(long, default_value = "")]
        greeting: String,
        /// What an agent should know
        #[arg(long, default_value = "")]
        facts: String,
    },
    /// List them: number, zone, name
    List {
        /// The tenant's subdomain
        #[arg(long)]
        tenant: String,
    },
}

impl AccountCommand {
    pub(crate) async fn run(self, config: &Config, out: Out<'_>) -> Result<(), Failure> {
        let house = House::open_ready(config).await?;
        match self {
            AccountCommand::Create { tenant: subdomain, number, name, zone, greeting, facts } => {
                let tenant = tenant(&house, &subdomain).await?;
                let entry = AccountEntry { number, name, zone, greeting, facts };
                let made = app::accounts::create(&house.app, tenant.id, None, entry).await?;
                writeln!(out, "Made the account {}.", made.number)?;
            }
            AccountCommand::List { tenant: subdomain } => {
                let tenant = tenant(&house, &subdomain).await?;
                for account in app::accounts::of_tenant(&house.app, tenant.id).await? {
                    let zone = account.zone.name();
                    writeln!(out, "{}\t{zone}\t{}", account.number, account.name)?;
                }
            }
        }
        Ok(())
    }
}

/// What can be done to lines.
#[derive(Debug, Subcommand)]
pub(crate) enum DidCommand {
    /// Give an account a line
    Add {
        /// The tenant's subdomain
        #[arg(long)]
        tenant: String,
        /// The account's number
        #[arg(long)]
        account: String,
        /// The number that callers dial
        phone: String,
        /// What the line is for
        #[arg(long, default_value = "")]
        label: String,
    },
}

impl DidCommand {
    pub(crate) async fn run(self, config: &Config, out: Out<'_>) -> Result<(), Failure> {
        let DidCommand::Add { tenant: subdomain, account: number, phone, label } = self;
        let house = House::open_ready(config).await?;
        let id = tenant(&house, &subdomain).await?.id;
        let account = super::account(&house, id, &number).await?;
        let did = app::accounts::add_did(&house.app, id, None, account.id, &phone, &label).await?;
        writeln!(out, "Calls to {} are for {}.", did.number, account.name)?;
        Ok(())
    }
}

/// What can be done to directories.
#[derive(Debug, Subcommand)]
pub(crate) enum ContactCommand {
    /// Add a person to an account's directory
    Add {
        /// The tenant's subdomain
        #[arg(long)]
        tenant: String,
        /// The account's number
        #[arg(long)]
        account: String,
        /// The person's name
        #[arg(long)]
        name: String,
        /// What the person does
        #[arg(long, default_value = "")]
        title: String,
        /// Where messages go by e-mail
        #[arg(long, default_value = "")]
        email: String,
        /// The person's phone
        #[arg(long, default_value = "")]
        phone: String,
    },
}

impl ContactCommand {
    pub(crate) async fn run(self, config: &Config, out: Out<'_>) -> Result<(), Failure> {
        let ContactCommand::Add { tenant: subdomain, account, name, title, email, phone } = self;
        let house = House::open_ready(config).await?;
        let id = tenant(&house, &subdomain).await?.id;
        let found = super::account(&house, id, &account).await?;
        let entry = ContactEntry { name, title, email, phone, zone: String::new() };
        let made = app::accounts::add_contact(&house.app, id, None, found.id, entry).await?;
        writeln!(out, "{} stands in the directory of {}.", made.name, found.name)?;
        Ok(())
    }
}
