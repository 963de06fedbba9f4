//! What people and programs enter: each rule broken once, with the field that is blamed for it.

use domain::account::{AccountEntry, ContactEntry, DEFAULT_ZONE};
use domain::call::{self, Call, Cdr};
use domain::sending::{Quiet, QuietPolicy, Rules};
use domain::token::{self, Key};
use domain::user::{NewUser, Role};
use domain::{
    AccountId, CallId, Instant, Invalid, KeyId, Recording, RecordingId, TenantId, UserId, tenant,
    user,
};

fn at(text: &str) -> Instant {
    Instant::parse(text).expect("an instant")
}

/// A report that says nothing but when.
fn blank_call() -> Call {
    Call {
        tenant_id: TenantId(1),
        id: CallId(0),
        account_id: AccountId(1),
        account_number: String::new(),
        did_id: None,
        call_sid: String::new(),
        did_number: String::new(),
        from: String::new(),
        agent_username: String::new(),
        started_at: at("2025-01-21T12:00:00Z"),
        cdr: Cdr::default(),
    }
}

/// The faults as `field rule`.
fn faults<T>(checked: Result<T, Invalid>) -> Vec<String> {
    let invalid = checked.err().unwrap_or_default();
    invalid.faults().map(|(path, rule)| format!("{path} {rule}")).collect()
}

const LONG: &str = "must have at most 500 bytes";
const ONE_LINE: &str = "must not hold line breaks or other control characters";

#[test]
fn accounts() {
    let entry = |number: &str, name: &str, zone: &str| AccountEntry {
        number: number.to_owned(),
        name: name.to_owned(),
        zone: zone.to_owned(),
        ..AccountEntry::default()
    };
    let check = |entry: AccountEntry, expected: &[&str]| {
        assert_eq!(faults(entry.clone().checked()), expected, "{entry:?}");
    };
    check(entry("4110", "Hart & Lowe", "America/Denver"), &[]);
    check(entry("", " ", ""), &["account_number must not be empty", "name must not be empty"]);
    check(entry("4110", "A\tB", ""), &[&format!("name {ONE_LINE}")]);
    check(entry(&"4".repeat(501), "Hart", ""), &[&format!("account_number {LONG}")]);
    let zone = "zone must be an IANA time zone like America/New_York";
    check(entry("4110", "Hart", "Mars/Olympus"), &[zone]);
    let text = "x".repeat(20_001);
    let long = AccountEntry { greeting: text.clone(), facts: text, ..entry("1", "Hart", "") };
    let rule = "must have at most 20,000 bytes";
    check(long, &[&format!("greeting {rule}"), &format!("facts {rule}")]);
    // White space around it is not kept, and a zone that nobody names is the common one.
    let (kept, zone) = entry(" 4110 ", " Hart ", " ").checked().expect("sound");
    let kept = (kept.number.as_str(), kept.name.as_str(), zone.name());
    assert_eq!(kept, ("4110", "Hart", DEFAULT_ZONE));
}

#[test]
fn people_of_a_directory() {
    let entry = |name: &str, email: &str, zone: &str| ContactEntry {
        name: name.to_owned(),
        email: email.to_owned(),
        zone: zone.to_owned(),
        ..ContactEntry::default()
    };
    let check = |entry: ContactEntry, expected: &[&str]| {
        assert_eq!(faults(entry.clone().checked()), expected, "{entry:?}");
    };
    check(entry("Jane", "jane@hartlowe.example", "Asia/Tokyo"), &[]);
    check(entry("Jane", "", ""), &[]);
    check(entry(" ", "", ""), &["name must not be empty"]);
    check(entry("Jane", "jane", ""), &["email must be an e-mail address like name@example.com"]);
    let phone = ContactEntry { phone: "1\r2".to_owned(), ..entry("Jane", "", "") };
    check(phone, &[&format!("phone {ONE_LINE}")]);
    assert!(faults(entry("Jane", "", "Mars/Olympus").checked())[0].starts_with("zone "));
    let (_, zone) = entry("Jane", "", " Asia/Tokyo ").checked().expect("sound");
    assert_eq!(zone.expect("a zone").name(), "Asia/Tokyo");
    assert!(entry("Jane", "", "").checked().expect("sound").1.is_none(), "the account's");
}

#[test]
fn users() {
    let entry = |email: &str, name: &str, username: &str, password: &str| NewUser {
        email: email.to_owned(),
        name: name.to_owned(),
        username: username.to_owned(),
        role: Role::Agent,
        password: password.to_owned(),
        accounts: Vec::new(),
    };
    let check = |entry: NewUser, expected: &[&str]| {
        assert_eq!(faults(entry.clone().checked()), expected, "{entry:?}");
    };
    let password = "correct horse";
    check(entry("ada@desk.example", "Ada", "", password), &[]);
    check(
        entry("ada", " ", "a\nb", "short"),
        &[
            "email must be an e-mail address like name@example.com",
            "name must not be empty",
            "password must have at least 12 characters",
            &format!("username {ONE_LINE}"),
        ],
    );
    let kept = entry(" Ada@Desk.Example ", " Ada ", " ", password).checked().expect("sound");
    let kept = [kept.email, kept.name, kept.username];
    assert_eq!(kept, ["ada@desk.example", "Ada", "ada"]);
    // Characters are counted where people are to type enough of them, bytes where they are hashed.
    assert!(user::check_password(&"ü".repeat(12)).is_ok());
    assert!(user::check_password(&"ü".repeat(11)).is_err());
    assert!(user::check_password(&"ü".repeat(128)).is_ok());
    assert_eq!(user::check_password(&"ü".repeat(129)), Err("must have at most 256 bytes"));
}

