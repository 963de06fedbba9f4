//! The parts that every command needs: the database, the use cases, the audio.

use std::sync::Arc;

use app::App;
use blobs::Blobs;
use store::Db;

use crate::Failure;
use crate::clock::SharedClock;
use crate::config::Config;
use crate::system;

/// The database and the use cases on it.
#[derive(Clone, Debug)]
pub(crate) struct House {
    /// The database.
    pub(crate) db: Db,
    /// The use cases.
    pub(crate) app: App,
    /// Their clock, which is the database's.
    pub(crate) clock: SharedClock,
}

impl House {
    /// Opens the database, and makes the data directory if it is missing.
    pub(crate) async fn open(config: &Config) -> Result<Self, Failure> {
        std::fs::create_dir_all(&config.data_dir).map_err(|error| {
            let dir = config.data_dir.display();
            Failure::Run(format!("The data directory {dir} cannot be made: {error}."))
        })?;
        let db = Db::open(&config.database(), config.database_connections).await;
        let db = db.map_err(|error| Failure::run("the database cannot be opened", error))?;
        let clock = SharedClock::of(&db).await;
        let clock = clock.map_err(|error| Failure::run("the database has no clock", error))?;
        let app = App::new(db.clone(), Arc::new(clock.clone()), system::entropy());
        let app = app.with_links(config.links());
        Ok(House { db, app, clock })
    }

    /// Opens it and refuses if its tables are not those of this version.
    pub(crate) async fn open_ready(config: &Config) -> Result<Self, Failure> {
        let house = Self::open(config).await?;
        house.require_tables().await?;
        Ok(house)
    }

    /// Refuses if the tables are not those of this version.
    pub(crate) async fn require_tables(&self) -> Result<(), Failure> {
        match self.app.is_ready().await? {
            true => Ok(()),
            false => {
                let sentence = "The database's tables are not those of this version: \
                    run `liberty migrate` first.";
                Err(Failure::Run(sentence.to_owned()))
            }
        }
    }

    /// The folder of the audio, made if it is missing.
    pub(crate) fn audio(&self, config: &Config) -> Result<Blobs, Failure> {
        let audio = Blobs::local(&config.audio());
        audio.map_err(|error| Failure::run("the audio folder cannot be opened", error))
    }
}
