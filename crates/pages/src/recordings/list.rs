//! The list of recordings.

use app::calls::{self, Position, RecordingQuery};
use domain::{Recording, RecordingId, limits};

use super::recording::{agent, from};
use crate::list::{
    Cell, Column, Cursor, Ground, List, ListAsk, ListQuery, PageAsk, Table, Words, utc,
};
use crate::ui::{Empty, Field, Place, clock};

/// Recordings whose audio is kept, the newest call first.
#[derive(Clone, Debug)]
pub(crate) struct Recordings {
    pub(crate) ground: Ground,
    pub(crate) query: RecordingQuery,
}

impl List for Recordings {
    type Row = Recording;
    const NAMES: &'static [&'static str] = &["account_number", "from_date", "to_date"];
    const IS_TIMED: bool = true;
    const FILE: &'static str = "recordings";
    const COLUMNS: &'static [Column<Self>] = &[
        ("Recording", |_, it| it.id.to_string()),
        ("Started (UTC)", |_, it| utc(it.call.started_at)),
        ("Started", |list, it| list.ground.local(it.call.started_at, it.call.account_id)),
        ("Account number", |_, it| it.call.account_number.clone()),
        ("Account", |list, it| list.ground.name(it.call.account_id)),
        ("Caller", |_, it| it.call.from.clone()),
        ("Number called", |_, it| it.call.did_number.clone()),
        ("Answered by", |_, it| agent(&it.call).to_owned()),
        ("Talked (seconds)", |_, it| it.call.cdr.talk_sec.to_string()),
        ("Waited (seconds)", |_, it| it.call.cdr.wait_sec.to_string()),
        ("On hold (seconds)", |_, it| it.call.cdr.hold_sec.to_string()),
        ("Ended by", |_, it| it.call.cdr.who_hung_up.clone()),
        ("Call id", |_, it| it.call.call_sid.clone()),
        ("Kept until (UTC)", |_, it| utc(it.expires_at)),
    ];

    async fn read(ask: ListAsk<'_>) -> app::Result<Self> {
        let ground = ask.ground().await?;
        let account_numbers = ask.query.account(&ground.accounts);
        let (from, to) = ask.query.days();
        Ok(Recordings { ground, query: RecordingQuery { account_numbers, from, to } })
    }

    async fn page(&self, ask: PageAsk<'_>) -> app::Result<Vec<Recording>> {
        let PageAsk { app, actor, after, limit } = ask;
        let filter = calls::filter(app, actor, self.query.clone()).await?;
        let after = after.and_then(Cursor::at);
        let after = after.map(|(started_at, id)| Position { started_at, id: RecordingId(id) });
        calls::page(app, actor, &filter, after, limit).await
    }

    fn cursor(recording: &Recording) -> Cursor {
        Cursor::At(recording.call.started_at, recording.id.0)
    }

    fn address(&self) -> String {
        "/recordings".to_owned()
    }

    fn fields(&self, query: &ListQuery) -> Vec<Field> {
        self.ground.choice(query).into_iter().chain(Ground::days()).collect()
    }

    fn none_yet(&self) -> Empty {
        let text = format!(
            "Recorded calls appear here as soon as the telephone system hands them over, and are \
             kept for {} days.",
            limits::RECORDING_DAYS
        );
        Empty::new("audio-lines", "No recordings here", &text)
    }
}

impl Table for Recordings {
    const PLACE: Place = Place::Recordings;
    const WORDS: Words = Words {
        title: "Recordings",
        lead: "Calls that were recorded. The audio is kept for 31 days, the call's figures stay.",
        older: "Older recordings",
        class: "",
        search: "",
    };
    const HEADS: &'static [&'static str] = &["Caller", "Account", "Answered by", "When", "Talked"];

    fn cells(&self, recording: &Recording) -> Vec<Cell> {
        let call = &recording.call;
        vec![
            Cell::link(format!("/recordings/{}", recording.id), &from(&call.from)),
            Cell::Text(self.ground.name(call.account_id)),
            Cell::Text(agent(call).to_owned()),
            Cell::At(self.ground.moment(call.started_at, call.account_id)),
            Cell::Figure(clock(call.cdr.talk_sec)),
        ]
    }
}
