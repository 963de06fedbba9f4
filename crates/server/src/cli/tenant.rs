//! `liberty tenant` and `liberty audit`.

use app::audit::AuditVerdict;
use clap::{ArgAction, Subcommand};

use super::{Out, tenant};
use crate::Failure;
use crate::config::Config;
use crate::house::House;

/// What can be done to tenants.
#[derive(Debug, Subcommand)]
pub(crate) enum TenantCommand {
    /// Make an answering service
    Create {
        /// The first label of its host name
        subdomain: String,
        /// What people call it
        #[arg(long)]
        name: String,
        /// The zone of its office
        #[arg(long, default_value = domain::account::DEFAULT_ZONE)]
        zone: String,
    },
    /// List them: subdomain, zone, name
    List,
    /// Answer a bad token on v2 with 404, as the older examples do, instead of 401
    HideBadTokens {
        /// The tenant
        subdomain: String,
        /// true or false
        #[arg(action = ArgAction::Set)]
        hides: bool,
    },
}

impl TenantCommand {
    pub(crate) async fn run(self, config: &Config, out: Out<'_>) -> Result<(), Failure> {
        let house = House::open_ready(config).await?;
        match self {
            TenantCommand::Create { subdomain, name, zone } => {
                let made = app::tenants::create(&house.app, &subdomain, &name, &zone).await?;
                writeln!(out, "Made the tenant {}.", made.subdomain)?;
            }
            TenantCommand::List => {
                for tenant in app::tenants::list(&house.app).await? {
                    let zone = tenant.zone.name();
                    writeln!(out, "{}\t{zone}\t{}", tenant.subdomain, tenant.name)?;
                }
            }
            TenantCommand::HideBadTokens { subdomain, hides } => {
                let tenant = tenant(&house, &subdomain).await?;
                app::tenants::hide_bad_tokens(&house.app, tenant.id, hides).await?;
                let status = if hides { 404 } else { 401 };
                writeln!(out, "{subdomain} answers a bad token on v2 with {status}.")?;
            }
        }
        Ok(())
    }
}

/// What can be done to audit logs.
#[derive(Debug, Subcommand)]
pub(crate) enum AuditCommand {
    /// Check that every row is as it was written and none is missing
    Verify {
        /// This tenant only
        #[arg(long)]
        tenant: Option<String>,
    },
}

impl AuditCommand {
    pub(crate) async fn run(self, config: &Config, out: Out<'_>) -> Result<(), Failure> {
        let AuditCommand::Verify { tenant: only } = self;
        let house = House::open_ready(config).await?;
        let tenants = match only {
            Some(subdomain) => vec![tenant(&house, &subdomain).await?],
            None => app::tenants::list(&house.app).await?,
        };
        let mut broken = 0;
        for tenant in tenants {
            let subdomain = &tenant.subdomain;
            match app::audit::verify(&house.app, tenant.id).await? {
                AuditVerdict::Sound(rows) => writeln!(out, "{subdomain}: {rows} rows, sound")?,
                AuditVerdict::Broken(row) => {
                    broken += 1;
                    writeln!(out, "{subdomain}: row {row} was changed, or one before it removed")?;
                }
            }
        }
        match broken {
            0 => Ok(()),
            _ => Err(Failure::Run("An audit log is broken.".to_owned())),
        }
    }
}
