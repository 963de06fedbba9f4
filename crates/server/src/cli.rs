//! The command line: what can be said, and who does it.

mod account;
mod check;
mod key;
mod recur;
mod send_test;
mod tenant;
mod user;

pub(crate) use user::new_password;

use std::io::Write;
use std::path::PathBuf;

use clap::{Parser, Subcommand};
use domain::{Account, Tenant, TenantId};

use crate::config::{self, Config};
use crate::house::House;
use crate::serve::{Role, serve};
use crate::{Failure, demo};

/// Liberty, an open telephone answering service.
#[derive(Debug, Parser)]
#[command(name = "liberty", version)]
pub struct Cli {
    /// The configuration file [default: liberty.toml, if it is there]
    #[arg(long, global = true, value_name = "FILE")]
    config: Option<PathBuf>,
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Serve the portal, the console and the API, and do the work that is due
    Serve {
        /// What this process does
        #[arg(long, value_enum, default_value = "all")]
        role: Role,
    },
    /// Bring the database to this version
    Migrate,
    /// Look at everything that is needed to serve, and say what is wrong
    Check,
    SendTest(send_test::SendTestArguments),
    /// Load the demo once, print who may sign in, and write demo.json to the data directory
    Demo,
    /// Answering services on this installation
    #[command(subcommand)]
    Tenant(tenant::TenantCommand),
    /// Clients for whom calls are answered
    #[command(subcommand)]
    Account(account::AccountCommand),
    /// Lines that callers dial
    #[command(subcommand)]
    Did(account::DidCommand),
    /// People in an account's directory
    #[command(subcommand)]
    Contact(account::ContactCommand),
    /// People who sign in
    #[command(subcommand)]
    User(user::UserCommand),
    /// Application Keys
    #[command(subcommand)]
    Key(key::KeyCommand),
    /// Switches that report calls
    #[command(subcommand)]
    Switch(key::SwitchCommand),
    /// The log of what people changed
    #[command(subcommand)]
    Audit(tenant::AuditCommand),
    /// Answer schedule vectors: the next occurrences of each, one JSON object a line
    Recur(recur::RecurArguments),
}

/// Where a command writes what a person or a script is to read.
pub(crate) type Out<'a> = &'a mut (dyn Write + Send);

impl Cli {
    /// Does what was said.
    pub async fn run(self, out: Out<'_>) -> Result<(), Failure> {
        // It only computes: no configuration, however wrong, is in its way.
        if let Command::Recur(command) = self.command {
            return command.run(out);
        }
        let config = config::load(self.config.as_deref())?;
        match self.command {
            Command::Recur(command) => command.run(out),
            Command::Serve { role } => serve(&config, role).await,
            Command::Migrate => migrate(&config, out).await,
            Command::Check => check::run(&config, out).await,
            Command::SendTest(command) => command.run(&config, out).await,
            Command::Demo => demo::load(&config, out).await,
            Command::Tenant(command) => command.run(&config, out).await,
            Command::Account(command) => command.run(&config, out).await,
            Command::Did(command) => command.run(&config, out).await,
            Command::Contact(command) => command.run(&config, out).await,
            Command::User(command) => command.run(&config, out).await,
            Command::Key(command) => command.run(&config, out).await,
            Command::Switch(command) => command.run(&config, out).await,
            Command::Audit(command) => command.run(&config, out).await,
        }
    }
}

async fn migrate(config: &Config, out: Out<'_>) -> Result<(), Failure> {
    let house = House::open(config).await?;
    let migrated = house.db.migrate().await;
    migrated.map_err(|error| Failure::run("the database cannot be migrated", error))?;
    house.db.close().await;
    writeln!(out, "The database is at this version.")?;
    Ok(())
}

/// The tenant with a subdomain, or a sentence that says there is none.
async fn tenant(house: &House, subdomain: &str) -> Result<Tenant, Failure> {
    match app::tenants::of_subdomain(&house.app, subdomain).await {
        Err(app::Error::NotFound) => {
            Err(Failure::Run(format!("There is no tenant {subdomain}; see `liberty tenant list`.")))
        }
        other => Ok(other?),
    }
}

/// The account of a tenant with a number, or a sentence that says there is none.
async fn account(house: &House, tenant: TenantId, number: &str) -> Result<Account, Failure> {
    let found = app::accounts::by_number(&house.app, tenant, number).await;
    found.map_err(none("account", number))
}

/// The refusal of something that was looked for, with its name.
fn none(what: &str, name: &str) -> impl FnOnce(app::Error) -> Failure {
    let sentence = format!("There is no {what} {name}.");
    move |error| match error {
        app::Error::NotFound => Failure::Run(sentence),
        other => other.into(),
    }
}
