//! Phones that asked for no more texts, and the texts that came in.

use app::Error;
use app::texts::{self, InboundText, OptOut};
use askama::Template;
use axum::extract::{RawQuery, State};
use axum::http::StatusCode;
use axum::response::Response;
use domain::Invalid;
use domain::user::Right;
use web::{Routes, Web};

use crate::list::{
    Column, Cursor, List, ListAsk, ListFrame, ListQuery, Listing, PageAsk, export, utc,
};
use crate::sample;
use crate::session::{Fields, Frame, PageError, Posted, SignedIn, page};
use crate::ui::{Empty, Field, FieldKind, Flash, Moment, Place, Shell, blame, phone, retype};

/// Texts that are shown.
const TEXTS: usize = 50;

/// `GET /opt-outs`; `POST /opt-outs` adds a phone, `POST /opt-outs/remove` takes one off.
#[derive(Debug, Clone, Template)]
#[template(path = "opt_outs/opt_outs.html")]
pub(crate) struct OptOuts {
    /// The frame.
    pub(crate) shell: Shell,
    /// What stands around the phones.
    pub(crate) list: ListFrame,
    /// The newest first.
    pub(crate) phones: Vec<OptOutRow>,
    /// Texts that came in, the newest first.
    pub(crate) texts: Vec<TextRow>,
    /// Posts a phone: `phone`.
    pub(crate) new_phone: Field,
}

/// A phone that asked for no more texts.
#[derive(Debug, Clone)]
pub(crate) struct OptOutRow {
    /// As it is posted: `+15615550100`.
    pub(crate) address: String,
    /// As a person reads it.
    pub(crate) phone: String,
    /// What it said, or who put it on the list.
    pub(crate) how: String,
    /// When.
    pub(crate) at: Moment,
}

/// A text that came in.
#[derive(Debug, Clone)]
pub(crate) struct TextRow {
    /// Who sent it.
    pub(crate) from: String,
    /// Our number that it was sent to.
    pub(crate) to: String,
    /// What it says.
    pub(crate) text: String,
    /// What was made of it.
    pub(crate) meaning: &'static str,
    /// When it came.
    pub(crate) at: Moment,
}

/// The phones that asked for no more texts, the newest first.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Phones;

impl List for Phones {
    type Row = OptOut;
    const FILE: &'static str = "opt-outs";
    const COLUMNS: &'static [Column<Self>] = &[
        ("Phone", |_, row| phone(&row.address)),
        ("Number", |_, row| row.address.trim_start_matches('+').to_owned()),
        ("How they asked", |_, row| how(row)),
        ("When (UTC)", |_, row| utc(row.opted_out_at)),
    ];

    async fn read(_: ListAsk<'_>) -> app::Result<Self> {
        Ok(Phones)
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
        .get("/opt-outs.csv", export::<Phones>)
        .post("/opt-outs", add)
        .post("/opt-outs/remove", remove)
        .needing(Right::ManageAccounts);
    Place::OptOuts.route(show).merge(acts)
}

impl OptOuts {
    /// What stands where no text came in.
    pub(crate) fn no_texts() -> Empty {
        let text = "What people text to your lines appears here, once a carrier brings it.";
        Empty::new("message-square", "No text came in", text)
    }

    fn field() -> Field {
        Field::new(FieldKind::Phone, "phone", "Phone").required().max_length(40)
    }

    fn draw(mut frame: Frame, listing: &Listing<Phones>, texts: Vec<InboundText>) -> Self {
        let list = listing.frame(&mut frame.shell);
        let Frame { shell, zone, now, .. } = frame;
        let row = |row: &OptOut| OptOutRow {
            address: row.address.clone(),
            phone: phone(&row.address),
            how: how(row),
            at: Moment::at(row.opted_out_at, now, &zone),
        };
        let text = |text: InboundText| TextRow {
            from: phone(&text.sender),
            to: phone(&text.recipient),
            meaning: match text.meaning.as_str() {
                "stop" => "No more texts",
                "start" => "Texts again",
                "help" => "Asked for help",
                _ => "Kept",
            },
            at: Moment::at(text.received_at, now, &zone),
            text: text.text,
        };
        OptOuts {
            phones: listing.rows.iter().map(row).collect(),
            texts: texts.into_iter().map(text).collect(),
            new_phone: Self::field(),
            list,
            shell,
        }
    }

    fn sampled(phones: Vec<OptOut>, texts: Vec<InboundText>) -> Self {
        let listing = Listing::of(Phones, ListQuery::default(), phones);
        Self::draw(Frame::sample(Place::OptOuts), &listing, texts)
    }

    /// Some phones and texts.
    pub(crate) fn sample() -> Self {
        Self::sampled(sample::opt_outs(), sample::texts())
    }

    /// Before anybody asked, and with a number that was refused.
    pub(crate) fn sample_empty() -> Self {
        let new_phone = Self::field().value("911").error("Phone is too short.");
        Self { new_phone, ..Self::sampled(Vec::new(), Vec::new()) }
    }
}

/// How somebody asked for it.
fn how(row: &OptOut) -> String {
    match row.word.trim() {
        "" => "Added here".to_owned(),
        word => format!("“{word}”"),
    }
}

/// The page, and whether its address is sound.
async fn drawn(
    web: &Web,
    visitor: &SignedIn,
    query: Option<&str>,
) -> Result<(StatusCode, OptOuts), PageError> {
    let listing = Listing::<Phones>::load(web, visitor, 0, query).await?;
    let texts = texts::received(&web.app, &visitor.actor, TEXTS).await?;
    let frame = visitor.frame(web, Place::OptOuts).await?;
    Ok((listing.status(), OptOuts::draw(frame, &listing, texts)))
}

/// `GET /opt-outs`.
async fn show(
    visitor: SignedIn,
    State(web): State<Web>,
    RawQuery(query): RawQuery,
) -> Result<Response, PageError> {
    let (status, view) = drawn(&web, &visitor, query.as_deref()).await?;
    Ok(page(status, &view))
}

/// `POST /opt-outs`.
async fn add(
    State(web): State<Web>,
    Posted { visitor, fields }: Posted,
) -> Result<Response, PageError> {
    let number = fields.text("phone");
    match texts::opt_out(&web.app, &visitor.actor, number).await {
        Ok(()) => {
            let text = format!("{} gets no more texts.", phone(number));
            Ok(visitor.sent_to(&web, "/opt-outs", &Flash::done(&text)))
        }
        Err(Error::Invalid(faults)) => refused(&web, &visitor, &fields, &faults).await,
        Err(error) => Err(error.into()),
    }
}

/// `POST /opt-outs/remove`.
async fn remove(
    State(web): State<Web>,
    Posted { visitor, fields }: Posted,
) -> Result<Response, PageError> {
    let number = fields.text("phone");
    texts::opt_in(&web.app, &visitor.actor, number).await?;
    let text = format!("{} may be texted again.", phone(number));
    Ok(visitor.sent_to(&web, "/opt-outs", &Flash::done(&text)))
}

async fn refused(
    web: &Web,
    visitor: &SignedIn,
    posted: &Fields,
    faults: &Invalid,
) -> Result<Response, PageError> {
    let (_, mut drawn) = drawn(web, visitor, None).await?;
    retype([&mut drawn.new_phone], posted);
    let others = blame([&mut drawn.new_phone], faults, str::to_owned);
    if !others.is_empty() {
        drawn.new_phone.error.get_or_insert_default().push_str(&others.join(" "));
    }
    Ok(page(StatusCode::UNPROCESSABLE_ENTITY, &drawn))
}
