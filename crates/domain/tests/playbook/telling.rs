//! Whom a telling reaches at an hour, by which way, and the sentence about whoever it does not.

use super::*;

/// Who is told, as `name channel address [through]`, and why somebody is not.
fn told(
    book: &Playbook,
    telling: &Telling,
    recipient: Option<ContactId>,
    at: Instant,
) -> Vec<String> {
    let plan = book.tell(telling, recipient, at);
    let notices = plan.notices.iter().map(|notice| {
        let line = format!("{} {} {}", notice.name, notice.channel.as_str(), notice.address);
        if notice.through.is_empty() { line } else { format!("{line} [{}]", notice.through) }
    });
    notices.chain(plan.missing.iter().cloned()).collect()
}

#[test]
fn the_first_way_that_is_open_at_the_hour_is_taken() {
    let (book, jane) = (book(), to(&[Target::Contact(JANE)]));
    let check = |telling: &Telling, instant, expected: &[&str]| {
        assert_eq!(told(&book, telling, None, at(instant)), expected, "{telling:?} {instant}");
    };
    check(&jane, MORNING, &["Jane Hart call +15615550101"]);
    check(&jane, NIGHT, &["Jane Hart sms +15615550101"]);
    // The window begins with its first minute, and ends before its last.
    check(&jane, "2025-01-21T14:00:00Z", &["Jane Hart call +15615550101"]);
    check(&jane, "2025-01-21T22:00:00Z", &["Jane Hart sms +15615550101"]);
    let all = Telling { manner: Manner::All, ..jane.clone() };
    check(&all, MORNING, &["Jane Hart call +15615550101", "Jane Hart sms +15615550101"]);
    check(&all, NIGHT, &["Jane Hart sms +15615550101"]);
    let calls = Telling { channels: vec![Channel::Call], ..jane.clone() };
    check(&calls, MORNING, &["Jane Hart call +15615550101"]);
    check(&calls, NIGHT, &["No way to reach Jane Hart is open at this hour."]);
    // Her own ways stand in place of those that follow from her address and phone.
    let mail = Telling { channels: vec![Channel::Email], ..jane };
    check(&mail, MORNING, &["Jane Hart has no address for it in the directory."]);
}

#[test]
fn who_has_no_ways_is_reached_by_what_the_directory_says() {
    let book = book();
    let check = |telling: &Telling, expected: &[&str]| {
        assert_eq!(told(&book, telling, None, at(NIGHT)), expected, "{telling:?}");
    };
    let paul = to(&[Target::Contact(PAUL)]);
    check(&paul, &["Paul Lowe email paul@hartlowe.example"]);
    let texts = Telling { channels: vec![Channel::Sms], ..paul.clone() };
    check(&texts, &["Paul Lowe sms +15615550102"]);
    let all = [
        "Paul Lowe email paul@hartlowe.example",
        "Paul Lowe sms +15615550102",
        "Paul Lowe call +15615550102",
    ];
    check(&Telling { manner: Manner::All, ..paul }, &all);
    let mary = ["Mary Ash has no address for it in the directory."];
    check(&to(&[Target::Contact(MARY)]), &mary);
}

#[test]
fn a_person_lives_by_the_persons_own_clock() {
    let mut book = book();
    book.contacts[0].zone = Some(zone("Asia/Tokyo"));
    let jane = to(&[Target::Contact(JANE)]);
    // 10:00 on Wednesday in Tokyo, 20:00 on Tuesday in New York.
    let call = ["Jane Hart call +15615550101"];
    assert_eq!(told(&book, &jane, None, at("2025-01-22T01:00:00Z")), call);
    assert_eq!(told(&book, &jane, None, at(MORNING)), ["Jane Hart sms +15615550101"]);
    assert_eq!(book.zone(&book.contacts[1]).name(), "America/New_York");
}

