//! `liberty user`: people who sign in.

use std::io;

use app::{App, passwords};
use clap::Subcommand;
use domain::Role;
use domain::user::NewUser;

use super::{Out, account, none, tenant};
use crate::Failure;
use crate::config::Config;
use crate::house::House;

/// What can be done to users.
#[derive(Debug, Subcommand)]
pub(crate) enum UserCommand {
    /// Make a user; prints a new password once, unless one is given
    Create {
        /// The tenant's subdomain
        #[arg(long)]
        tenant: String,
        /// The address to sign in with
        #[arg(long)]
        email: String,
        /// The person's name
        #[arg(long)]
        name: String,
        /// owner, supervisor, agent or client
        #[arg(long, value_parser = role)]
        role: Role,
        /// The short name that a switch knows an agent by [default: the address up to its @]
        #[arg(long, default_value = "")]
        username: String,
        /// The number of an account that the user belongs to; may be repeated
        #[arg(long = "account")]
        accounts: Vec<String>,
        /// Read the password from standard input
        #[arg(long)]
        password_stdin: bool,
    },
    /// Replace a user's password and end its sessions
    ResetPassword {
        /// The tenant's subdomain
        #[arg(long)]
        tenant: String,
        /// The user's address
        #[arg(long)]
        email: String,
        /// Read the password from standard input
        #[arg(long)]
        password_stdin: bool,
    },
    /// Let a user see an account
    Join {
        /// The tenant's subdomain
        #[arg(long)]
        tenant: String,
        /// The user's address
        #[arg(long)]
        email: String,
        /// The account's number
        #[arg(long)]
        account: String,
    },
}

fn role(word: &str) -> Result<Role, &'static str> {
    Role::parse(word).ok_or("must be owner, supervisor, agent or client")
}

impl UserCommand {
    pub(crate) async fn run(self, config: &Config, out: Out<'_>) -> Result<(), Failure> {
        let house = House::open_ready(config).await?;
        let app = &house.app;
        match self {
            UserCommand::Create {
                tenant: subdomain,
                email,
                name,
                role,
                username,
                accounts: numbers,
                password_stdin,
            } => {
                let tenant = tenant(&house, &subdomain).await?.id;
                let mut accounts = Vec::new();
                for number in numbers {
                    accounts.push(account(&house, tenant, &number).await?.id);
                }
                let password = Password::new(app, password_stdin)?;
                let text = password.text.clone();
                let new = NewUser { email, name, username, role, password: text, accounts };
                let hash = passwords::hash(app, &password.text);
                let made = app::users::create(app, tenant, None, new, &hash).await?;
                writeln!(out, "Made the {} {}.", made.role.as_str(), made.email)?;
                password.tell(out)?;
            }
            UserCommand::ResetPassword { tenant: subdomain, email, password_stdin } => {
                let tenant = tenant(&house, &subdomain).await?.id;
                let password = Password::new(app, password_stdin)?;
                let hash = passwords::hash(app, &password.text);
                app::users::reset_password(app, tenant, &email, &password.text, &hash)
                    .await
                    .map_err(none("user", &email))?;
                writeln!(out, "Replaced the password of {email}, and ended all sessions.")?;
                password.tell(out)?;
            }
            UserCommand::Join { tenant: subdomain, email, account: number } => {
                let tenant = tenant(&house, &subdomain).await?.id;
                let account = account(&house, tenant, &number).await?;
                app::users::join(app, tenant, &email, account.id)
                    .await
                    .map_err(none("user", &email))?;
                writeln!(out, "{email} sees {}.", account.name)?;
            }
        }
        Ok(())
    }
}

/// A password, given or new.
struct Password {
    text: String,
    is_new: bool,
}

impl Password {
    fn new(app: &App, from_stdin: bool) -> Result<Self, Failure> {
        if !from_stdin {
            return Ok(Password { text: new_password(app), is_new: true });
        }
        let mut text = String::new();
        io::stdin().read_line(&mut text)?;
        let text = text.trim_end_matches(['\n', '\r']).to_owned();
        Ok(Password { text, is_new: false })
    }

    /// A new one is shown once; one that was given is known.
    fn tell(&self, out: Out<'_>) -> Result<(), Failure> {
        if self.is_new {
            writeln!(out, "Password (shown this once): {}", self.text)?;
        }
        Ok(())
    }
}

/// A password of 100 random bits that can be typed.
pub(crate) fn new_password(app: &App) -> String {
    const LETTERS: &[u8; 32] = b"abcdefghijkmnpqrstuvwxyz23456789";
    let random: [u8; 20] = app.entropy().bytes();
    let letters: Vec<char> =
        random.iter().map(|byte| char::from(LETTERS[usize::from(byte % 32)])).collect();
    letters.chunks(5).map(|part| part.iter().collect()).collect::<Vec<String>>().join("-")
}
