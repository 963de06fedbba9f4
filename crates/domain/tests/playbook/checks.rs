//! What a supervisor may keep in a playbook: each rule broken once, and its field named.

use domain::Invalid;

use super::*;

/// The faults as `field rule`.
fn faults(checked: Result<(), Invalid>) -> Vec<String> {
    let invalid = checked.err().unwrap_or_default();
    invalid.faults().map(|(path, rule)| format!("{path} {rule}")).collect()
}

#[test]
fn groups() {
    let book = book();
    let check = |group: ContactGroup, expected: &[&str]| {
        assert_eq!(faults(book.check_group(&group)), expected, "{group:?}");
    };
    check(group("Partners", &[PAUL]), &[]);
    check(group("", &[PAUL]), &["name must not be empty"]);
    check(group("A\nB", &[PAUL]), &["name must not hold line breaks or other control characters"]);
    check(group("Partners", &[]), &["members must be at least one"]);
    check(group("Partners", &[PAUL, PAUL]), &["members must differ"]);
    check(group("Partners", &[PAUL, GONE]), &["members must be in this account's directory"]);
    let other = ContactGroup { id: ContactGroupId(0), ..group("Partners", &[PAUL]) };
    check(other, &["name is taken"]);
    let many: Vec<ContactId> = (1..=51).map(ContactId).collect();
    check(
        group("Partners", &many),
        &["members must be at most 50", "members must be in this account's directory"],
    );
}

#[test]
fn policies() {
    let book = book();
    let sound = || policy(vec![to(&[Target::Recipient, Target::Rotation(NIGHTS)])]);
    let check = |change: &dyn Fn(&mut Policy), expected: &[&str]| {
        let mut policy = sound();
        change(&mut policy);
        assert_eq!(faults(book.check_policy(&policy)), expected, "{policy:?}");
    };
    check(&|_| {}, &[]);
    check(&|it| it.name = " ".to_owned(), &["name must not be empty"]);
    check(&|it| it.id = PolicyId(0), &["name is taken"]);
    check(&|it| it.rounds = 0, &["rounds must be 1 to 20"]);
    check(&|it| it.rounds = 21, &["rounds must be 1 to 20"]);
    let holds = ["ack_expires must be 1 minute to 30 days, or empty"];
    check(&|it| it.ack_expires_ms = Some(MINUTE_MS - 1), &holds);
    check(&|it| it.ack_expires_ms = Some(30 * 24 * 60 * MINUTE_MS + 1), &holds);
    check(&|it| it.ack_expires_ms = Some(30 * 24 * 60 * MINUTE_MS), &[]);
    check(&|it| it.levels = Vec::new(), &["levels must be 1 to 20"]);
    check(&|it| it.levels = vec![it.levels[0].clone(); 21], &["levels must be 1 to 20"]);
    let waits = ["levels.0.delay must be 10 seconds to 7 days"];
    check(&|it| it.levels[0].delay_ms = 9_999, &waits);
    check(&|it| it.levels[0].delay_ms = 7 * 24 * 60 * MINUTE_MS + 1, &waits);
    let targets = |targets: &'static [Target]| {
        move |it: &mut Policy| it.levels[0].telling.targets = targets.to_vec()
    };
    check(&targets(&[]), &["levels.0.targets must be 1 to 50"]);
    check(&targets(&[Target::Recipient, Target::Recipient]), &["levels.0.targets must differ"]);
    for strange in [
        &[Target::Contact(GONE)],
        &[Target::Rotation(RotationId(9))],
        &[Target::Group(ContactGroupId(9))],
    ] {
        check(&targets(strange), &["levels.0.targets must be of this account"]);
    }
    // All faults at once, each at its place.
    let both = |it: &mut Policy| {
        it.rounds = 0;
        it.levels.push(Level { delay_ms: 1, ..it.levels[0].clone() });
    };
    check(&both, &["rounds must be 1 to 20", "levels.1.delay must be 10 seconds to 7 days"]);
}

#[test]
fn closing_action_groups() {
    let mut book = book();
    let tell = || Action::Tell(to(&[Target::Recipient]));
    let usual = || closing(Usage::Usual, Timing::AtOnce, vec![tell()]);
    book.closings = vec![usual()];
    let check = |group: ClosingGroup, expected: &[&str]| {
        assert_eq!(faults(book.check_closing(&group)), expected, "{group:?}");
    };
    check(usual(), &[]);
    let second = ClosingGroup { id: ClosingGroupId(0), ..usual() };
    let is_for = "usage is what another group is for already";
    check(second.clone(), &["name is taken", is_for]);
    // Any number of groups may be there to be chosen.
    let chosen = ClosingGroup { usage: Usage::Chosen, name: "Other".to_owned(), ..second };
    check(chosen, &[]);
    let with = |actions: Vec<Action>| closing(Usage::Usual, Timing::AtOnce, actions);
    check(with(Vec::new()), &["actions must be 1 to 20"]);
    check(with(vec![tell(); 21]), &["actions must be 1 to 20"]);
    let address = "actions.1.address must be an e-mail address like name@example.com";
    check(with(vec![tell(), Action::Copy("office".to_owned())]), &[address]);
    let of_another = "actions.0.policy must be a policy of this account";
    check(with(vec![Action::Escalate(PolicyId(9))]), &[of_another]);
    let twice = vec![Action::Escalate(URGENT), Action::Escalate(URGENT)];
    check(with(twice), &["actions.1.policy must be the only escalation"]);
}

#[test]
fn digests() {
    let book = book();
    let jane = || Action::Tell(to(&[Target::Contact(JANE)]));
    let check = |minutes: &[u16], actions: Vec<Action>, expected: &[&str]| {
        let group = closing(Usage::Usual, Timing::Digest(minutes.to_vec()), actions);
        assert_eq!(faults(book.check_closing(&group)), expected, "{group:?}");
    };
    check(&[720, 1_020], vec![jane(), Action::Copy("a@b.example".to_owned())], &[]);
    let times = ["times must be 1 to 24 different times of the day"];
    for wrong in [&[][..], &[720, 720], &[1_020, 720], &[24 * 60], &[0; 25]] {
        check(wrong, vec![jane()], &times);
    }
    let to_one = "actions.0.targets must not name the recipient: a digest is of several messages";
    check(&[720], vec![Action::Tell(to(&[Target::Recipient]))], &[to_one]);
    let climbs = "actions.0.policy must not stand in a digest";
    check(&[720], vec![Action::Escalate(URGENT)], &[climbs]);
}

#[test]
fn a_policy_that_would_tell_nobody_is_warned_of() {
    let book = book();
    let warnings = |tellings: Vec<Telling>| book.warnings(&policy(tellings), at(NIGHT));
    // Whom a message is for is not known yet.
    assert!(warnings(vec![to(&[Target::Recipient]), to(&[Target::Contact(PAUL)])]).is_empty());
    let nobody = vec![to(&[Target::Contact(PAUL)]), to(&[Target::Contact(MARY)])];
    let expected =
        "Level 2 would tell nobody now. Mary Ash has no address for it in the directory.";
    assert_eq!(warnings(nobody), [expected]);
}
