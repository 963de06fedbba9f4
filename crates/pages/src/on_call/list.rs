//! The list of rotations: who is on call now and next, with gaps flagged.

use app::on_call::{self, RotationDetail};
use domain::user::Right;
use domain::{Instant, limits};

use super::words::{OnCallPerson, span, when};
use crate::list::{Cell, Column, Cursor, List, ListAsk, ListQuery, Note, PageAsk, Table, Words};
use crate::session::Frame;
use crate::ui::{Empty, Moment, Place, Tone};

/// Rotations by account and name.
#[derive(Clone, Debug)]
pub(crate) struct OnCall {
    pub(crate) sought: String,
    pub(crate) may_change: bool,
    pub(crate) now: Instant,
}

impl List for OnCall {
    type Row = RotationDetail;
    const NAMES: &'static [&'static str] = &["q"];
    const FILE: &'static str = "on-call";
    const COLUMNS: &'static [Column<Self>] = &[
        ("Rotation", |_, it| it.rotation().name.clone()),
        ("Account number", |_, it| it.account.number.clone()),
        ("Account", |_, it| it.account.name.clone()),
        ("On call now", |list, it| list.person(it).name),
        ("Phone", |list, it| list.person(it).phone),
        ("Why", |list, it| list.person(it).why),
        ("Until", |list, it| {
            let until = it.roster.on_call(list.now).until;
            until.map(|at| when(at, &it.rotation().zone)).unwrap_or_default()
        }),
        ("Next", |list, it| {
            let next = it.roster.after(&it.roster.on_call(list.now));
            next.map(|next| OnCallPerson::on(it, &next).name).unwrap_or_default()
        }),
        ("Nobody is on call", |list, it| list.gap(it).unwrap_or_default()),
        ("Time zone", |_, it| it.rotation().zone.name().to_owned()),
    ];

    async fn read(ask: ListAsk<'_>) -> app::Result<Self> {
        let may_change = ask.visitor.actor.role.may(Right::ChangeOnCall);
        Ok(OnCall { sought: ask.query.sought().to_lowercase(), may_change, now: ask.web.app.now() })
    }

    async fn page(&self, ask: PageAsk<'_>) -> app::Result<Vec<RotationDetail>> {
        let mut found =
            on_call::list(ask.app, ask.actor, &[], self.now.minus_ms(limits::DAY_MS)).await?;
        found.retain(|it| {
            let texts = [&it.rotation().name, &it.account.name, &it.account.number];
            texts.iter().any(|text| text.to_lowercase().contains(&self.sought))
        });
        Ok(ask.sliced(found, Self::cursor))
    }

    fn cursor(standing: &RotationDetail) -> Cursor {
        Cursor::Of(standing.rotation().id.0)
    }

    fn address(&self) -> String {
        "/on-call".to_owned()
    }

    fn none_yet(&self) -> Empty {
        let text = "A rotation says who is called at night and on weekends: people of one account \
                    who take turns. Who is on call now and next appears here.";
        let empty = Empty::new("phone-call", "No rotation yet", text);
        match self.may_change {
            true => empty.with_action("/on-call/new", "Make the first one"),
            false => empty,
        }
    }

    fn none_fits(&self, _: &ListQuery) -> Empty {
        Empty::new("search", "No rotation fits", "Try a part of another name.")
            .with_action("/on-call", "Show all")
    }
}

impl Table for OnCall {
    const PLACE: Place = Place::OnCall;
    const WORDS: Words = Words {
        title: "On-call",
        lead: "Who is called now, and who is next.",
        older: "More rotations",
        class: "on-call",
        search: "Rotation or account",
    };
    const HEADS: &'static [&'static str] = &["Rotation", "On call now", "Until", "Next"];

    fn cells(&self, standing: &RotationDetail) -> Vec<Cell> {
        let rotation = standing.rotation();
        let watch = standing.roster.on_call(self.now);
        let (href, account) = (format!("/on-call/{}", rotation.id), standing.account.name.clone());
        vec![
            Cell::Link(href, rotation.name.clone(), account),
            Cell::OnCall(OnCallPerson::on(standing, &watch)),
            match watch.until {
                Some(at) => Cell::At(Moment::at(at, self.now, &rotation.zone)),
                None => Cell::None("Without an end"),
            },
            match standing.roster.after(&watch) {
                Some(next) => Cell::OnCall(OnCallPerson::on(standing, &next)),
                None => Cell::None("–"),
            },
        ]
    }

    fn action(&self, _: &Frame) -> Option<(String, &'static str)> {
        self.may_change.then(|| ("/on-call/new".to_owned(), "Make a rotation"))
    }

    fn notes(&self, rows: &[RotationDetail]) -> Vec<Note> {
        let note = |standing: &RotationDetail| {
            let (gap, rotation) = (self.gap(standing)?, standing.rotation());
            let text = format!("in {} of {} from {gap}.", rotation.name, standing.account.name);
            let link = Some((format!("/on-call/{}", rotation.id), "See the rotation".to_owned()));
            let strong = "Nobody is on call";
            Some(Note { tone: Tone::Red, icon: "siren", strong, text, link })
        };
        rows.iter().filter_map(note).collect()
    }
}

impl OnCall {
    fn person(&self, standing: &RotationDetail) -> OnCallPerson {
        OnCallPerson::on(standing, &standing.roster.on_call(self.now))
    }

    /// When nobody will be on call, as the last check found it, unless it is over.
    fn gap(&self, standing: &RotationDetail) -> Option<String> {
        let rotation = standing.rotation();
        let (from, until) = rotation.gap.filter(|(_, until)| *until > self.now)?;
        Some(span(from.max(self.now), until, &rotation.zone))
    }
}
