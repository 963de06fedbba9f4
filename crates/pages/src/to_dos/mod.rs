//! To Dos: the list, one of them, and the form.

mod entry;
mod list;
mod plan;
pub(crate) mod to_do;
pub(crate) mod to_do_form;
mod turn;
mod words;
mod write;

pub(crate) use list::ToDos;
pub(crate) use to_do::address_of_run;
pub(crate) use to_do::{OpenToDo, ToDoDetail};
pub(crate) use write::ToDoEditor;

use web::Routes;

use crate::form::editor::{create, edit, new, preview, preview_new, update};
use crate::list::export;
use crate::sitemap::Place;

/// Everything about To Dos.
pub(crate) fn routes() -> Routes {
    Place::ToDos
        .route(list::list)
        .merge(Place::NewToDo.route(new::<ToDoEditor>))
        .get("/to-dos.csv", export::<ToDos>)
        .post("/to-dos", create::<ToDoEditor>)
        .post("/to-dos/preview", preview_new::<ToDoEditor>)
        .get("/to-dos/{id}", list::open)
        .get("/to-dos/{id}/edit", edit::<ToDoEditor>)
        .post("/to-dos/{id}", update::<ToDoEditor>)
        .post("/to-dos/{id}/preview", preview::<ToDoEditor>)
        .post("/to-dos/{id}/pause", turn::pause)
        .post("/to-dos/{id}/resume", turn::resume)
        .post("/to-dos/{id}/delete", turn::delete)
}