#[test]
fn rotations_and_groups_mean_people_and_say_through_what() {
    let book = book();
    let check = |targets: &[Target], expected: &[&str]| {
        assert_eq!(told(&book, &to(targets), None, at(NIGHT)), expected, "{targets:?}");
    };
    let on_call = "Paul Lowe email paul@hartlowe.example [on call in Nights]";
    check(&[Target::Rotation(NIGHTS)], &[on_call]);
    let jane = "Jane Hart sms +15615550101 [in Partners]";
    let paul = "Paul Lowe email paul@hartlowe.example [in Partners]";
    check(&[Target::Group(PARTNERS)], &[jane, paul]);
    // Whoever is meant twice is told once, for the first reason.
    check(&[Target::Rotation(NIGHTS), Target::Group(PARTNERS)], &[on_call, jane]);
}

#[test]
fn whoever_is_not_told_has_a_sentence_about_it() {
    let book = book();
    let mut nobody = book.clone();
    nobody.groups[0].members = vec![GONE];
    nobody.rosters[0].rotation.members = Vec::new();
    let check = |book: &Playbook, target, recipient, expected: &str| {
        assert_eq!(told(book, &to(&[target]), recipient, at(NIGHT)), [expected], "{target:?}");
    };
    check(&book, Target::Recipient, None, "The message is for nobody in particular.");
    let gone = "The person that it is for is no longer in the directory.";
    check(&book, Target::Recipient, Some(GONE), gone);
    let gone = "A person whom the policy names is no longer in the directory.";
    check(&book, Target::Contact(GONE), None, gone);
    let gone = "An on-call rotation that the policy names is gone.";
    check(&book, Target::Rotation(RotationId(9)), None, gone);
    check(&nobody, Target::Rotation(NIGHTS), None, "Nobody is on call in Nights.");
    let gone = "A group that the policy names is gone.";
    check(&book, Target::Group(ContactGroupId(9)), None, gone);
    check(&nobody, Target::Group(PARTNERS), None, "Nobody is in Partners.");
    // One who is not there does not keep the others from being told.
    let both = to(&[Target::Contact(GONE), Target::Recipient]);
    let plan = book.tell(&both, Some(JANE), at(NIGHT));
    assert_eq!((plan.notices.len(), plan.missing.len()), (1, 1));
}

#[test]
fn the_next_way_is_one_that_was_not_tried() {
    let book = book();
    let next = |instant, channels: &[Channel], tried: &[(Channel, &str)]| {
        let notice = book.next_way(JANE, channels, at(instant), tried);
        notice.map(|notice| (notice.channel, notice.address))
    };
    let phone = || "+15615550101".to_owned();
    let (called, texted) = ((Channel::Call, "+15615550101"), (Channel::Sms, "+15615550101"));
    assert_eq!(next(MORNING, &[], &[]), Some((Channel::Call, phone())));
    assert_eq!(next(MORNING, &[], &[called]), Some((Channel::Sms, phone())));
    assert_eq!(next(MORNING, &[], &[called, texted]), None);
    assert_eq!(next(MORNING, &[Channel::Call], &[called]), None);
    // Another address of the same channel is another way.
    let other = (Channel::Call, "+15615550199");
    assert_eq!(next(MORNING, &[], &[other]), Some((Channel::Call, phone())));
    assert_eq!(book.next_way(GONE, &[], at(MORNING), &[]), None);
}

#[test]
fn texts_come_from_the_line_that_was_dialled() {
    let mut book = book();
    let mut message = domain::Message::blank(TenantId(1), AccountId(1), "u".to_owned(), at(NIGHT));
    assert_eq!(book.line(&message), None);
    book.lines = vec![line(8, "9545550100"), line(9, "5615550100")];
    assert_eq!(book.line(&message).map(|line| line.id), Some(DidId(8)), "the oldest");
    message.did_id = Some(DidId(9));
    assert_eq!(book.line(&message).map(|line| line.id), Some(DidId(9)));
    message.did_id = Some(DidId(7));
    assert_eq!(book.line(&message).map(|line| line.id), Some(DidId(8)), "one that was given up");
    let numbers: Vec<&str> =
        book.lines_by_number().iter().map(|line| line.number.as_str()).collect();
    assert_eq!(numbers, ["5615550100", "9545550100"]);
}
