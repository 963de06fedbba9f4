//! The ledger: what happens to messages in one transaction, collected and then written together.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::sync::Arc;

use domain::activity::delivery_named;
use domain::delivery::Cause;
use domain::phone::e164;
use domain::playbook::{Moment, Notice};
use domain::wording::{self, compose};
use domain::{
    AccountId, ActivityKind, Channel, Delivery, DigestId, Escalation, Event, Form, FormId,
    HookKind, Instant, JobKind, Message, MessageId, NewItem, Playbook, RunId, TenantId, limits,
};
use store::Tx;
use store::codes::ReplyCode;
use store::jobs::NewJob;
use store::spending::Purse;

use crate::webhooks::{Happened, Subject, emit_with_runs};
use crate::{App, Result, links, work_queue};

/// The first and the number of the codes that people reply with: three digits each.
const CODES: (i64, i64) = (100, 900);

/// What happens to messages, in the order in which it is decided.
pub(crate) struct Ledger<'a> {
    app: &'a App,
    now: Instant,
    events: Vec<(TenantId, MessageId, Event)>,
    letters: Vec<QueuedLetter>,
    messages: Vec<Message>,
    /// Messages that are in the database as they stand.
    made: Vec<Message>,
    forms: HashMap<FormId, Form>,
    rung: HashSet<TenantId>,
    /// Where messages now stand on their policies.
    pub(crate) escalations: Vec<(TenantId, Escalation)>,
    /// Jobs that are due from now on.
    pub(crate) jobs: Vec<NewJob>,
    /// What agents have to see to.
    pub(crate) items: Vec<(TenantId, NewItem)>,
    /// Messages of which agents have nothing to see to any more.
    pub(crate) settled: Vec<(TenantId, MessageId)>,
    /// Runs of To Dos that ended, for the webhooks of their accounts.
    pub(crate) ended: Vec<(TenantId, AccountId, RunId)>,
}

/// Something that goes out.
struct QueuedLetter {
    tenant: TenantId,
    playbook: Arc<Playbook>,
    notice: Notice,
    telling: i64,
    text: LetterText,
}

/// What goes out.
enum LetterText {
    /// A message; the text is made when its code and link are known.
    Message(Box<Message>),
    /// A digest, with its subject line and its text.
    Digest(DigestId, String, String),
}

impl QueuedLetter {
    /// The message that it carries, if it is one.
    fn message(&self) -> Option<&Message> {
        match &self.text {
            LetterText::Message(message) => Some(message),
            LetterText::Digest(..) => None,
        }
    }
}

/// The versions of forms that messages were taken with, added to those that are known.
pub(crate) async fn forms<'m>(
    tx: &mut Tx,
    messages: impl Iterator<Item = &'m Message>,
    mut forms: HashMap<FormId, Form>,
) -> Result<HashMap<FormId, Form>> {
    for message in messages {
        if let Some(id) = message.form_id.filter(|id| !forms.contains_key(id)) {
            let form = store::forms::find(tx.link(), message.tenant_id, id).await?;
            forms.extend(form.map(|form| (id, form)));
        }
    }
    Ok(forms)
}

impl<'a> Ledger<'a> {
    /// An empty one.
    pub(crate) fn new(app: &'a App, now: Instant) -> Self {
        Ledger {
            app,
            now,
            events: Vec::new(),
            letters: Vec::new(),
            messages: Vec::new(),
            made: Vec::new(),
            forms: HashMap::new(),
            rung: HashSet::new(),
            escalations: Vec::new(),
            jobs: Vec::new(),
            items: Vec::new(),
            settled: Vec::new(),
            ended: Vec::new(),
        }
    }

    /// Takes a form that was read already, so that it is not read again.
    pub(crate) fn knows(&mut self, form: Form) {
        self.forms.extend(form.id.map(|id| (id, form)));
    }

    /// When all of it happens.
    pub(crate) fn now(&self) -> Instant {
        self.now
    }

