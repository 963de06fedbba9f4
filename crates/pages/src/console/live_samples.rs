//! Samples of what is live: a busy queue and a quiet one, the floor, and what waits.

use super::samples::agent;
use super::{
    AboutMessage, AboutToDo, AgentRow, BriefMessage, CallCard, CallRow, Earlier, Floor, FloorView,
    ItemGroup, ItemPage, ItemRow, Queue, SentLine, StateBox, TakeMessage, Timer,
};
use crate::ui::{Fact, Place, Role, Shell, State, moment};

const NOW: &str = "2026-03-03T19:15:15.671Z";

fn call(id: u32, state: &'static str, account: &str, from: &str, agent: &str) -> CallRow {
    let (word, icon) = match state {
        "ringing" => ("Ringing", "bell"),
        "waiting" => ("Waiting", "clock"),
        "wrap_up" => ("Wrap-up", "pencil"),
        "over" => ("Ended", "phone"),
        _ => ("Talking", "phone-call"),
    };
    CallRow {
        id: id.to_string(),
        state,
        word,
        icon,
        from: from.to_owned(),
        account: account.to_owned(),
        agent: agent.to_owned(),
        since: Timer::sample(),
        href: format!("/console/accounts/2?call={id}"),
    }
}

fn calls() -> [CallRow; 4] {
    [
        call(71, "ringing", "Northwind Heating & Air", "(954) 555-0142", ""),
        call(72, "waiting", "Hartwell & Boone, Attorneys", "(561) 555-0177", ""),
        call(70, "talking", "Northwind Heating & Air", "(954) 555-0163", "Rosa Delgado"),
        call(69, "talking", "Maple Street Dental", "(305) 555-0101", "Ben Ortiz"),
    ]
}

fn item(id: u32, title: &str, account: &str) -> ItemRow {
    ItemRow {
        id: id.to_string(),
        href: format!("/console/items/{id}"),
        title: title.to_owned(),
        account: account.to_owned(),
        is_urgent: false,
        with: String::new(),
        later: None,
        since: Timer::sample(),
    }
}

fn state(word: &'static str, label: &str, icon: &'static str) -> StateBox {
    StateBox { word, label: label.to_owned(), since: Timer::sample(), icon }
}

impl Queue {
    /// Two calls to answer, one at hand, and something of every kind.
    pub(crate) fn sample() -> Self {
        let [ringing, waiting, mine, other] = calls();
        let no_heat = item(12, "Nobody acknowledged: no heat, two children", "Northwind Heating");
        let urgent = ItemRow { is_urgent: true, ..no_heat };
        let taken = ItemRow {
            with: "With Ben Ortiz".to_owned(),
            ..item(9, "Mail to Jane Hart came back", "Hartwell & Boone")
        };
        let later = ItemRow {
            later: Some("Mar 3, 2026, 2:30 PM EST".to_owned()),
            ..item(14, "Call Karl Winter", "Northwind Heating & Air")
        };
        let group = |title, kind, icon, rows| ItemGroup { title, kind, icon, rows };
        let asked = item(13, "Karl Winter asks: which unit?", "Northwind Heating & Air");
        Queue {
            csrf: "sample".to_owned(),
            at: None,
            now: NOW.to_owned(),
            me: state("busy", "On a call", "phone-call"),
            unanswered: vec![ringing, waiting],
            mine: vec![mine],
            unsaved: vec![call(
                68,
                "over",
                "Maple Street Dental",
                "(305) 555-0101",
                "Rosa Delgado",
            )],
            others: vec![other],
            groups: vec![
                group("To dispatch", "dispatch", "send", vec![urgent, taken]),
                group("Questions", "question", "message-square", vec![asked]),
                group("To Dos to work", "to_do", "list", vec![later]),
            ],
        }
    }

    /// Nothing goes on.
    pub(crate) fn sample_quiet() -> Self {
        Queue {
            csrf: "sample".to_owned(),
            at: None,
            now: NOW.to_owned(),
            me: state("ready", "Ready", "circle-check"),
            unanswered: Vec::new(),
            mine: Vec::new(),
            unsaved: Vec::new(),
            others: Vec::new(),
            groups: Vec::new(),
        }
    }
}

impl TakeMessage {
    /// A call of somebody whom the account knows.
    pub(crate) fn sample_call() -> Self {
        let [.., mine, _] = calls();
        let known_as = Some("Karl Winter, Owner".to_owned());
        TakeMessage {
            carried: vec![("call_id", "70".to_owned())],
            earlier: Some(Earlier { from: mine.from.clone(), messages: BriefMessage::samples() }),
            call: Some(CallCard { row: mine, known_as, is_open: true }),
            draft: "3-2-70".to_owned(),
            ..TakeMessage::sample()
        }
    }

    /// A message that comes of a To Do.
    pub(crate) fn sample_to_do() -> Self {
        TakeMessage {
            carried: vec![("item_id", "14".to_owned())],
            works: Some(("/console/items/14".to_owned(), "Call Karl Winter".to_owned())),
            ..TakeMessage::sample()
        }
    }
}

