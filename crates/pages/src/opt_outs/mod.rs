//! Phones that asked for no more texts, and the texts that came in.

use app::texts::{self, InboundText, OptOut};
use askama::Template;
use axum::extract::{RawQuery, State};
use domain::user::Right;
use domain::{Instant, Zone};
use web::{Routes, Web};

use crate::form::editor::{create, fresh};
use crate::form::{Answer, Ask, Editor, Form};
use crate::list::{Column, Cursor, List, ListAsk, ListFrame, Listing, PageAsk, export, utc};
use crate::session::{Fields, PageError, Posted, SignedIn, page};
use crate::ui::{Empty, Field, FieldKind, Moment, Place, Shell, phone};

/// Texts that are shown.
const TEXTS: usize = 50;

/// `GET /opt-outs`; `POST /opt-outs` adds a phone, `POST /opt-outs/remove` takes one off.
#[derive(Debug, Template)]
#[template(path = "opt_outs/opt_outs.html")]
pub(crate) struct OptOuts {
    shell: Shell,
    list: ListFrame,
    ground: OptOutGround,
    form: Form,
}

/// The phones that asked for no more texts, the newest first.
#[derive(Clone, Copy, Debug)]
pub(crate) struct OptOutPhones;

impl List for OptOutPhones {
    type Row = OptOut;
    const FILE: &'static str = "opt-outs";
    const COLUMNS: &'static [Column<Self>] = &[
        ("Phone", |_, row| phone(&row.address)),
        ("Number", |_, row| row.address.trim_start_matches('+').to_owned()),
        ("How they asked", |_, row| how(row)),
        ("When (UTC)", |_, row| utc(row.opted_out_at)),
    ];

    async fn read(_: ListAsk<'_>) -> app::Result<Self> {
        Ok(OptOutPhones)
    }

    async fn page(&self, ask: PageAsk<'_>) -> app::Result<Vec<OptOut>> {
        Ok(ask.sliced(texts::opt_outs(ask.app, ask.actor).await?, Self::cursor))
    }

    fn cursor(row: &OptOut) -> Cursor {
        let digits = row.address.trim_start_matches('+');
        Cursor::Of(digits.parse().unwrap_or_default())
    }

    fn address(&self) -> String {
        "/opt-outs".to_owned()
    }

    fn none_yet(&self) -> Empty {
        let text = "Whoever answers a text with STOP appears here, and gets no more texts from \
                    any account until they answer START.";
        Empty::new("hand", "Nobody has opted out", text)
    }
}

/// The addresses of opted-out phones.
pub(crate) fn routes() -> Routes {
    let acts = Routes::new()
        .get("/opt-outs.csv", export::<OptOutPhones>)
        .post("/opt-outs", create::<OptOutEditor>)
        .post("/opt-outs/remove", remove)
        .needing(Right::ManageAccounts);
    Place::OptOuts.route(show).merge(acts)
}

/// What the page is drawn from.
#[derive(Clone, Debug)]
pub(crate) struct OptOutGround {
    pub(crate) listing: Listing<OptOutPhones>,
    pub(crate) texts: Vec<InboundText>,
    pub(crate) now: Instant,
    pub(crate) zone: Zone,
}

impl OptOutGround {
    async fn load(web: &Web, visitor: &SignedIn, query: Option<&str>) -> Result<Self, PageError> {
        Ok(OptOutGround {
            listing: Listing::load(web, visitor, 0, query).await?,
            texts: texts::received(&web.app, &visitor.actor, TEXTS).await?,
            now: web.app.now(),
            zone: visitor.tenant.zone.clone(),
        })
    }
}

impl OptOuts {
    /// What stands where no text came in.
    pub(crate) fn no_texts() -> Empty {
        let text = "What people text to your lines appears here, once a carrier brings it.";
        Empty::new("message-square", "No text came in", text)
    }

    fn moment(&self, at: &Instant) -> Moment {
        Moment::at(*at, self.ground.now, &self.ground.zone)
    }

    /// What was made of a text.
    fn meaning(&self, text: &InboundText) -> &'static str {
        match text.meaning.as_str() {
            "stop" => "No more texts",
            "start" => "Texts again",
            "help" => "Asked for help",
            _ => "Kept",
        }
    }
}

/// The form that puts a phone on the list.
#[derive(Debug)]
pub(crate) struct OptOutEditor;

impl Editor for OptOutEditor {
    const PLACE: Place = Place::OptOuts;
    type Ground = OptOutGround;
    type Page = OptOuts;

    async fn ground(ask: Ask<'_>) -> Result<OptOutGround, PageError> {
        OptOutGround::load(ask.web, ask.visitor, None).await
    }

    fn form(_: &OptOutGround, typed: Option<&Fields>) -> Form {
        let phone = Field::new(FieldKind::Phone, "phone", "Phone").required().max_length(40);
        Form::new([phone]).filled(typed)
    }

    fn draw(mut shell: Shell, ground: &OptOutGround, form: Form) -> OptOuts {
        let list = ground.listing.frame(&mut shell);
        OptOuts { shell, list, ground: ground.clone(), form }
    }

    async fn save(ask: Ask<'_>, _: &OptOutGround, typed: &Fields) -> Answer {
        let number = typed.text("phone");
        texts::opt_out(&ask.web.app, &ask.visitor.actor, number).await?;
        ask.done("/opt-outs", &format!("{} gets no more texts.", phone(number)))
    }
}

/// How somebody asked for it.
pub(crate) fn how(row: &OptOut) -> String {
    match row.word.trim() {
        "" => "Added here".to_owned(),
        word => format!("“{word}”"),
    }
}

/// `GET /opt-outs`.
async fn show(visitor: SignedIn, State(web): State<Web>, RawQuery(query): RawQuery) -> Answer {
    let ground = OptOutGround::load(&web, &visitor, query.as_deref()).await?;
    let shell = visitor.shell(&web, Place::OptOuts).await?;
    let form = fresh::<OptOutEditor>(&ground);
    Ok(page(ground.listing.status(), &OptOutEditor::draw(shell, &ground, form)))
}

/// `POST /opt-outs/remove`.
async fn remove(State(web): State<Web>, Posted { visitor, fields }: Posted) -> Answer {
    let number = fields.text("phone");
    texts::opt_in(&web.app, &visitor.actor, number).await?;
    Ok(visitor.done(&web, "/opt-outs", &format!("{} may be texted again.", phone(number))))
}
