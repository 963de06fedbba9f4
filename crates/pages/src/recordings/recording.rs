//! One recorded call: the player and the call's figures.

use askama::Template;

use crate::ui::{Fact, Moment, Place, Shell, moment};

/// `GET /recordings/{id}`.
#[derive(Debug, Clone, Template)]
#[template(path = "recordings/recording.html")]
pub(crate) struct Recording {
    /// The frame.
    pub(crate) shell: Shell,
    /// The caller's number as a person reads it.
    pub(crate) from: String,
    /// The account's name.
    pub(crate) account: String,
    /// When it began.
    pub(crate) started_at: Moment,
    /// A signed address that plays; none when the audio is gone.
    pub(crate) audio: Option<String>,
    /// Why there is no audio: "The audio was deleted after 31 days, on Mar 4, 2026."
    pub(crate) gone: String,
    /// Until when the audio is kept.
    pub(crate) kept_until: String,
    /// Talked, waited, held, transferred, wrapped up: label and "2:41".
    pub(crate) figures: Vec<Fact>,
    /// The rest of the call detail record.
    pub(crate) details: Vec<Fact>,
    /// The message that was taken in this call.
    pub(crate) message: Option<String>,
}

impl Recording {
    /// A call that plays.
    pub(crate) fn sample() -> Self {
        Self {
            shell: Shell::sample(Place::Recordings),
            from: "(954) 555-0142".to_owned(),
            account: "Northwind Heating & Air".to_owned(),
            started_at: moment("4 min. ago"),
            audio: Some("/recordings/36/audio?until=1900000000&signature=sample".to_owned()),
            gone: String::new(),
            kept_until: "Apr 4, 2026".to_owned(),
            figures: vec![
                Fact::new("Talked", "2:41"),
                Fact::new("Waited", "0:11"),
                Fact::new("On hold", "0:00"),
                Fact::new("Transferred", "0:00"),
                Fact::new("Wrapped up", "0:19"),
            ],
            details: vec![
                Fact::new("Answered by", "Rosa"),
                Fact::new("Number called", "(954) 555-0120"),
                Fact::new("Kind of call", "Inbound"),
                Fact::new("Skill", "English"),
                Fact::new("Ended by", "Caller"),
                Fact::new("Call id", "4f1c7b5e-744b-11ef-9bdd-02420a1f2070"),
            ],
            message: Some("/messages/940".to_owned()),
        }
    }

    /// A call whose audio is gone.
    pub(crate) fn sample_gone() -> Self {
        Self {
            audio: None,
            gone: "The audio was deleted after 31 days, on March 4, 2026. The call's figures stay."
                .to_owned(),
            message: None,
            ..Self::sample()
        }
    }
}
