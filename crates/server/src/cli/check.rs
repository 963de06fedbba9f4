//! `liberty check`: everything that is needed to serve, one line each. Changes nothing.

use std::path::Path;
use std::sync::Arc;

use app::{App, Clock};
use blobs::Blobs;
use domain::Channel;
use store::Db;
use wire::sip::Trunk;

use super::Out;
use crate::carriers::{self, CheckedCarrier};
use crate::clock::SharedClock;
use crate::config::{self, CarrierKind, Config};
use crate::probes::{self, Readiness};
use crate::{Failure, system};

/// A difference between two clocks that somebody should look at, in milliseconds.
const CLOCKS_APART_MS: i64 = 2_000;

/// What one look found.
enum Finding {
    Fine(String),
    Odd(String),
    Wrong(String),
}

/// Looks at everything, and fails if anything is wrong.
pub(crate) async fn run(config: &Config, out: Out<'_>) -> Result<(), Failure> {
    let mut wrong = 0;
    let mut say = |what: &str, found: Finding| -> Result<(), Failure> {
        let (word, sentence) = match found {
            Finding::Fine(sentence) => ("ok   ", sentence),
            Finding::Odd(sentence) => ("warn ", sentence),
            Finding::Wrong(sentence) => {
                wrong += 1;
                ("wrong", sentence)
            }
        };
        Ok(writeln!(out, "{word}  {what:<13}  {sentence}")?)
    };
    say("configuration", Finding::Fine("Every key is known and fits.".to_owned()))?;
    say("listen", listen(config))?;
    let (database, app) = database(config).await;
    say("database", database)?;
    if let Some((app, shared)) = &app {
        say("clock", clock(shared))?;
        say("tables", tables(app).await)?;
        say("audio folder", audio(config, app).await)?;
    }
    if let Some(found) = public_url(config) {
        say("public_url", found)?;
    }
    let listed = carriers::listed(config);
    if !listed.iter().any(|one| one.channels().contains(&Channel::Email)) {
        let sentence = "No server is configured: mail is captured, not sent.";
        say("mail", Finding::Fine(sentence.to_owned()))?;
    }
    if listed.iter().any(|one| matches!(one.kind, CarrierKind::Sip(_))) {
        say("speech", speech(config).await)?;
    }
    for one in &listed {
        say(&one.name, carrier(config, one).await)?;
    }
    match wrong {
        0 => Ok(()),
        1 => Err(Failure::Run("One thing is wrong.".to_owned())),
        n => Err(Failure::Run(format!("{n} things are wrong."))),
    }
}

fn listen(config: &Config) -> Finding {
    let listen = config.listen;
    match std::net::TcpListener::bind(listen) {
        Ok(_) if listen.ip().is_loopback() || config.https => {
            Finding::Fine(format!("{listen} can be listened on."))
        }
        Ok(_) => Finding::Odd(format!(
            "{listen} can be reached from other machines, and https is false: passwords and \
             tokens go over the line as they are. Put a proxy with TLS in front, and set https."
        )),
        Err(error) => Finding::Odd(format!("{listen} cannot be listened on now: {error}.")),
    }
}

async fn database(config: &Config) -> (Finding, Option<(App, SharedClock)>) {
    let url = config.database();
    let path = url.strip_prefix("sqlite:").map(|path| path.split('?').next().unwrap_or(path));
    if let Some(path) = path
        && !Path::new(path).exists()
    {
        let sentence = format!("{path} is not there yet: run `liberty migrate`.");
        return (Finding::Wrong(sentence), None);
    }
    let opened = async {
        let db = Db::open(&url, 1).await?;
        let clock = SharedClock::of(&db).await?;
        Ok::<_, store::Error>((db, clock))
    };
    match opened.await {
        Ok((db, clock)) => {
            let kind = match &db {
                Db::Lite { .. } => "SQLite",
                Db::Pg(_) => "PostgreSQL",
            };
            let app = App::new(db, Arc::new(clock.clone()), system::entropy());
            (Finding::Fine(format!("{kind} answers.")), Some((app, clock)))
        }
        Err(error) => (Finding::Wrong(Failure::run("it does not answer", error).to_string()), None),
    }
}

async fn tables(app: &App) -> Finding {
    match app.is_ready().await {
        Ok(true) => Finding::Fine("They are those of this version.".to_owned()),
        Ok(false) => {
            Finding::Wrong("They are not those of this version: run `liberty migrate`.".to_owned())
        }
        Err(error) => Finding::Wrong(Failure::from(error).to_string()),
    }
}

async fn audio(config: &Config, app: &App) -> Finding {
    let folder = config.audio();
    let folder = folder.display();
    let readiness = match Blobs::local(&config.audio()) {
        Ok(blobs) => probes::audio(&blobs, &probes::probe_key(app)).await,
        Err(_) => Readiness::Audio,
    };
    match readiness {
        Readiness::Ready => Finding::Fine(format!("{folder} can be written.")),
        Readiness::AudioFull => Finding::Wrong(format!("{folder} has no room left.")),
        _ => Finding::Wrong(format!("{folder} cannot be written.")),
    }
}

/// How far this machine's clock is from the database's, which decides what is due.
fn clock(clock: &SharedClock) -> Finding {
    let apart_ms = clock.now().ms_since(system::machine_time());
    let seconds = apart_ms.abs() / 1_000;
    match (apart_ms.abs() > CLOCKS_APART_MS, apart_ms > 0) {
        (false, _) => Finding::Fine("This machine's and the database's agree.".to_owned()),
        (true, behind) => {
            let way = if behind { "behind" } else { "ahead of" };
            Finding::Odd(format!(
                "This machine's is {seconds} s {way} the database's, which decides what is due."
            ))
        }
    }
}

/// Speaks a word.
async fn speech(config: &Config) -> Finding {
    let program = config.speech.command.first().map_or("", String::as_str);
    match config.speech.voice().speak("Liberty").await {
        Ok(spoken) if spoken.duration().is_zero() => {
            Finding::Wrong(format!("{program} speaks, and nothing is to be heard."))
        }
        Ok(_) => Finding::Fine(format!("{program} speaks.")),
        Err(fault) => Finding::Wrong(fault.to_string()),
    }
}

/// Opens a carrier's connection, and sends nothing.
async fn carrier(config: &Config, carrier: &config::Carrier) -> Finding {
    let checked = match carriers::checked(carrier) {
        Ok(checked) => checked,
        Err(error) => return Finding::Wrong(error.to_string()),
    };
    let (place, looked) = match checked {
        CheckedCarrier::Smtp(post) => (post.mailer.host().to_owned(), post.mailer.check().await),
        CheckedCarrier::Smpp(settings) => {
            let looked = wire::smpp::check(&settings).await;
            (settings.host, looked)
        }
        CheckedCarrier::Rest(account) => (account.host().to_owned(), account.check().await),
        CheckedCarrier::Sip(settings) => {
            let place = settings.host.clone();
            match Trunk::open(settings, config.speech.voice()) {
                Ok(trunk) => (place, trunk.check().await),
                Err(error) => return Finding::Wrong(error.to_string()),
            }
        }
    };
    match looked {
        Ok(()) => Finding::Fine(format!("{place} lets us in.")),
        Err(refused) => Finding::Wrong(refused.reason),
    }
}

fn public_url(config: &Config) -> Option<Finding> {
    let url = config.public_url.as_deref()?;
    Some(match url.starts_with("https://") {
        true => Finding::Fine(format!("Carriers report to {url}.")),
        false => Finding::Odd(format!(
            "Carriers report to {url}: what they say can be read and changed on its way. \
             Use https."
        )),
    })
}
