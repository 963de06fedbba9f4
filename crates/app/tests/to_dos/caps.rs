//! Reliability S13: an account sends only so much in a minute and a day, and an address gets only
//! so much in a minute. The rest waits, and nothing is lost.

use app::sending;
use domain::limits::MINUTE_MS;
use domain::sending::Rules;

use super::*;

impl Story {
    /// Makes a To Do without a look at all the others.
    pub(super) async fn make_unchecked(&mut self, entry: &ToDoEntry) -> ToDoId {
        let app = &self.world.app;
        let made = to_dos::create(app, &self.office.client, "W0411", entry, None).await;
        let Once::New(standing) = made.expect("a To Do") else { panic!("it is new") };
        standing.to_do.id
    }

    async fn cap(&self, per_minute: i64, per_day: i64) {
        let rules = Rules { per_minute, per_day, ..Rules::default() };
        let office = &self.office;
        let set = sending::set_rules(&self.world.app, &office.owner, office.law.id, rules).await;
        set.expect("rules");
    }

    /// What an account has sent over SMS in the window of now.
    async fn spent(&self, unit: &str, window_ms: i64) -> i64 {
        let window = self.world.app.now().as_ms().div_euclid(window_ms) * window_ms;
        let name = format!("account {} sms {unit}", self.office.law.id);
        self.sum(name, window).await
    }

    /// How many texts an address got in the minute of now.
    async fn got(&self, address: &str) -> i64 {
        let window = self.world.app.now().as_ms().div_euclid(MINUTE_MS) * MINUTE_MS;
        self.sum(format!("address sms {address}"), window).await
    }

    async fn sum(&self, name: String, window_ms: i64) -> i64 {
        let (tenant_id, window_at) = (self.office.tenant.id, Instant::from_ms(window_ms));
        let purse = store::spending::Purse { tenant_id, name, window_at };
        let mut tx = self.world.db.begin().await.expect("a transaction");
        store::spending::spend(tx.link(), &[(purse, 0)]).await.expect("a sum")[0]
    }

    /// Makes many at once, each for a phone of its own.
    async fn make_many(&self, count: usize) {
        let now = self.world.app.now();
        let mut tx = self.world.db.begin().await.expect("a transaction");
        let mut jobs = Vec::new();
        for i in 0..count {
            let row = to_do(&self.office, format!("+1561556{i:04}"), now);
            let id = store::to_dos::insert(tx.link(), &row).await.expect("a row");
            let (tenant_id, subject_id) = (row.tenant_id, id.0);
            let kind = JobKind::Fire;
            jobs.push(store::jobs::NewJob { tenant_id, kind, subject_id, due_at: now });
        }
        for jobs in jobs.chunks(1_000) {
            store::jobs::set_all(tx.link(), jobs).await.expect("jobs");
        }
        tx.commit().await.expect("a commit");
    }
}

fn to_do(office: &Tenancy, contact: String, now: Instant) -> domain::ToDo {
    domain::ToDo {
        tenant_id: office.tenant.id,
        id: ToDoId(0),
        account_id: office.law.id,
        phone_id: None,
        delivery_type: Channel::Sms,
        instructions: None,
        contact,
        message_text: "Take your pills.".to_owned(),
        run_at: Some(now),
        from: None,
        subject: None,
        from_email: None,
        sender_name: None,
        policy: domain::to_do::Policy::usual(Channel::Sms),
        paused_at: None,
        revision: 1,
        created_by: None,
        created_at: now,
        updated_at: now,
    }
}

#[tokio::test]
async fn of_ten_thousand_in_a_minute_only_the_cap_goes_out_and_the_rest_follows() {
    let story = Story::new().await;
    story.cap(3_000, 1_000_000).await;
    story.clock("2025-01-22T14:00:00Z");
    story.make_many(10_000).await;
    let mut sent = Vec::new();
    for _ in 0..5 {
        // What waited comes back within the first second of a minute.
        story.world.clock.advance(1_000);
        let started = story.work().await;
        assert_eq!(story.spent("minute", MINUTE_MS).await, started.len() as i64);
        sent.push(started.len());
        story.world.clock.advance(MINUTE_MS - 1_000);
    }
    assert_eq!(sent, [3_000, 3_000, 3_000, 1_000, 0]);
    assert_eq!(story.spent("day", limits::DAY_MS).await, 10_000);
    assert_eq!(jobs::count(&story.world.app).await.expect("a count"), 0);
}

#[tokio::test]
async fn the_cap_of_a_day_says_so_and_what_cannot_wait_so_long_fails() {
    let mut story = Story::new().await;
    story.cap(100, 2).await;
    let mut ids = Vec::new();
    for i in 0..3 {
        let entry =
            ToDoEntry { contact: format!("+1561556000{i}"), ..once("2025-01-22T14:00:00Z") };
        ids.push(story.make(&entry).await);
    }
    let mail = ToDoEntry {
        delivery_type: "email".to_owned(),
        contact: "new@client.example".to_owned(),
        ..once("2025-01-22T14:00:00Z")
    };
    for _ in 0..3 {
        ids.push(story.make(&mail).await);
    }
    story.clock("2025-01-22T14:00:00Z");
    assert_eq!(story.work().await.len(), 4, "two texts and two mails");
    insta::assert_snapshot!(story.told(ids[2]).await, @"Wed, Jan 22, 2025, 9:00:00 AM EST failed The account's limit of 2 SMSs a day is reached. Then its time would be over.");
    insta::assert_snapshot!(story.told(ids[5]).await, @"Wed, Jan 22, 2025, 9:00:00 AM EST waiting The account's limit of 2 E-mails a day is reached.");
    story.clock("2025-01-23T00:00:01Z");
    assert_eq!(story.work().await.len(), 1, "the third mail, on the next day");
}

#[tokio::test]
async fn one_address_gets_ten_in_a_minute_and_the_counters_are_exact() {
    let mut story = Story::new().await;
    story.cap(12, 1_000).await;
    story.clock("2025-01-22T14:00:00Z");
    for _ in 0..15 {
        story.make_unchecked(&once("2025-01-22T14:00:00Z")).await;
    }
    assert_eq!(story.work().await.len(), 10);
    let counted = (story.got("+17542838007").await, story.spent("minute", MINUTE_MS).await);
    assert_eq!(counted, (10, 10), "the five that wait are given back");
    // Others still find room under the account's limit.
    for i in 0..4 {
        let contact = format!("+1561556000{i}");
        story.make_unchecked(&ToDoEntry { contact, ..once("2025-01-22T14:00:00Z") }).await;
    }
    assert_eq!(story.work().await.len(), 2);
    assert_eq!(story.spent("minute", MINUTE_MS).await, 12);
    assert_eq!(story.got("+15615560003").await, 0);
    story.world.clock.advance(MINUTE_MS + 1_000);
    assert_eq!(story.work().await.len(), 7);
    assert_eq!(story.spent("day", limits::DAY_MS).await, 19);
    assert_eq!(jobs::count(&story.world.app).await.expect("a count"), 0);
}
