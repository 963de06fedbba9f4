//! `liberty send-test`: sends once through a carrier, and says what it answered. Nothing is recorded.

use app::App;
use clap::Args;
use domain::delivery::{Cause, Outcome, Reach};
use domain::phone::e164;
use domain::{AccountId, Channel, Delivery, Tenant};

use super::Out;
use crate::Failure;
use crate::carriers::{self, Opened};
use crate::config::{self, Config};
use crate::house::House;

/// The text where none is given.
const TEXT: &str = "This is a test of Liberty. Nothing needs to be done.";

/// Send once through a carrier and say what it answered; recorded nowhere, and never repeated
#[derive(Debug, Args)]
pub(crate) struct SendTestArguments {
    /// The carrier's name in the configuration; capture sends nothing
    carrier: String,
    /// Where it goes: an e-mail address or a phone
    to: String,
    /// What it says
    #[arg(long, default_value = TEXT)]
    text: String,
    /// The tenant that sends; its list of opted-out phones is obeyed [default: the first that the
    /// carrier serves]
    #[arg(long, value_name = "SUBDOMAIN")]
    tenant: Option<String>,
    /// The number that it is from, where the carrier has none of its own
    #[arg(long, value_name = "PHONE")]
    from: Option<String>,
    /// sms or call, for a carrier that does both [default: sms]
    #[arg(long, value_name = "CHANNEL")]
    channel: Option<String>,
}

impl SendTestArguments {
    pub(crate) async fn run(self, config: &Config, out: Out<'_>) -> Result<(), Failure> {
        if self.carrier == "capture" {
            let sentence = "Nothing was sent: capture only keeps what it gets.";
            return Ok(writeln!(out, "{sentence}")?);
        }
        let listed = carriers::listed(config);
        let Some(carrier) = listed.iter().find(|one| one.name == self.carrier) else {
            return Err(self.unknown(&listed));
        };
        let channel = self.channel(carrier)?;
        let address = address(channel, &self.to)?;
        let house = House::open_ready(config).await?;
        let tenant = self.tenant(&house.app, carrier).await?;
        if channel == Channel::Sms
            && app::texts::has_opted_out(&house.app, tenant.id, &address).await?
        {
            let why = format!("{address} asked {} for no more texts (STOP).", tenant.subdomain);
            return Err(Failure::Run(format!("Not sent: {why}")));
        }
        let delivery = self.delivery(&house.app, channel, address)?;
        let mut opened = Opened::begin(config, std::slice::from_ref(carrier))?;
        let outcome = match opened.carriers.pop() {
            Some(open) => open.try_once(&tenant, &delivery).await,
            None => return Err(self.unknown(&listed)),
        };
        opened.close().await;
        tell(&outcome, &delivery, &tenant, out)
    }

    fn unknown(&self, listed: &[config::Carrier]) -> Failure {
        let names: Vec<&str> = listed.iter().map(|one| one.name.as_str()).collect();
        let names = if names.is_empty() { "none".to_owned() } else { names.join(", ") };
        let name = &self.carrier;
        Failure::Run(format!("There is no carrier {name}; configured: {names} (and capture)."))
    }

    fn channel(&self, carrier: &config::Carrier) -> Result<Channel, Failure> {
        let carried = carrier.channels();
        let wanted = match &self.channel {
            None => carried.first().copied(),
            Some(word) => Channel::parse(word).filter(|channel| carried.contains(channel)),
        };
        let words = || carried.iter().map(|one| one.as_str()).collect::<Vec<_>>().join(", ");
        wanted.ok_or_else(|| {
            Failure::Run(format!("The carrier {} carries only: {}.", carrier.name, words()))
        })
    }

    async fn tenant(&self, app: &App, carrier: &config::Carrier) -> Result<Tenant, Failure> {
        let tenants = app::tenants::list(app).await?;
        let serves = |tenant: &Tenant| {
            carrier.tenants.is_empty() || carrier.tenants.contains(&tenant.subdomain)
        };
        let is_it = |tenant: &Tenant| match &self.tenant {
            None => serves(tenant),
            Some(subdomain) => tenant.subdomain == *subdomain,
        };
        let Some(tenant) = tenants.into_iter().find(is_it) else {
            let wanted = self.tenant.as_deref().unwrap_or("that the carrier serves");
            return Err(Failure::Run(format!("There is no tenant {wanted}.")));
        };
        if !serves(&tenant) {
            let (name, subdomain) = (&carrier.name, &tenant.subdomain);
            return Err(Failure::Run(format!("The carrier {name} does not serve {subdomain}.")));
        }
        Ok(tenant)
    }

    fn delivery(&self, app: &App, channel: Channel, to: String) -> Result<Delivery, Failure> {
        let (key, now) = (app.entropy().uuid(), app.now());
        // It belongs to no account, and is never written down.
        let queued = Delivery::queued(AccountId(0), Cause::Reply, channel, to, key, now);
        let sender = match &self.from {
            Some(from) if channel != Channel::Email => number("--from", from)?,
            Some(from) => from.clone(),
            None => String::new(),
        };
        Ok(Delivery {
            sender,
            subject: "A test of Liberty".to_owned(),
            body: self.text.clone(),
            ..queued
        })
    }
}

fn number(what: &str, text: &str) -> Result<String, Failure> {
    e164(text).map_err(|rule| Failure::Run(format!("Not sent: {what} {rule}.")))
}

fn address(channel: Channel, to: &str) -> Result<String, Failure> {
    if channel != Channel::Email {
        return number(to, to);
    }
    let refused = |rule| Failure::Run(format!("Not sent: the address {rule}."));
    domain::user::check_email(to).map_err(refused).map(|_| to.to_owned())
}

/// Says what happened, in plain words.
fn tell(
    outcome: &Outcome,
    delivery: &Delivery,
    tenant: &Tenant,
    out: Out<'_>,
) -> Result<(), Failure> {
    let (to, class, reason) = match outcome {
        Outcome::Sent { response, references, reach } => {
            let Delivery { channel, address, .. } = delivery;
            writeln!(out, "{} to {address}: {}.", channel.noun(), reached(*reach))?;
            writeln!(out, "The carrier answered: {response}")?;
            for reference in references {
                writeln!(out, "Its id: {reference}")?;
            }
            writeln!(out, "For {}; recorded nowhere.", tenant.subdomain)?;
            return Ok(());
        }
        Outcome::Later { reason, .. } => ("Not sent", "it may work later", reason.as_str()),
        Outcome::Absent(reason) => ("Not reached", "it may work later", reason.as_str()),
        Outcome::Never(reason) => ("Not sent", "it will never work", reason.as_str()),
        Outcome::Unknown(reason) => ("Nobody knows", "it may have gone out", reason.as_str()),
        Outcome::Captured => ("Not sent", "it was captured", ""),
    };
    let reason = reason.trim_end_matches('.');
    Err(Failure::Run(format!("{to}: {reason} ({class}).")))
}

fn reached(reach: Reach) -> &'static str {
    match reach {
        Reach::Carrier => "the carrier took it",
        Reach::Handset => "it reached the phone",
        Reach::Machine => "a machine answered and was told",
        Reach::Person => "a person heard it",
        Reach::Read => "it was read",
        Reach::Acknowledged => "a person heard and acknowledged it",
    }
}
