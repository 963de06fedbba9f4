//! `liberty check`: everything that is needed to serve, one line each. Changes nothing.

use std::io::Write;
use std::path::Path;
use std::sync::Arc;

use app::App;
use blobs::Blobs;
use store::Db;

use crate::Failure;
use crate::config::Config;
use crate::probes::{self, Readiness};
use crate::system::{self, SystemClock};

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
    if let Some(app) = &app {
        say("tables", tables(app).await)?;
        say("audio folder", audio(config, app).await)?;
    }
    say("mail", mail(config).await)?;
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

async fn database(config: &Config) -> (Found, Option<App>) {
    let url = config.database();
    let path = url.strip_prefix("sqlite:").map(|path| path.split('?').next().unwrap_or(path));
    if let Some(path) = path
        && !Path::new(path).exists()
    {
        let sentence = format!("{path} is not there yet: run `liberty migrate`.");
        return (Found::Wrong(sentence), None);
    }
    match Db::open(&url, 1).await {
        Ok(db) => {
            let kind = match &db {
                Db::Lite { .. } => "SQLite",
                Db::Pg(_) => "PostgreSQL",
            };
            let app = App::new(db, Arc::new(SystemClock), system::entropy());
            (Found::Fine(format!("{kind} answers.")), Some(app))
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

async fn mail(config: &Config) -> Found {
    let Some(mail) = &config.mail else {
        let sentence = "No server is configured: mail is captured, not sent.";
        return Found::Fine(sentence.to_owned());
    };
    match mail.post() {
        Err(error) => Found::Wrong(error.to_string()),
        Ok(post) => match post.mailer.check().await {
            Ok(()) => Found::Fine(format!("{} lets us in.", mail.host)),
            Err(refused) => Found::Wrong(refused.reason),
        },
    }
}
