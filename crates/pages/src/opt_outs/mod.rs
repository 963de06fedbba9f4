//! Phones that asked for no more texts, and the texts that came in.

use app::texts;
use askama::Template;
use axum::extract::State;
use domain::user::Right;
use domain::{Instant, Zone};
use web::{Routes, Web};

use crate::form::editor::{create, edit};
use crate::form::{Answer, Ask, Editor, Form};
use crate::session::{Fields, PageError, Posted};
use crate::ui::{Empty, Field, FieldKind, Moment, Place, Shell, phone};

/// Texts that are shown.
const TEXTS: usize = 50;

/// `GET /opt-outs`; `POST /opt-outs` adds a phone, `POST /opt-outs/remove` takes one off.
#[derive(Debug, Clone, Template)]
#[template(path = "opt_outs/opt_outs.html")]
pub(crate) struct OptOuts {
    pub(crate) shell: Shell,
    /// The newest first.
    pub(crate) phones: Vec<OptOutRow>,
    /// Texts that came in, the newest first.
    pub(crate) texts: Vec<TextRow>,
    /// Adds a phone.
    pub(crate) form: Form,
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
    let acts =
        Routes::new().post("/opt-outs", create::<OptOutEditor>).post("/opt-outs/remove", remove);
    Place::OptOuts.route(edit::<OptOutEditor>).merge(acts.needing(Right::ManageAccounts))
}

/// What the page is drawn from.
#[derive(Debug)]
pub(crate) struct OptOutGround {
    pub(crate) phones: Vec<texts::OptOut>,
    pub(crate) texts: Vec<texts::InboundText>,
    pub(crate) now: Instant,
    pub(crate) zone: Zone,
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
}

/// The form that puts a phone on the list.
#[derive(Debug)]
pub(crate) struct OptOutEditor;

impl Editor for OptOutEditor {
    const PLACE: Place = Place::OptOuts;
    type Ground = OptOutGround;
    type Page = OptOuts;

    async fn ground(ask: Ask<'_>) -> Result<OptOutGround, PageError> {
        let (app, actor) = (&ask.web.app, &ask.visitor.actor);
        Ok(OptOutGround {
            phones: texts::opt_outs(app, actor).await?,
            texts: texts::received(app, actor, TEXTS).await?,
            now: app.now(),
            zone: ask.visitor.tenant.zone.clone(),
        })
    }

    fn form(_: &OptOutGround, typed: Option<&Fields>) -> Form {
        let phone = Field::new(FieldKind::Phone, "phone", "Phone").required().max_length(40);
        Form::new([phone]).filled(typed)
    }

    fn draw(shell: Shell, ground: &OptOutGround, form: Form) -> OptOuts {
        let OptOutGround { phones, texts, now, zone } = ground;
        let row = |row: &texts::OptOut| OptOutRow {
            phone: phone(&row.address),
            how: match row.word.trim() {
                "" => "Added here".to_owned(),
                word => format!("“{word}”"),
            },
            at: Moment::at(row.opted_out_at, *now, zone),
            address: row.address.clone(),
        };
        let text = |text: &texts::InboundText| TextRow {
            from: phone(&text.sender),
            to: phone(&text.recipient),
            meaning: match text.meaning.as_str() {
                "stop" => "No more texts",
                "start" => "Texts again",
                "help" => "Asked for help",
                _ => "Kept",
            },
            at: Moment::at(text.received_at, *now, zone),
            text: text.text.clone(),
        };
        let (phones, texts) = (phones.iter().map(row).collect(), texts.iter().map(text).collect());
        OptOuts { shell, phones, texts, form }
    }

    async fn save(ask: Ask<'_>, _: &OptOutGround, typed: &Fields) -> Answer {
        let number = typed.text("phone");
        texts::opt_out(&ask.web.app, &ask.visitor.actor, number).await?;
        ask.done("/opt-outs", &format!("{} gets no more texts.", phone(number)))
    }
}

/// `POST /opt-outs/remove`.
async fn remove(State(web): State<Web>, Posted { visitor, fields }: Posted) -> Answer {
    visitor.require(Right::ManageAccounts)?;
    let number = fields.text("phone");
    texts::opt_in(&web.app, &visitor.actor, number).await?;
    Ok(visitor.done(&web, "/opt-outs", &format!("{} may be texted again.", phone(number))))
}
