//! The carriers of the configuration, opened: connections that last, and what comes in over them.

use std::time::Duration;

use app::App;
use tokio::task::JoinHandle;
use tokio::time::timeout;
use wire::rest;
use wire::sip::Trunk;
use wire::smpp::Smsc;
use wire::speech::Speech;
use worker::{Callbacks, Carrier, Carriers, Line, Post, Reports, Sender};

use crate::config::{self, CarrierKind, Config, ConfigError};

/// How long an SMS centre gets to take leave of us.
const GOODBYE: Duration = Duration::from_secs(3);

/// Carriers that are open.
pub(crate) struct Opened {
    /// The carriers, in their order.
    pub(crate) carriers: Vec<Carrier>,
    /// The SMS centres among them, which are to be told when it is over.
    centres: Vec<Smsc>,
    /// What they report.
    reports: Vec<Reports>,
}

/// What still runs for open carriers while they are used.
pub(crate) struct Running {
    centres: Vec<Smsc>,
    listeners: Vec<JoinHandle<()>>,
}

/// A carrier's settings, found to be such that it can be tried.
pub(crate) enum CheckedCarrier {
    /// A mail server, and whom mail through it is from.
    Smtp(Post),
    /// An SMS centre.
    Smpp(wire::smpp::SmppSettings),
    /// An account with a carrier of the REST form.
    Rest(rest::RestCarrier),
    /// A SIP trunk.
    Sip(wire::sip::SipSettings),
}

/// The configuration's carriers in their order; the section `[mail]` is the last.
pub(crate) fn listed(config: &Config) -> Vec<config::Carrier> {
    let mail = config.mail.as_ref().map(config::Carrier::mail);
    config.carriers.iter().cloned().chain(mail).collect()
}

/// Reads what a carrier's settings name, and refuses what no connection could work with.
pub(crate) fn checked(carrier: &config::Carrier) -> Result<CheckedCarrier, ConfigError> {
    let section = &carrier.section;
    match &carrier.kind {
        CarrierKind::Smtp(mail) => Ok(CheckedCarrier::Smtp(mail.post(section)?)),
        CarrierKind::Smpp(smpp) => Ok(CheckedCarrier::Smpp(smpp.settings(section)?)),
        CarrierKind::Rest(rest) => {
            let settings = rest.settings(section, carrier.honours_key)?;
            let opened = rest::RestCarrier::new(settings).map_err(|error| bad(carrier, &error))?;
            Ok(CheckedCarrier::Rest(opened))
        }
        CarrierKind::Sip(sip) => Ok(CheckedCarrier::Sip(sip.settings(carrier.slots))),
    }
}

fn bad(carrier: &config::Carrier, error: &dyn std::error::Error) -> ConfigError {
    ConfigError(format!("{}: {error}", carrier.section))
}

impl Opened {
    /// Opens these carriers. Inside a runtime: connections that last are begun at once.
    pub(crate) fn begin(config: &Config, listed: &[config::Carrier]) -> Result<Self, ConfigError> {
        // Nothing is begun before all of it can be.
        let checked = listed.iter().map(|one| Ok((one, checked(one)?)));
        let checked: Vec<_> = checked.collect::<Result<_, ConfigError>>()?;
        let voice = config.speech.voice();
        let mut opened = Opened { carriers: Vec::new(), centres: Vec::new(), reports: Vec::new() };
        for (one, checked) in checked {
            let line = opened.line(config, one, checked, &voice)?;
            opened.carriers.push(Carrier {
                name: one.name.clone(),
                tenants: one.tenants.clone(),
                channels: one.channels(),
                honours_key: one.honours_key,
                slots: one.slots,
                line,
            });
        }
        Ok(opened)
    }

    fn line(
        &mut self,
        config: &Config,
        one: &config::Carrier,
        checked: CheckedCarrier,
        voice: &Speech,
    ) -> Result<Line, ConfigError> {
        let sender = Sender(one.from().unwrap_or_default().to_owned());
        Ok(match checked {
            CheckedCarrier::Smtp(post) => Line::Mail(post),
            CheckedCarrier::Smpp(settings) => {
                let (smsc, receiver) = Smsc::open(settings).map_err(|error| bad(one, &error))?;
                let (carrier, tenants) = (one.name.clone(), one.tenants.clone());
                self.reports.push(Reports { carrier, tenants, receiver });
                self.centres.push(smsc.clone());
                Line::Smpp(smsc, sender)
            }
            CheckedCarrier::Rest(carrier) => {
                let base = config.callback_url(&one.name);
                let (status, keys) = (format!("{base}/status"), format!("{base}/keys"));
                let callbacks = Callbacks { status: Some(status), keys: Some(keys) };
                Line::Rest(carrier, sender, callbacks)
            }
            CheckedCarrier::Sip(settings) => {
                let trunk = Trunk::open(settings, voice.clone());
                Line::Sip(trunk.map_err(|error| bad(one, &error))?, sender)
            }
        })
    }

    /// Begins to take in what the carriers report.
    pub(crate) fn run(self, app: &App) -> (Carriers, Running) {
        let listen = |reports: Reports| tokio::spawn(reports.take_in(app.clone()));
        let listeners = self.reports.into_iter().map(listen).collect();
        (Carriers::new(self.carriers), Running { centres: self.centres, listeners })
    }

    /// Ends connections that nothing was to be reported over.
    pub(crate) async fn close(self) {
        close(self.centres).await;
    }
}

impl Running {
    /// Takes leave of the SMS centres, and writes down what they reported until then.
    pub(crate) async fn close(self) {
        close(self.centres).await;
        for listener in self.listeners {
            // One that does not end has a database that does not answer; nothing helps it now.
            let _ = timeout(GOODBYE, listener).await;
        }
    }
}

async fn close(centres: Vec<Smsc>) {
    let mut leaving = tokio::task::JoinSet::new();
    for centre in centres {
        // Who does not let us go is left.
        leaving.spawn(async move { timeout(GOODBYE, centre.close()).await });
    }
    leaving.join_all().await;
}
