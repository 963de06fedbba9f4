//! `liberty check`: everything that is needed to serve, one line each. Changes nothing.

use std::io::Write;
use std::path::Path;
use std::sync::Arc;

use app::{App, Clock};
use blobs::Blobs;
use domain::Channel;
use store::Db;
use wire::sip::Trunk;

use crate::carriers::{self, Checked};
use crate::clock::SharedClock;
use crate::config::{self, Config, Kind};
use crate::probes::{self, Readiness};
use crate::{Failure, system};

/// A difference between two clocks that somebody should look at, in milliseconds.
const CLOCKS_APART_MS: i64 = 2_000;

/// What one look found.
enum Found {
    Fine(String),
    Odd(String),
    Wrong(String),
}

/// Looks at everything, and fails if anything is wrong.
pub(crate) async fn run(config: &Config, out: &mut (dyn Write + Send)) -> Result<(), Failure> {
    let mut wrong = 0;
    let mut say = |what: &str, found: Found| -> Result<(), Failure> {
        let (word, sentence) = match found {
            Found::Fine(sentence) => ("ok   ", sentence),
            Found::Odd(sentence) => ("warn ", sentence),
            Found::Wrong(sentence) => {
                wrong += 1;
                ("wrong", sentence)
            }
        };
        Ok(writeln!(out, "{word}  {what:<13}  {sentence}")?)
    };
    say("configuration", Found::Fine("Every key is known and fits.".to_owned()))?;
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
        say("mail", Found::Fine(sentence.to_owned()))?;
    }
    if listed.iter().any(|one| matches!(one.kind, Kind::Sip(_))) {
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

fn listen(config: &Config) -> Found {
    let listen = config.listen;
    match std::net::TcpListener::bind(listen) {
        Ok(_) if listen.ip().is_loopback() || config.https => {
            Found::Fine(format!("{listen} can be listened on."))
        }
        Ok(_) => Found::Odd(format!(
            "{listen} can be reached from other machines, and https is false: passwords and \
             tokens go over the line as they are. Put a proxy with TLS in front, and set https."
        )),
        Err(error) => Found::Odd(format!("{listen} cannot be listened on now: {error}.")),
    }
}

async fn database(config: &Config) -> (Found, Option<(App, SharedClock)>) {
    let url = config.database();
    let path = url.strip_prefix("sqlite:").map(|path| path.split('?').next().unwrap_or(path));
    if let Some(path) = path
        && !Path::new(path).exists()
    {
        let sentence = format!("{path} is not there yet: run `liberty migrate`.");
        return (Found::Wrong(sentence), None);
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
            (Found::Fine(format!("{kind} answers.")), Some((app, clock)))
        }
        Err(error) => (Found::Wrong(Failure::run("it does not answer", error).to_string()), None),
    }
}

async fn tables(app: &App) -> Found {
    match app.is_ready().await {
        Ok(true) => Found::Fine("They are those of this version.".to_owned()),
        Ok(false) => {
            Found::Wrong("They are not those of this version: run `liberty migrate`.".to_owned())
        }
        Err(error) => Found::Wrong(Failure::from(error).to_string()),
    }
}

async fn audio(config: &Config, app: &App) -> Found {
    let folder = config.audio();
    let folder = folder.display();
    let readiness = match Blobs::local(&config.audio()) {
        Ok(blobs) => probes::audio(&blobs, &probes::probe_key(app)).await,
        Err(_) => Readiness::Audio,
    };
    match readiness {
        Readiness::Ready => Found::Fine(format!("{folder} can be written.")),
        Readiness::AudioFull => Found::Wrong(format!("{folder} has no room left.")),
        _ => Found::Wrong(format!("{folder} cannot be written.")),
    }
}

/// How far this machine's clock is from the database's, which decides what is due.
fn clock(clock: &SharedClock) -> Found {
    let apart_ms = clock.now().ms_since(system::machine_time());
    let seconds = apart_ms.abs() / 1_000;
    match (apart_ms.abs() > CLOCKS_APART_MS, apart_ms > 0) {
        (false, _) => Found::Fine("This machine's and the database's agree.".to_owned()),
        (true, behind) => {
            let way = if behind { "behind" } else { "ahead of" };
            Found::Odd(format!(
                "This machine's is {seconds} s {way} the database's, which decides what is due."
            ))
        }
    }
}

/// Speaks a word.
async fn speech(config: &Config) -> Found {
    let program = config.speech.command.first().map_or("", String::as_str);
    match config.speech.voice().speak("Liberty").await {
        Ok(spoken) if spoken.duration().is_zero() => {
            Found::Wrong(format!("{program} speaks, and nothing is to be heard."))
        }
        Ok(_) => Found::Fine(format!("{program} speaks.")),
        Err(fault) => Found::Wrong(fault.to_string()),
    }
}

/// Opens a carrier's connection, and sends nothing.
async fn carrier(config: &Config, carrier: &config::Carrier) -> Found {
    let checked = match carriers::checked(carrier) {
        Ok(checked) => checked,
        Err(error) => return Found::Wrong(error.to_string()),
    };
    let (place, looked) = match checked {
        Checked::Smtp(post) => (post.mailer.host().to_owned(), post.mailer.check().await),
        Checked::Smpp(settings) => {
            let looked = wire::smpp::check(&settings).await;
            (settings.host, looked)
        }
        Checked::Rest(account) => (account.host().to_owned(), account.check().await),
        Checked::Sip(settings) => {
            let place = settings.host.clone();
            match Trunk::open(settings, config.speech.voice()) {
                Ok(trunk) => (place, trunk.check().await),
                Err(error) => return Found::Wrong(error.to_string()),
            }
        }
    };
    match looked {
        Ok(()) => Found::Fine(format!("{place} lets us in.")),
        Err(refused) => Found::Wrong(refused.reason),
    }
}

fn public_url(config: &Config) -> Option<Found> {
    let url = config.public_url.as_deref()?;
    Some(match url.starts_with("https://") {
        true => Found::Fine(format!("Carriers report to {url}.")),
        false => Found::Odd(format!(
            "Carriers report to {url}: what they say can be read and changed on its way. \
             Use https."
        )),
    })
}
