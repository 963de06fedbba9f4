//! What happens on the demo at this moment, all of it by the doors that people and programs use.

use app::idempotency::Once;
use app::live::{self, Report};
use app::messages::{self, MessageEntry, SavedMessage};
use app::texts::{self, Inbound};
use app::{Actor, App, to_dos, work_queue};
use domain::live::Signal;
use domain::message::Update;
use domain::to_do::{ScheduleEntry, ToDoEntry};
use domain::token::Switch;
use domain::{
    CallId, Channel, ContactId, Delivery, Form, Instant, JobKind, MessageId, Playbook, TenantId,
    WorkItemId, limits,
};

use crate::Failure;

/// Who is at work, and for whom.
pub(crate) struct Day<'a> {
    pub(crate) app: &'a App,
    pub(crate) tenant: TenantId,
    pub(crate) agent: &'a Actor,
    pub(crate) switch: &'a Switch,
}

/// An account at work: its playbook, its form, and a client of it.
pub(crate) struct Desk<'a> {
    pub(crate) book: &'a Playbook,
    pub(crate) form: &'a Form,
    pub(crate) client: &'a Actor,
}

/// Answers, by the names of the questions.
type Said<'a> = &'a [(&'a str, &'a str)];

const ARREST: Said<'_> = &[
    ("first_name", "Denise"),
    ("last_name", "Calloway"),
    ("phone", "(561) 555-0177"),
    ("type_of_case", "Criminal defense"),
    ("content", "Her brother was arrested an hour ago and asks for an attorney tonight."),
    ("is_emergency", "Yes"),
];
const NO_HEAT: Said<'_> = &[
    ("first_name", "Walter"),
    ("last_name", "Brandt"),
    ("phone", "(312) 555-0168"),
    ("system", "Boiler"),
    ("address", "4410 N Ashland Ave"),
    ("address2", "Apt 2"),
    ("city", "Chicago"),
    ("state", "IL"),
    ("zip", "60640"),
    ("content", "No heat since noon; his mother is 91."),
    ("is_emergency", "Yes"),
];
const TOOTH: Said<'_> = &[
    ("first_name", "Hilda"),
    ("last_name", "Moreno"),
    ("phone", "(213) 555-0159"),
    ("patient", "Existing"),
    ("reason", "Toothache"),
    ("content", "The night nurse should know that the swelling has gone down."),
];

