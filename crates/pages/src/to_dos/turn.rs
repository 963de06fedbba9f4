//! Pausing, resuming and deleting a To Do.

use app::to_dos;
use axum::extract::{RawQuery, State};
use domain::ToDoId;
use web::Web;

use super::ToDos;
use super::words::{self, account_of, in_full, name};
use crate::list::{List, ListQuery};
use crate::session::{Id, PageResult, Posted};

/// `POST /to-dos/{id}/pause`.
pub(crate) async fn pause(
    State(web): State<Web>,
    Id(id): Id,
    RawQuery(query): RawQuery,
    Posted { visitor, .. }: Posted,
) -> PageResult {
    let standing = to_dos::pause(&web.app, &visitor.actor, ToDoId(id)).await?;
    let name = name(&standing.to_do);
    let text = format!("“{name}” is paused: nothing is sent until it is resumed.");
    Ok(visitor.done(&web, &address(id, query.as_deref()), &text))
}

/// `POST /to-dos/{id}/resume`.
pub(crate) async fn resume(
    State(web): State<Web>,
    Id(id): Id,
    RawQuery(query): RawQuery,
    Posted { visitor, .. }: Posted,
) -> PageResult {
    let standing = to_dos::resume(&web.app, &visitor.actor, ToDoId(id)).await?;
    let accounts = app::accounts::list(&web.app, &visitor.actor).await?;
    let zone = account_of(&accounts, &standing)?.zone;
    let name = name(&standing.to_do);
    let text = match words::next(&standing, web.app.now()) {
        Some(at) => format!("“{name}” goes on, next on {}.", in_full(at, &zone)),
        None => format!("“{name}” is no longer paused. Nothing more is to come."),
    };
    Ok(visitor.done(&web, &address(id, query.as_deref()), &text))
}

/// `POST /to-dos/{id}/delete`.
pub(crate) async fn delete(
    State(web): State<Web>,
    Id(id): Id,
    RawQuery(query): RawQuery,
    Posted { visitor, .. }: Posted,
) -> PageResult {
    let standing = to_dos::find(&web.app, &visitor.actor, ToDoId(id)).await?;
    to_dos::delete(&web.app, &visitor.actor, ToDoId(id)).await?;
    let name = name(&standing.to_do);
    let text = format!("“{name}” is deleted. Nothing of it goes out any more.");
    Ok(visitor.done(&web, &format!("/to-dos{}", kept(query.as_deref())), &text))
}

fn address(id: i64, query: Option<&str>) -> String {
    format!("/to-dos/{id}{}", kept(query))
}

fn kept(query: Option<&str>) -> String {
    ListQuery::read(query, ToDos::NAMES).query()
}
