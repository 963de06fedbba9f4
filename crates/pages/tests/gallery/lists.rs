//! Every list whose page is a table: with the rows of the sample house, and with none.

use app::calls::RecordingQuery;

use crate::accounts::list::{Accounts, with_lines};
use crate::list::{Ground, ListQuery, Listing, Table};
use crate::on_call::OnCall;
use crate::outbox::Outbox;
use crate::people::People;
use crate::recordings::Recordings;
use crate::session::Frame;
use crate::tests::sample::{self, SamplePage, drawn};
use crate::webhooks::Webhooks;

/// Both pages of a list.
fn both<T: Table>(
    names: [&'static str; 2],
    sampled: impl Fn() -> (T, Vec<T::Row>),
) -> [SamplePage; 2] {
    let page = |name, rows| {
        let listing = Listing::of(sampled().0, ListQuery::default(), rows);
        drawn(name, &listing.draw(Frame::sample(T::PLACE)))
    };
    [page(names[0], sampled().1), page(names[1], Vec::new())]
}

pub(super) fn all() -> Vec<SamplePage> {
    let recordings = || {
        let list = Recordings { ground: Ground::sample(), query: RecordingQuery::default() };
        (list, sample::pageful(&sample::recordings()))
    };
    let outbox = || (Outbox { ground: Ground::sample(), captures: true }, sample::captured());
    let people = || (People { ground: Ground::sample(), sought: String::new() }, sample::members());
    let accounts = || {
        let rows = with_lines(sample::accounts(), &sample::lines());
        (Accounts { sought: String::new(), manages: true }, rows)
    };
    let on_call = || {
        let list = OnCall { sought: String::new(), may_change: true, now: sample::now() };
        (list, sample::rotations())
    };
    let webhooks = || {
        let (account, watched) = (sample::account(2), sample::watched());
        (Webhooks { account, watched: watched.clone() }, watched)
    };
    [
        both(["recordings", "recordings-empty"], recordings),
        both(["outbox", "outbox-empty"], outbox),
        both(["people", "people-empty"], people),
        both(["accounts", "accounts-empty"], accounts),
        both(["on-call", "on-call-empty"], on_call),
        both(["webhooks", "webhooks-empty"], webhooks),
    ]
    .into_iter()
    .flatten()
    .collect()
}