    /// Lets a tenant's consoles look again after the commit.
    pub(crate) fn rings(&mut self, tenant: TenantId) {
        self.rung.insert(tenant);
    }

    /// Adds an event to a message's log, and counts it.
    pub(crate) fn log(&mut self, message: &mut Message, event: Event) {
        message.activities_count += 1;
        self.events.push((message.tenant_id, message.id, event));
    }

    /// Does what was decided about a message: logs it, and queues what goes out.
    pub(crate) fn perform(
        &mut self,
        message: &mut Message,
        playbook: &Arc<Playbook>,
        moments: Vec<Moment>,
    ) {
        for moment in moments {
            moment.event.into_iter().for_each(|event| self.log(message, event));
            for notice in moment.notices {
                let what = delivery_named(notice.channel, &notice.name, &notice.address);
                self.log(message, ActivityKind::Queued.by_system(&what, &notice.through));
                self.letters.push(QueuedLetter {
                    tenant: message.tenant_id,
                    playbook: playbook.clone(),
                    notice,
                    telling: moment.telling,
                    text: LetterText::Message(Box::new(message.clone())),
                });
            }
            for why in moment.missing {
                self.log(message, ActivityKind::NobodyTold.by_system("", &why));
            }
        }
    }

    /// Queues a digest to somebody. Its messages' logs are the caller's.
    pub(crate) fn send_digest(
        &mut self,
        tenant: TenantId,
        playbook: &Arc<Playbook>,
        notice: Notice,
        digest: DigestId,
        (subject, body): (String, String),
    ) {
        let (playbook, text) = (playbook.clone(), LetterText::Digest(digest, subject, body));
        self.letters.push(QueuedLetter { tenant, playbook, notice, telling: 0, text });
    }

    /// Hands in a message whose columns have changed. It comes last, when all is logged.
    pub(crate) fn keep(&mut self, message: Message) {
        self.messages.push(message);
    }

    /// Adds a new message, as what was decided about it leaves it. It has no id until now: all that
    /// was collected without one is about this message, and takes its id.
    pub(crate) async fn insert(&mut self, tx: &mut Tx, message: &mut Message) -> store::Result<()> {
        let (none, id) = (message.id, store::messages::insert(tx.link(), message).await?);
        message.id = id;
        self.events.iter_mut().for_each(|(_, of, _)| *of = id);
        for letter in &mut self.letters {
            if let LetterText::Message(message) = &mut letter.text {
                message.id = id;
            }
        }
        self.escalations.iter_mut().for_each(|(_, standing)| standing.message_id = id);
        for job in self.jobs.iter_mut().filter(|job| job.subject_id == none.0) {
            job.subject_id = id.0;
        }
        let unnamed = self.items.iter_mut().filter(|(_, item)| item.message_id == Some(none));
        unnamed.for_each(|(_, item)| item.message_id = Some(id));
        self.made.push(message.clone());
        Ok(())
    }

    /// Makes the job of a message's escalation due, or moves it.
    pub(crate) fn look_again(&mut self, message: &Message, at: Instant) {
        self.jobs.push(NewJob {
            tenant_id: message.tenant_id,
            kind: JobKind::Escalate,
            subject_id: message.id.0,
            due_at: at,
        });
    }

    /// Writes all of it, commits, and lets the agents' consoles look again where their queues have
    /// changed. Answers how many deliveries there are to make.
    pub(crate) async fn commit(self, mut tx: Tx) -> Result<usize> {
        let app = self.app;
        let changed = self.items.iter().map(|(tenant, _)| *tenant);
        let settled = self.settled.iter().map(|(tenant, _)| *tenant);
        let mut tenants: HashSet<TenantId> = changed.chain(settled).collect();
        tenants.extend(&self.rung);
        let made = self.write(&mut tx).await?;
        tx.commit().await?;
        tenants.into_iter().for_each(|tenant| app.bells.ring(tenant));
        Ok(made)
    }

