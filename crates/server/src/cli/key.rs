//! `liberty key` and `liberty switch`: tokens of users and of switches.

use app::Actor;
use clap::Subcommand;
use domain::Instant;

use super::{Out, none, tenant};
use crate::Failure;
use crate::config::Config;
use crate::house::House;

/// What can be done to Application Keys.
#[derive(Debug, Subcommand)]
pub(crate) enum KeyCommand {
    /// Make a key for a user; prints the token once
    Create {
        /// The tenant's subdomain
        #[arg(long)]
        tenant: String,
        /// The user's address
        #[arg(long)]
        email: String,
        /// What the key is for
        #[arg(long)]
        name: String,
        /// From when on it works no more, like 2026-12-31T23:00:00Z
        #[arg(long, value_parser = instant)]
        expires: Option<Instant>,
    },
    /// List a user's keys: prefix, made, last used, name
    List {
        /// The tenant's subdomain
        #[arg(long)]
        tenant: String,
        /// The user's address
        #[arg(long)]
        email: String,
    },
    /// Revoke a key
    Revoke {
        /// The tenant's subdomain
        #[arg(long)]
        tenant: String,
        /// The user's address
        #[arg(long)]
        email: String,
        /// The part of the token that may be shown, like lk_abcdefgh
        prefix: String,
    },
}

fn instant(text: &str) -> Result<Instant, String> {
    Instant::parse(text).map_err(|_| "must be an instant like 2026-12-31T23:00:00Z".to_owned())
}

impl KeyCommand {
    pub(crate) async fn run(self, config: &Config, out: Out<'_>) -> Result<(), Failure> {
        let house = House::open_ready(config).await?;
        let app = &house.app;
        match self {
            KeyCommand::Create { tenant, email, name, expires } => {
                let owner = owner(&house, &tenant, &email).await?;
                let made = app::keys::create(app, &owner, &name, expires).await?;
                writeln!(out, "Token (shown this once): {}", made.token)?;
            }
            KeyCommand::List { tenant, email } => {
                let owner = owner(&house, &tenant, &email).await?;
                for key in app::keys::list(app, &owner).await? {
                    let made = key.created_at.rfc3339_ms();
                    let used = key.last_used_at.map_or("never".to_owned(), Instant::rfc3339_ms);
                    writeln!(out, "{}\t{made}\t{used}\t{}", key.prefix, key.name)?;
                }
            }
            KeyCommand::Revoke { tenant, email, prefix } => {
                let owner = owner(&house, &tenant, &email).await?;
                let keys = app::keys::list(app, &owner).await?;
                let Some(key) = keys.into_iter().find(|key| key.prefix == prefix) else {
                    return Err(Failure::Run(format!("{email} has no key {prefix}.")));
                };
                app::keys::revoke(app, &owner, key.id).await?;
                writeln!(out, "Revoked {prefix}; running servers refuse it within a second.")?;
            }
        }
        Ok(())
    }
}

async fn owner(house: &House, subdomain: &str, email: &str) -> Result<Actor, Failure> {
    let tenant = tenant(house, subdomain).await?;
    let actor = app::users::actor_of(&house.app, tenant.id, email).await;
    actor.map_err(none("user", email))
}

/// What can be done to switches.
#[derive(Debug, Subcommand)]
pub(crate) enum SwitchCommand {
    /// Make a machine key for a switch; prints the token once
    Create {
        /// The tenant's subdomain
        #[arg(long)]
        tenant: String,
        /// What messages call it
        #[arg(long)]
        name: String,
    },
}

impl SwitchCommand {
    pub(crate) async fn run(self, config: &Config, out: Out<'_>) -> Result<(), Failure> {
        let SwitchCommand::Create { tenant: subdomain, name } = self;
        let house = House::open_ready(config).await?;
        let tenant = tenant(&house, &subdomain).await?;
        let (_, token) = app::keys::create_switch(&house.app, tenant.id, &name).await?;
        writeln!(out, "Token (shown this once): {token}")?;
        Ok(())
    }
}
