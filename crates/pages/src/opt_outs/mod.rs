//! Phones that asked for no more texts, and the texts that came in.

use app::{Error, texts};
use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use domain::Invalid;
use domain::user::Right;
use web::{Routes, Web};

use crate::session::{Fields, PageError, Posted, SignedIn, page};
use crate::ui::{
    Empty, Field, FieldKind, Flash, Moment, Place, Shell, blame, moment, phone, retype,
};

/// Texts that are shown.
const TEXTS: usize = 50;

/// `GET /opt-outs`; `POST /opt-outs` adds a phone, `POST /opt-outs/remove` takes one off.
#[derive(Debug, Clone, Template)]
#[template(path = "opt_outs/opt_outs.html")]
pub(crate) struct OptOuts {
    /// The frame.
    pub(crate) shell: Shell,
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

/// The addresses of opted-out phones.
pub(crate) fn routes() -> Routes {
    let acts = Routes::new().post("/opt-outs", add).post("/opt-outs/remove", remove);
    Place::OptOuts.route(show).merge(acts.needing(Right::ManageAccounts))
}

impl OptOuts {
    /// What stands where no phone is on the list.
    pub(crate) fn nobody() -> Empty {
        let text = "Whoever answers a text with STOP appears here, and gets no more texts from \
                    any account until they answer START.";
        Empty::new("hand", "Nobody has opted out", text)
    }

    /// What stands where no text came in.
    pub(crate) fn no_texts() -> Empty {
        let text = "What people text to your lines appears here, once a carrier brings it.";
        Empty::new("message-square", "No text came in", text)
    }

    fn field() -> Field {
        Field::new(FieldKind::Phone, "phone", "Phone").required().max_length(40)
    }

    /// Some phones and texts.
    pub(crate) fn sample() -> Self {
        let row = |address: &str, how: &str| OptOutRow {
            address: address.to_owned(),
            phone: phone(address),
            how: how.to_owned(),
            at: moment("3 days ago"),
        };
        let text = |text: &str, meaning| TextRow {
            from: "(561) 555-0100".to_owned(),
            to: "(954) 555-0120".to_owned(),
            text: text.to_owned(),
            meaning,
            at: moment("3 days ago"),
        };
        Self {
            shell: Shell::sample(Place::OptOuts),
            phones: vec![row("+15615550100", "“Stop”"), row("+15615550101", "Added here")],
            texts: vec![text("Stop", "No more texts"), text("On my way", "Kept")],
            new_phone: Self::field(),
        }
    }

    /// Before anybody asked, and with a number that was refused.
    pub(crate) fn sample_empty() -> Self {
        let new_phone = Self::field().value("911").error("Phone is too short.");
        Self { phones: Vec::new(), texts: Vec::new(), new_phone, ..Self::sample() }
    }
}

async fn draw(web: &Web, visitor: &SignedIn) -> Result<OptOuts, PageError> {
    let (app, actor, zone) = (&web.app, &visitor.actor, &visitor.tenant.zone);
    let now = app.now();
    let row = |row: texts::OptOut| OptOutRow {
        phone: phone(&row.address),
        how: match row.word.trim() {
            "" => "Added here".to_owned(),
            word => format!("“{word}”"),
        },
        at: Moment::at(row.opted_out_at, now, zone),
        address: row.address,
    };
    let text = |text: texts::InboundText| TextRow {
        from: phone(&text.sender),
        to: phone(&text.recipient),
        meaning: match text.meaning.as_str() {
            "stop" => "No more texts",
            "start" => "Texts again",
            "help" => "Asked for help",
            _ => "Kept",
        },
        at: Moment::at(text.received_at, now, zone),
        text: text.text,
    };
    Ok(OptOuts {
        phones: texts::opt_outs(app, actor).await?.into_iter().map(row).collect(),
        texts: texts::received(app, actor, TEXTS).await?.into_iter().map(text).collect(),
        shell: visitor.shell(web, Place::OptOuts).await?,
        new_phone: OptOuts::field(),
    })
}

/// `GET /opt-outs`.
async fn show(visitor: SignedIn, State(web): State<Web>) -> Result<Response, PageError> {
    Ok(page(StatusCode::OK, &draw(&web, &visitor).await?))
}

/// `POST /opt-outs`.
async fn add(
    State(web): State<Web>,
    Posted { visitor, fields }: Posted,
) -> Result<Response, PageError> {
    visitor.require(Right::ManageAccounts)?;
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
    visitor.require(Right::ManageAccounts)?;
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
    let mut drawn = draw(web, visitor).await?;
    retype([&mut drawn.new_phone], posted);
    let others = blame([&mut drawn.new_phone], faults, str::to_owned);
    if !others.is_empty() {
        drawn.new_phone.error.get_or_insert_default().push_str(&others.join(" "));
    }
    Ok(page(StatusCode::UNPROCESSABLE_ENTITY, &drawn))
}