impl Floor {
    /// Four agents, one of them on a break, and a caller who waits.
    pub(crate) fn sample() -> Self {
        let row = |name: &str, state, account: &str| AgentRow {
            name: name.to_owned(),
            state,
            account: account.to_owned(),
        };
        let figure = |label, figure: &str, is_loud| (label, figure.to_owned(), is_loud);
        let today =
            [("Calls", "214"), ("Answered", "209"), ("Lost", "5"), ("Average wait", "0:07")];
        Floor {
            shell: Shell { role: Role::Supervisor, ..Shell::sample(Place::Floor) },
            view: FloorView {
                now: NOW.to_owned(),
                figures: vec![
                    figure("Calls to answer", "2", true),
                    figure("Talking", "2", false),
                    figure("Wrap-up", "0", false),
                    figure("Messages to dispatch", "2", true),
                    figure("Questions", "1", false),
                    figure("To Dos to work", "1", false),
                ],
                oldest: Some(Timer::sample()),
                agents: vec![
                    row(
                        "Ben Ortiz",
                        state("busy", "On a call", "phone-call"),
                        "Maple Street Dental",
                    ),
                    row("Rosa Delgado", state("wrap_up", "Wrap-up", "pencil"), ""),
                    row("Tom Reed", state("break", "Break: Lunch", "circle-pause"), ""),
                    row("Una Price", state("signed_out", "Not at work", "circle"), ""),
                ],
                calls: calls().to_vec(),
            },
            today: today.map(|(label, figure)| (label, figure.to_owned())).to_vec(),
        }
    }

    /// Before anybody came.
    pub(crate) fn sample_empty() -> Self {
        let mut page = Self::sample();
        page.view.agents.clear();
        page.view.calls.clear();
        page.view.oldest = None;
        page.view.figures.iter_mut().for_each(|figure| {
            (figure.1, figure.2) = ("0".to_owned(), false);
        });
        page
    }
}

impl ItemPage {
    /// A message that nobody acknowledged, and nobody is at.
    pub(crate) fn sample() -> Self {
        let sent = |what: &str, state, why: &str| SentLine {
            what: what.to_owned(),
            state,
            why: why.to_owned(),
            at: moment("22 min. ago"),
        };
        let brief = BriefMessage::samples().remove(0);
        ItemPage {
            shell: agent(),
            queue: Queue::sample(),
            id: "12".to_owned(),
            kind: "dispatch",
            kind_title: "To dispatch",
            icon: "send",
            title: "Nobody acknowledged: no heat, two children".to_owned(),
            detail: "Three levels were told over 20 minutes. Nobody answered.".to_owned(),
            is_urgent: true,
            since: Timer::sample(),
            is_open: true,
            is_mine: false,
            with: String::new(),
            outcome: None,
            account: ("/console/accounts/2".to_owned(), "Northwind Heating & Air".to_owned()),
            message: Some(AboutMessage {
                id: "940".to_owned(),
                brief,
                content: "No heat since last night.\nTwo small children in the house.".to_owned(),
                facts: vec![
                    Fact::new("For", "Service desk"),
                    Fact::new("Callback", "(954) 555-0142"),
                ],
                sent: vec![
                    sent("E-mail to Service desk (service@northwind.example)", State::Sent, ""),
                    sent("Text to Karl Winter ((954) 555-0188)", State::Failed, "the phone is off"),
                ],
                is_unsettled: true,
            }),
            to_do: None,
            error: None,
        }
    }

    /// The same, with the reader at it, and a form that was refused.
    pub(crate) fn sample_mine() -> Self {
        ItemPage {
            is_open: false,
            is_mine: true,
            with: "Rosa Delgado".to_owned(),
            error: Some("Say who was reached.".to_owned()),
            ..Self::sample()
        }
    }

    /// A To Do that somebody else is at.
    pub(crate) fn sample_to_do() -> Self {
        ItemPage {
            id: "14".to_owned(),
            kind: "to_do",
            kind_title: "To Dos to work",
            icon: "list",
            title: "Call Karl Winter".to_owned(),
            detail: String::new(),
            is_urgent: false,
            is_open: false,
            with: "Ben Ortiz".to_owned(),
            message: None,
            to_do: Some(AboutToDo {
                href: "/to-dos/3".to_owned(),
                instructions: "Ask whether the technician came.\nIf not, take a message."
                    .to_owned(),
                text: "This is Harbor Answering for Northwind.".to_owned(),
                facts: vec![
                    Fact::new("Call", "Karl Winter"),
                    Fact::new("Number", "(954) 555-0188"),
                    Fact::new("Due", "Mar 3, 2026, 2:00 PM EST"),
                ],
                take: "/console/accounts/2?item=14".to_owned(),
            }),
            ..Self::sample()
        }
    }

    /// Nothing more is to be done.
    pub(crate) fn sample_done() -> Self {
        let outcome = Some("Reached Karl Winter by phone.".to_owned());
        ItemPage { is_open: false, outcome, ..Self::sample() }
    }
}