impl Day<'_> {
    /// What the law firm sees: an escalation, what is held, what a digest takes along, what a
    /// program handed in, and To Dos.
    pub(crate) async fn at_law(&self, law: &Desk<'_>) -> Result<(), Failure> {
        let call = self.call(law, "4f1c7b5e-744b-11ef-9bdd-arrest", "5615550177").await?;
        self.take(law, ARREST, |entry| entry.call_id = Some(call)).await?;
        self.tell(law, "4f1c7b5e-744b-11ef-9bdd-arrest", Signal::Ended, "", 0).await?;
        let quiet = |content: &'static str| {
            [&ARREST[..3], &[("type_of_case", "Family"), ("content", content)]].concat()
        };
        let until = self.app.now().plus_ms(20 * limits::HOUR_MS);
        let held = quiet("Please remind us of the hearing tomorrow evening, not before.");
        let robert = person(law, "Robert Lowe");
        self.take(law, &held, |entry| {
            (entry.contact_id, entry.send_at) = (robert, Some(until));
        })
        .await?;
        let digest = law.book.closings.iter().find(|group| group.name == "No hurry");
        let digest = digest.map(|group| group.id);
        let later = quiet("The papers are signed and in the mail.");
        self.take(law, &later, |entry| entry.closing_group_id = digest).await?;
        self.hand_in(law, &quiet("Wrote on the web page: would like a second appointment."))
            .await?;
        let nothing = &[("first_name", "Unknown")];
        self.take(law, nothing, |entry| entry.non_message_type = "hang_up".to_owned()).await?;
        self.golden(law).await?;
        self.work_to_do(law).await
    }

    /// What the heating company sees: an emergency that whoever is on call passed on by text, and
    /// that somebody of the next level took on.
    pub(crate) async fn at_heating(&self, heating: &Desk<'_>) -> Result<(), Failure> {
        let id = self.take(heating, NO_HEAT, |_| {}).await?.message.id;
        let Some(first) = self.texted(id, "").await? else { return Ok(()) };
        self.text(heating, &first, "pass").await?;
        let due = app::jobs::claim(self.app, JobKind::Escalate, 100).await?;
        app::escalations::climb_all(self.app, &due).await?;
        if let Some(next) = self.texted(id, &first).await? {
            self.text(heating, &next, "OK").await?;
        }
        Ok(())
    }

    /// The last phone that a message was texted to, besides one.
    async fn texted(&self, id: MessageId, besides: &str) -> Result<Option<String>, Failure> {
        let told = messages::detail(self.app, self.agent, id).await?.deliveries;
        let mut texts = told.into_iter().map(|(delivery, _)| delivery).rev();
        let is_other =
            |delivery: &Delivery| delivery.channel == Channel::Sms && delivery.address != besides;
        Ok(texts.find(is_other).map(|delivery| delivery.address))
    }

    /// Somebody answers to the line of an account.
    async fn text(&self, desk: &Desk<'_>, from: &str, text: &str) -> Result<(), Failure> {
        let line = desk.book.lines.first().map(|line| line.number.clone());
        let answer = Inbound {
            from: from.to_owned(),
            to: line.unwrap_or_default(),
            text: text.to_owned(),
            reference: self.app.entropy().uuid(),
        };
        texts::receive(self.app, "text trunk", &[super::DEMO.to_owned()], &answer).await?;
        Ok(())
    }

    /// What the dental practice sees: a message for somebody whom only agents can reach, and did.
    pub(crate) async fn at_dental(&self, dental: &Desk<'_>) -> Result<(), Failure> {
        let nurse = "Night nurse";
        let to = person(dental, nurse);
        let saved = self.take(dental, TOOTH, |entry| entry.contact_id = to).await?;
        let queue = work_queue::queue(self.app, self.agent).await?;
        let item = queue.iter().find(|item| item.message_id == Some(saved.message.id));
        if let Some(item) = item {
            work_queue::claim(self.app, self.agent, item.id).await?;
            work_queue::reached(self.app, self.agent, item.id, nurse).await?;
        }
        Ok(())
    }

    async fn take(
        &self,
        desk: &Desk<'_>,
        said: Said<'_>,
        change: impl FnOnce(&mut MessageEntry),
    ) -> Result<SavedMessage, Failure> {
        let mut entry = self.entry(desk, said);
        change(&mut entry);
        Ok(messages::take(self.app, self.agent, desk.book.account.id, entry).await?)
    }

    fn entry(&self, desk: &Desk<'_>, said: Said<'_>) -> MessageEntry {
        let answers = said.iter().map(|(name, text)| ((*name).to_owned(), (*text).to_owned()));
        MessageEntry {
            uuid: self.app.entropy().uuid(),
            form_id: desk.form.id,
            answers: answers.collect(),
            did_id: desk.book.lines.first().map(|did| did.id),
            ..MessageEntry::default()
        }
    }

    /// A call that came in by the switch's menu, and that the agent answered.
    async fn call(&self, desk: &Desk<'_>, sid: &str, from: &str) -> Result<CallId, Failure> {
        self.tell(desk, sid, Signal::Ringing, from, 95).await?;
        self.tell(desk, sid, Signal::Waiting, from, 90).await?;
        self.tell(desk, sid, Signal::Answered, from, 80).await
    }

    async fn tell(
        &self,
        desk: &Desk<'_>,
        sid: &str,
        signal: Signal,
        from: &str,
        seconds_ago: i64,
    ) -> Result<CallId, Failure> {
        let username = self.agent.email.split('@').next().unwrap_or_default();
        let is_answered = signal == Signal::Answered;
        let did = desk.book.lines.first().map(|did| did.number.clone());
        let report = Report {
            call_sid: sid.to_owned(),
            signal,
            agent_username: if is_answered { username } else { "" }.to_owned(),
            account_number: desk.book.account.number.clone(),
            did_number: did.unwrap_or_default(),
            from: from.to_owned(),
            menu_choice: if signal == Signal::Waiting { "1" } else { "" }.to_owned(),
            at: self.app.now().minus_ms(seconds_ago * limits::SECOND_MS),
            sequence: None,
        };
        Ok(live::hear(self.app, self.tenant, self.switch, &report).await?.call_id)
    }

    /// A message that the client's own program handed in.
    async fn hand_in(&self, desk: &Desk<'_>, said: Said<'_>) -> Result<(), Failure> {
        let columns = [
            ("phone_number", "(561) 555-0188"),
            ("extension", "214"),
            ("email_subject", "Second appointment"),
            ("alt_phone", "(561) 555-0189"),
            ("email", "denise@calloway.example"),
            ("company_name", "Calloway Bakery"),
            ("note", "From the web page."),
        ];
        let mut entry = self.entry(desk, &[said, &columns].concat());
        entry.contact_id = person(desk, "Front desk");
        // Somebody of the firm's own directory wrote it.
        entry.caller_id = "5615550103".to_owned();
        entry.received_at = Some(self.app.now().minus_ms(6 * limits::MINUTE_MS));
        entry.details = Update {
            user_id: Some(Some(desk.client.user_id)),
            sale_id: Some(Some(20_417)),
            klass_names: Some("Family, Returning client".to_owned()),
            ..Update::default()
        };
        let number = &desk.book.account.number;
        messages::post(self.app, desk.client, number, entry, None).await?;
        Ok(())
    }

    /// The To Do of the published documents, and a mail in the firm's own name.
    async fn golden(&self, desk: &Desk<'_>) -> Result<(), Failure> {
        let owned = |texts: &[&str]| texts.iter().map(|text| (*text).to_owned()).collect();
        let golden = ToDoEntry {
            delivery_type: "sms".to_owned(),
            contact: "jose@kauneonga.com".to_owned(),
            from: "+17542838007".to_owned(),
            message_text: "Latest code: This should be an active todo".to_owned(),
            schedule: Some(ScheduleEntry {
                frequency: "weekly".to_owned(),
                interval: Some(2),
                days: owned(&["Tue", "Thu", "Sat"]),
                times: owned(&["9:00 AM"]),
                ..ScheduleEntry::default()
            }),
            ..ToDoEntry::default()
        };
        let mail = ToDoEntry {
            delivery_type: "email".to_owned(),
            contact: "frontdesk@hartlowe.example".to_owned(),
            subject: "Who opens tomorrow?".to_owned(),
            from: String::new(),
            from_email: "office@hartlowe.example".to_owned(),
            sender_name: "Hart & Lowe".to_owned(),
            message_text: "Please answer with a name, so that our agents know it.".to_owned(),
            schedule: Some(ScheduleEntry {
                frequency: "daily".to_owned(),
                times: owned(&["5:00 PM"]),
                ..ScheduleEntry::default()
            }),
            ..ToDoEntry::default()
        };
        for entry in [golden, mail] {
            let number = &desk.book.account.number;
            to_dos::create(self.app, desk.client, number, &entry, None).await?;
        }
        Ok(())
    }

    /// A To Do that an agent worked: it called, and took a message.
    async fn work_to_do(&self, desk: &Desk<'_>) -> Result<(), Failure> {
        let Some(item) = self.to_work(desk, self.app.now()).await? else { return Ok(()) };
        work_queue::claim(self.app, self.agent, item).await?;
        let said = [
            &ARREST[..3],
            &[("type_of_case", "Other"), ("content", "The papers came; all of them are signed.")],
        ];
        let front = person(desk, "Front desk");
        let change = |entry: &mut MessageEntry| {
            (entry.item_id, entry.contact_id) = (Some(item), front);
        };
        self.take(desk, &said.concat(), change).await?;
        Ok(())
    }

    /// A To Do that is due now, and waits for an agent.
    async fn to_work(&self, desk: &Desk<'_>, now: Instant) -> Result<Option<WorkItemId>, Failure> {
        let entry = ToDoEntry {
            delivery_type: "call".to_owned(),
            contact: "Robert Lowe".to_owned(),
            message_text: "Did the papers come?".to_owned(),
            instructions: "Ask whether the papers of the Calloway matter came, and are signed."
                .to_owned(),
            run_at: now.rfc3339_ms(),
            ..ToDoEntry::default()
        };
        let number = &desk.book.account.number;
        let made = to_dos::create(self.app, desk.client, number, &entry, None).await?;
        let due = app::jobs::claim(self.app, JobKind::Fire, 100).await?;
        to_dos::fire_all(self.app, &due).await?;
        let Once::New(made) = made else { return Ok(None) };
        let runs = to_dos::last_runs(self.app, self.agent, &[made]).await?;
        let queue = work_queue::queue(self.app, self.agent).await?;
        let ours = |id| runs.iter().any(|run| Some(run.id) == id);
        Ok(queue.iter().find(|item| ours(item.run_id)).map(|item| item.id))
    }
}

fn person(desk: &Desk<'_>, name: &str) -> Option<ContactId> {
    desk.book.contacts.iter().find(|contact| contact.name == name).map(|contact| contact.id)
}