    /// Writes all of it, and answers how many deliveries there are to make.
    pub(crate) async fn write(mut self, tx: &mut Tx) -> Result<usize> {
        let now = self.now;
        let letters = std::mem::take(&mut self.letters);
        let made = letters.len();
        for batch in self.events.chunks(limits::SENT_AT_ONCE) {
            store::activities::insert_all(tx.link(), batch, now).await?;
        }
        let messages: Vec<&Message> = self.messages.iter().collect();
        for batch in messages.chunks(limits::SENT_AT_ONCE) {
            store::messages::update_all(tx.link(), batch).await?;
        }
        self.tell_webhooks(tx).await?;
        for batch in self.escalations.chunks(limits::SENT_AT_ONCE) {
            store::policies::keep_escalations(tx.link(), batch).await?;
        }
        self.post(tx, letters).await?;
        for batch in self.jobs.chunks(limits::SENT_AT_ONCE) {
            store::jobs::set_all(tx.link(), batch).await?;
        }
        work_queue::raise_all(tx, self.items, now).await?;
        work_queue::settle_all(tx, &self.settled, "It was acknowledged or closed.", now).await?;
        Ok(made)
    }

    /// Tells webhooks what happened to messages, each as it stands after this transaction, once for
    /// each kind of event.
    async fn tell_webhooks(&self, tx: &mut Tx) -> Result<()> {
        let by_id: HashMap<(TenantId, MessageId), &Message> = self
            .messages
            .iter()
            .chain(&self.made)
            .map(|message| ((message.tenant_id, message.id), message))
            .collect();
        let mut told = HashSet::new();
        let mut happened = Vec::new();
        for (tenant, id, event) in &self.events {
            let Some(kind) = HookKind::of(event.kind) else { continue };
            let Some(message) = by_id.get(&(*tenant, *id)) else { continue };
            if told.insert((*tenant, *id, kind)) {
                let subject = Subject::Message(message);
                happened.push(Happened { kind, subject, at: self.now });
            }
        }
        emit_with_runs(tx, happened, &self.ended, self.now).await
    }

    /// Writes the deliveries and their jobs.
    async fn post(&mut self, tx: &mut Tx, letters: Vec<QueuedLetter>) -> Result<()> {
        let codes = self.codes(tx, &letters).await?;
        let origins = self.origins(tx, &letters).await?;
        let known = std::mem::take(&mut self.forms);
        let forms = forms(tx, letters.iter().filter_map(QueuedLetter::message), known).await?;
        let mut deliveries = Vec::with_capacity(letters.len());
        for (letter, code) in letters.iter().zip(codes) {
            let origin = origins.get(&letter.tenant).cloned().flatten();
            let form = letter.message().and_then(|message| forms.get(&message.form_id?));
            deliveries.push((letter.tenant, self.delivery(letter, form, code, origin)));
        }
        for batch in deliveries.chunks(limits::SENT_AT_ONCE) {
            let rows: Vec<(TenantId, &Delivery)> =
                batch.iter().map(|(tenant, delivery)| (*tenant, delivery)).collect();
            let ids = store::deliveries::insert_all(tx.link(), &rows).await?;
            self.jobs.extend(batch.iter().zip(ids).map(|((tenant_id, delivery), id)| NewJob {
                tenant_id: *tenant_id,
                kind: JobKind::Deliver(delivery.channel),
                subject_id: id.0,
                due_at: self.now,
            }));
        }
        Ok(())
    }

