//! The lists of messages and To Dos, with one of them open beside it.

use app::to_dos::ScheduledToDo;
use domain::{Message, Run};

use crate::list::{Ground, List, ListQuery, Listing, SplitPage};
use crate::messages::{MessageDetail, Messages};
use crate::session::Frame;
use crate::tests::sample::{self, SamplePage, drawn};
use crate::to_dos::{ToDoDetail, ToDos};
use crate::ui::Place;

fn messages(query: &str, rows: Vec<Message>, open: Option<MessageDetail>) -> SplitPage {
    let mut query = ListQuery::read(Some(query), Messages::NAMES);
    let list = Messages::asked(Ground::sample(), &mut query);
    let listing = Listing::of(list, query, rows);
    Messages::draw(Frame::sample(Place::Messages), &listing, &sample::standing(), open)
}

/// A list with one message open.
pub(super) fn open_message() -> SplitPage {
    messages("", sample::messages(), Some(sample::detail()))
}

fn to_dos(rows: Vec<(ScheduledToDo, Option<Run>)>, open: Option<ToDoDetail>) -> SplitPage {
    let mut query = ListQuery::default();
    let listing = Listing::of(ToDos::asked(Ground::sample(), &mut query), query, rows);
    ToDos::draw(Frame::sample(Place::ToDos), &listing, open)
}

pub(super) fn all() -> Vec<SamplePage> {
    let (full, failed) = (sample::pageful(&sample::messages()), Some(sample::failed()));
    let nothing = "q=furnace&read=false&account_number=1002";
    let all = sample::to_dos;
    vec![
        drawn("messages", &messages("", full, None)),
        drawn("messages-empty", &messages("", Vec::new(), None)),
        drawn("messages-no-match", &messages(nothing, Vec::new(), None)),
        drawn("message", &open_message()),
        drawn("message-failed", &messages("", sample::messages(), failed)),
        drawn("to-dos", &to_dos(sample::pageful(&all()), None)),
        drawn("to-dos-empty", &to_dos(Vec::new(), None)),
        drawn("to-do", &to_dos(all(), sample::to_do())),
        drawn("to-do-paused", &to_dos(all(), sample::paused())),
    ]
}