#[test]
fn subdomains() {
    let longest = "a".repeat(63);
    for sound in ["desk", "d", "4u", "north-east", &longest] {
        assert!(tenant::check_subdomain(sound).is_ok(), "{sound}");
    }
    let longer = "a".repeat(64);
    for wrong in ["", "-desk", "desk-", "Desk", "a.b", "a_b", "bücher", " desk", &longer] {
        assert_eq!(faults(tenant::check_subdomain(wrong)).len(), 1, "{wrong:?}");
    }
}

#[test]
fn keys_work_until_they_expire_or_are_revoked() {
    let now = at("2025-01-21T12:00:00Z");
    let check = |name: &str, expires_at: Option<&str>, expected: &[&str]| {
        let checked = token::check_key(name, expires_at.map(at), now);
        assert_eq!(faults(checked), expected, "{name:?} {expires_at:?}");
    };
    check("CRM", None, &[]);
    check("CRM", Some("2025-01-21T12:00:00.001Z"), &[]);
    check("CRM", Some("2025-01-21T12:00:00Z"), &["expires_at must be in the future"]);
    check(" ", None, &["name must not be empty"]);
    check("C\u{7}RM", None, &[&format!("name {ONE_LINE}")]);

    let key = Key {
        id: KeyId(1),
        user_id: UserId(1),
        name: "CRM".to_owned(),
        prefix: "lk_aaaaaaaa".to_owned(),
        created_at: now,
        expires_at: Some(now.plus_ms(1_000)),
        last_used_at: None,
        last_used_from: String::new(),
        limits: Default::default(),
        revoked_at: None,
    };
    assert!(key.works_at(now.plus_ms(999)) && !key.works_at(now.plus_ms(1_000)));
    let revoked = Key { revoked_at: Some(now), ..key.clone() };
    assert!(!revoked.works_at(now));
    assert!(Key { expires_at: None, ..key }.works_at(Instant::MAX));
}

#[test]
fn rules_for_sending() {
    let check = |rules: Rules, expected: &[&str]| {
        assert_eq!(faults(rules.checked()), expected, "{rules:?}");
    };
    let rules = Rules::default();
    check(rules, &[]);
    check(Rules { per_minute: 0, ..rules }, &["per_minute must be 1 to 1000000"]);
    check(Rules { per_day: 1_000_001, ..rules }, &["per_day must be 1 to 1000000"]);
    let quiet = |from_minute, until_minute| {
        Some(Quiet { from_minute, until_minute, policy: QuietPolicy::Defer })
    };
    check(Rules { quiet: quiet(1_320, 420), ..rules }, &[]);
    let same = "quiet_until must not be the same time as quiet_from";
    check(Rules { quiet: quiet(420, 420), ..rules }, &[same]);
}

#[test]
fn reports_of_calls() {
    let sound = || Call { call_sid: "a".to_owned(), ..blank_call() };
    let check = |change: &dyn Fn(&mut Call), expected: &[&str]| {
        let mut call = sound();
        change(&mut call);
        assert_eq!(faults(call.checked()), expected);
    };
    check(&|_| {}, &[]);
    check(&|it| it.call_sid = String::new(), &["call_sid must not be empty"]);
    check(&|it| it.from = "1\n2".to_owned(), &[&format!("from {ONE_LINE}")]);
    check(&|it| it.cdr.skill_name = "x".repeat(501), &[&format!("cdr.skill_name {LONG}")]);
    check(
        &|it| (it.cdr.talk_sec, it.cdr.hold_sec) = (-1, -2),
        &["cdr.talk_sec must not be negative", "cdr.hold_sec must not be negative"],
    );
}

#[test]
fn audio_is_kept_for_31_days_from_the_beginning_of_the_call() {
    let started = at("2025-01-21T12:00:00Z");
    assert_eq!(call::expires_at(started), at("2025-02-21T12:00:00Z"));
    let recording = Recording {
        id: RecordingId(1),
        call: Call { started_at: started, ..blank_call() },
        media_type: "audio/wav".to_owned(),
        blob_key: "k".to_owned(),
        bytes: 1,
        sha256: String::new(),
        duration_ms: 1,
        expires_at: call::expires_at(started),
        purged_at: None,
    };
    assert!(recording.is_kept_at(at("2025-02-21T11:59:59.999Z")));
    assert!(!recording.is_kept_at(at("2025-02-21T12:00:00Z")));
    let purged = Recording { purged_at: Some(started), ..recording };
    assert!(!purged.is_kept_at(started));
}