    fn delivery(
        &self,
        letter: &QueuedLetter,
        form: Option<&Form>,
        code: Option<i64>,
        origin: Option<(String, String)>,
    ) -> Delivery {
        let (book, notice) = (&letter.playbook, &letter.notice);
        let key = self.app.entropy.uuid();
        let (cause, subject, body, line) = match &letter.text {
            LetterText::Digest(id, subject, body) => {
                (Cause::Digest(*id), subject.clone(), body.clone(), book.lines.first())
            }
            LetterText::Message(message) => {
                let link = origin.map_or_else(String::new, |(origin, secret)| {
                    let token = links::token(&secret, letter.tenant, message.id, &key);
                    format!("{origin}/a/{token}")
                });
                let code = code.map(|code| code.to_string()).unwrap_or_default();
                let words = wording::LetterSource {
                    message,
                    account: &book.account,
                    form,
                    recipient: &notice.name,
                    code: &code,
                    link: if notice.contact_id.is_some() { &link } else { "" },
                };
                let (subject, body) = compose(&book.wording, &words, notice.channel);
                (Cause::Message(message.id), subject, body, book.line(message))
            }
        };
        let sender = match notice.channel {
            Channel::Email => None,
            Channel::Sms | Channel::Call => line.and_then(|line| e164(&line.number).ok()),
        };
        let (account, address) = (book.account.id, notice.address.clone());
        Delivery {
            contact_id: notice.contact_id,
            recipient: notice.name.clone(),
            telling: letter.telling,
            sender: sender.unwrap_or_default(),
            subject,
            body,
            ..Delivery::queued(account, cause, notice.channel, address, key, self.now)
        }
    }

    /// Gives each text about a message a code that its phone has not lately had.
    async fn codes(&self, tx: &mut Tx, letters: &[QueuedLetter]) -> Result<Vec<Option<i64>>> {
        let purse = |letter: &QueuedLetter| match (&letter.text, letter.notice.channel) {
            (LetterText::Message(_), Channel::Sms) => Some(Purse {
                tenant_id: letter.tenant,
                name: format!("codes {}", letter.notice.address),
                // A window that never ends, and so is never swept.
                window_at: Instant::MAX,
            }),
            _ => None,
        };
        let mut wanted: BTreeMap<Purse, i64> = BTreeMap::new();
        for purse in letters.iter().filter_map(purse) {
            *wanted.entry(purse).or_default() += 1;
        }
        let wanted: Vec<(Purse, i64)> = wanted.into_iter().collect();
        let mut next: HashMap<Purse, i64> = HashMap::new();
        for batch in wanted.chunks(limits::SENT_AT_ONCE) {
            let sums = store::spending::spend(tx.link(), batch).await?;
            let first = |((purse, count), sum): (&(Purse, i64), i64)| (purse.clone(), sum - count);
            next.extend(batch.iter().zip(sums).map(first));
        }
        let mut given = Vec::new();
        let mut codes = Vec::with_capacity(letters.len());
        for letter in letters {
            let place = purse(letter).and_then(|purse| next.get_mut(&purse));
            let (Some(place), LetterText::Message(message)) = (place, &letter.text) else {
                codes.push(None);
                continue;
            };
            let code = CODES.0 + *place % CODES.1;
            *place += 1;
            codes.push(Some(code));
            let held = ReplyCode {
                code,
                message_id: message.id,
                contact_id: letter.notice.contact_id,
                name: letter.notice.name.clone(),
                created_at: self.now,
            };
            given.push((letter.tenant, letter.notice.address.clone(), held));
        }
        for batch in given.chunks(limits::SENT_AT_ONCE) {
            store::codes::give_all(tx.link(), batch).await?;
        }
        Ok(codes)
    }

    /// Where the links of each tenant lead, and what they are signed with.
    async fn origins(
        &self,
        tx: &mut Tx,
        letters: &[QueuedLetter],
    ) -> Result<HashMap<TenantId, Option<(String, String)>>> {
        let mut origins = HashMap::new();
        if self.app.links.public_url.is_empty() {
            return Ok(origins);
        }
        for letter in letters {
            let tenant = letter.tenant;
            if origins.contains_key(&tenant) {
                continue;
            }
            let fresh = self.app.origins.at(&tenant.to_string(), self.now);
            let origin = match fresh {
                Some(origin) => origin,
                None => {
                    let found = store::tenants::find_signing(tx.link(), tenant).await?;
                    let leads = |(tenant, secret)| Some((self.app.links.of(&tenant)?, secret));
                    let origin = found.and_then(leads);
                    self.app.origins.keep(tenant.to_string(), origin.clone(), self.now);
                    origin
                }
            };
            origins.insert(tenant, origin);
        }
        Ok(origins)
    }
}
