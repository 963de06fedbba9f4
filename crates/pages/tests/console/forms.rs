//! The builder of forms: what its buttons do, what it refuses, and who meets the result.

use axum::http::StatusCode;

use super::support::{House, Reply, Visitor};

/// A choice, and a section that its answer opens.
const BRANCHED: [(&str, &str); 24] = [
    ("part", "s0"),
    ("s0.title", "The matter"),
    ("part", "s0.i0.prompt"),
    ("s0.i0.prompt", "{GREETING}, this is {AGENT_NAME} for {COMPANY_NAME}."),
    ("part", "s0.i1.field"),
    ("s0.i1.was", "case"),
    ("s0.i1.name", "case"),
    ("s0.i1.label", "Case"),
    ("s0.i1.kind", "select"),
    ("s0.i1.options", "Family\r\nCriminal\r\n"),
    ("s0.i1.required", "true"),
    ("part", "s1"),
    ("s1.title", "Arrest"),
    ("s1.when", "case=Criminal"),
    ("part", "s1.i0.field"),
    ("s1.i0.was", "held_at"),
    ("s1.i0.name", "held_at"),
    ("s1.i0.label", "Held at"),
    ("s1.i0.kind", "text"),
    ("s1.i0.required", "true"),
    ("part", "s1.i1.field"),
    ("s1.i1.label", "Court"),
    ("s1.i1.kind", "date"),
    ("s1.i1.hint", "The first one"),
];

fn builder(house: &House) -> String {
    format!("/accounts/{}/form", house.one.law.id)
}

async fn press(
    house: &House,
    who: &Visitor,
    revision: &str,
    button: &str,
    fields: &[(&str, &str)],
) -> Reply {
    let head = [("revision", revision), ("act", button)];
    house.post(who, &builder(house), &[&head[..], fields].concat()).await
}

async fn labels(house: &House) -> Vec<String> {
    let (app, one) = (&house.world.app, &house.one);
    let form = app::forms::of_line(app, &one.owner, one.law.id, None).await.expect("a form");
    form.fields().map(|field| field.label.clone()).collect()
}

#[tokio::test]
async fn a_supervisor_builds_a_form_with_a_branch_and_agents_meet_it() {
    let house = House::new().await;
    let sam = house.supervisor().await;
    let page = house.get(&sam, &builder(&house)).await;
    assert!(page.says("Version 1 is in use.") && page.says("Meeting preference"));
    assert_eq!(page.hidden("revision"), "0");

    let saved = press(&house, &sam, "0", "save", &BRANCHED).await;
    let page = house.follow(&sam, &saved).await;
    assert!(page.says("The draft is kept. Agents see it once it is published."));
    assert!(page.says("Only when “Case” is Criminal.") && page.says("Draft by Sam"));
    assert!(page.html.contains("value=\"case=Criminal\" checked"), "{}", page.html);
    assert!(!labels(&house).await.contains(&"Case".to_owned()), "agents see no draft");

    let published = press(&house, &sam, "1", "publish", &BRANCHED).await;
    let page = house.follow(&sam, &published).await;
    assert!(page.says("Version 2 is in use from the next call on."), "{}", page.html);
    assert_eq!(labels(&house).await, ["Case", "Held at", "Court"]);

    let agent = house.agent().await;
    let take = format!("/console/accounts/{}", house.one.law.id);
    let page = house.get(&agent, &take).await;
    assert!(page.says("Good evening, this is Ann for Hart & Lowe, Attorneys."));
    assert!(page.says("Only when “Case” is Criminal.") && page.says("The first one"));
    let (once, form_id) = (page.hidden("once"), page.hidden("form_id"));
    let answers = [
        ("once", once.as_str()),
        ("form_id", form_id.as_str()),
        ("answers[case]", "Criminal"),
        ("answers[held_at]", ""),
        ("answers[court]", "soon"),
    ];
    let path = format!("{take}/messages");
    let refused = house.post(&agent, &path, &answers).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(refused.control("answers[held_at]").contains("Held at must be filled in."));
    assert!(refused.control("answers[court]").contains("Court must be a day"));
    assert!(refused.html.contains(" data-open"), "the branch stays in sight");
    // Another answer closes the section, whatever the browser sends along.
    let mut answers = answers;
    answers[2].1 = "Family";
    answers[3].1 = "the county jail";
    let saved = house.post(&agent, &path, &answers).await;
    assert_eq!(saved.status, StatusCode::SEE_OTHER, "{}", saved.html);
    let message = &house.messages().await[0];
    assert_eq!(message.answers.of("case"), Some("Family"));
    assert_eq!(message.answers.of("held_at"), Some(""));
}

#[tokio::test]
async fn every_button_keeps_what_was_typed() {
    let house = House::new().await;
    let sam = house.supervisor().await;
    let add = [&BRANCHED[..], &[("s1.add", "kind:text"), ("s0.add", "standard:phone")]].concat();
    let steps = [
        ("section", "?open=s2", "A section was added at the end."),
        ("add s1", "?open=s1.i2", "A question was added. What does it ask?"),
        ("add s0", "?open=s0.i2", "“Phone” was added."),
        ("up s1.i1", "#s1-i0", "“Court” moved up."),
        ("down s0.i1", "#s1-i0", "“Case” moved down."),
        ("down s0", "#s1", "“The matter” moved down."),
        ("remove s0.i0", "#s0", "The text was removed."),
        ("remove s1", "#s0", "“Arrest” was removed."),
    ];
    for (i, (button, open, said)) in steps.into_iter().enumerate() {
        let reply = press(&house, &sam, &i.to_string(), button, &add).await;
        assert!(reply.to.ends_with(&format!("/form{open}")), "{button}: {}", reply.to);
        let page = house.follow(&sam, &reply).await;
        assert!(page.says(said), "{button}");
        let is_gone = button == "remove s1";
        assert_eq!(page.says("value=\"Court\""), !is_gone, "{button}");
    }
    // What there is to open a section with follows what was typed.
    let renamed = [
        ("part", "s0"),
        ("part", "s0.i0.field"),
        ("s0.i0.was", "case"),
        ("s0.i0.name", "kind_of_case"),
        ("s0.i0.label", "Case"),
        ("s0.i0.kind", "radio"),
        ("s0.i0.options", "Family"),
        ("part", "s1"),
        ("s1.when", "case=Criminal"),
    ];
    let reply = press(&house, &sam, "8", "save", &renamed).await;
    let page = house.follow(&sam, &reply).await;
    assert!(page.html.contains("value=\"kind_of_case=Criminal\" checked"), "{}", page.html);
    assert!(page.html.contains("value=\"kind_of_case=Family\">"));
    let gone = press(&house, &sam, "9", "discard", &[]).await;
    let page = house.follow(&sam, &gone).await;
    assert!(page.says("The draft is gone.") && page.says("Meeting preference"));
}

#[tokio::test]
async fn a_refused_form_says_everything_beside_its_control() {
    let house = House::new().await;
    let sam = house.supervisor().await;
    let wrong = [
        ("part", "s0"),
        ("s0.title", "a\tb"),
        ("s0.when", "fuel=Gas"),
        ("s0.when", "urgent=Yes"),
        ("part", "s0.i0.prompt"),
        ("s0.i0.prompt", "Hello {CALLER}"),
        ("part", "s0.i1.field"),
        ("s0.i1.label", ""),
        ("s0.i1.kind", "text"),
        ("s0.i1.min", "ten"),
        ("s0.i1.max", "30000"),
        ("part", "s1"),
        ("part", "s1.i0.field"),
        ("s1.i0.label", "Fuel"),
        ("s1.i0.kind", "radio"),
        ("s1.i0.options", ""),
        ("part", "s1.i1.field"),
        ("s1.i1.label", "Fuel"),
        ("s1.i1.kind", "text"),
    ];
    let reply = press(&house, &sam, "0", "publish", &wrong).await;
    assert_eq!(reply.status, StatusCode::UNPROCESSABLE_ENTITY);
    for (name, sentence) in [
        ("s0.title", "Title must not hold line breaks"),
        ("s0.i0.prompt", "What is said must not use {CALLER}: there are {AGENT_NAME},"),
        ("s0.i1.label", "Question must not be empty."),
        ("s0.i1.name", "Name in the API must be lower-case letters"),
        ("s0.i1.min", "Fewest characters must be 1 to 20,000 characters."),
        ("s0.i1.max", "Most characters must be 1 to 20,000 characters."),
        ("s1.i0.options", "Choices must be 1 to 200."),
        ("s1.i1.name", "Name in the API must differ from the names before it."),
    ] {
        let control = reply.control(name).replace("&#39;", "'");
        assert!(control.contains(sentence), "{name}: {control}");
    }
    assert!(reply.says("When it is asked must wait for answers to one question only."));
    assert!(reply.says("not right yet; the draft is kept."));
    assert_eq!(reply.hidden("revision"), "1");
    let page = house.get(&sam, &builder(&house)).await;
    assert!(page.says("Hello {CALLER}"), "the draft is there");
    assert_eq!(labels(&house).await.len(), 6);
    let nothing = press(&house, &sam, "1", "publish", &[]).await;
    assert!(nothing.says("The form must have at least one question."), "{}", nothing.html);
}

#[tokio::test]
async fn two_supervisors_do_not_overwrite_each_other_unseen() {
    let house = House::new().await;
    let (sam, olivia) = (house.supervisor().await, house.enters(&house.one.owner).await);
    press(&house, &sam, "0", "save", &BRANCHED).await;
    let mine = [("part", "s0"), ("s0.title", "Olivia's title")];
    let late = press(&house, &olivia, "0", "publish", &mine).await;
    assert_eq!(late.status, StatusCode::CONFLICT);
    assert!(late.says("Sam changed this form meanwhile.") && late.says("Olivia's title"));
    assert_eq!(labels(&house).await.len(), 6);
    let revision = late.hidden("revision");
    let again = press(&house, &olivia, &revision, "save", &mine).await;
    let page = house.follow(&olivia, &again).await;
    assert!(page.says("Olivia's title") && page.says("Draft by Olivia"));
}

#[tokio::test]
async fn a_discarded_draft_is_gone_and_calls_go_on_as_before() {
    let house = House::new().await;
    let sam = house.supervisor().await;
    press(&house, &sam, "0", "save", &BRANCHED).await;
    assert!(house.get(&sam, &builder(&house)).await.says("Draft by Sam"));
    let gone = press(&house, &sam, "1", "discard", &[]).await;
    let page = house.follow(&sam, &gone).await;
    assert!(page.says("The draft is gone. Calls are taken as before."), "{}", page.html);
    assert!(!page.says("Draft by Sam"));
    assert_eq!(labels(&house).await.len(), 6);
}

#[tokio::test]
async fn a_line_gets_its_own_form_and_gives_it_back() {
    let house = House::new().await;
    let sam = house.supervisor().await;
    let line = house.one.line.id.to_string();
    let page = house.get(&sam, &format!("{}?line={line}", builder(&house))).await;
    assert!(page.says("This line uses the account's form until you publish one."));
    assert!(page.says("Form for (561) 781-9977, Main"));
    let of_line = [&[("line", line.as_str())][..], &BRANCHED].concat();
    press(&house, &sam, "0", "publish", &of_line).await;
    assert_eq!(labels(&house).await.len(), 6, "the account's stays");
    let agent = house.agent().await;
    let take = format!("/console/accounts/{}", house.one.law.id);
    // It is the only line, so that every call comes in on it.
    let page = house.get(&agent, &format!("{take}?did=5617819977")).await;
    assert!(page.says("Held at") && !page.says("Meeting preference"));
    let versions = format!("{}/versions?line={line}", builder(&house));
    let page = house.get(&sam, &versions).await;
    assert!(page.says("In use") && page.says("2 sections, 3 questions"));
    let retire = format!("{}/retire", builder(&house));
    let retired = house.post(&sam, &retire, &[("line", line.as_str())]).await;
    let page = house.follow(&sam, &retired).await;
    assert!(page.says("Calls to this line are taken with the account's form again."));
    let page = house.get(&agent, &take).await;
    assert!(page.says("Meeting preference"));
}

#[tokio::test]
async fn an_earlier_version_is_looked_at_and_restored() {
    let house = House::new().await;
    let sam = house.supervisor().await;
    press(&house, &sam, "0", "publish", &BRANCHED).await;
    let versions = format!("{}/versions", builder(&house));
    let page = house.get(&sam, &versions).await;
    assert!(page.says("1 section, 6 questions") && page.says("2 sections, 3 questions"));
    assert!(page.says("Not known"), "the command line published the first");
    let look = house.get(&sam, &format!("{}/try?version=1", builder(&house))).await;
    assert!(look.says("Version 1, as it was asked.") && look.says("Meeting preference"));
    let restore = format!("{}/restore", builder(&house));
    let restored = house.post(&sam, &restore, &[("version", "1")]).await;
    let page = house.follow(&sam, &restored).await;
    assert!(page.says("Version 1 is in use again, as version 3."));
    assert_eq!(labels(&house).await.len(), 6);
    for unknown in ["", "9", "x", "-1"] {
        let reply = house.post(&sam, &restore, &[("version", unknown)]).await;
        assert_eq!(reply.status, StatusCode::NOT_FOUND, "{unknown}");
    }
}

#[tokio::test]
async fn a_foreign_line_is_one_that_does_not_exist() {
    let house = House::new().await;
    let sam = house.supervisor().await;
    let dental = format!("/accounts/{}/form", house.one.dental.id);
    let theirs = house.two.line.id.to_string();
    let own = house.one.line.id.to_string();
    let forms = [(builder(&house), theirs.as_str()), (dental, own.as_str())];
    for (form, line) in forms {
        for id in [line, "999999", "x", "0"] {
            for page in ["", "/try", "/versions"] {
                let reply = house.get(&sam, &format!("{form}{page}?line={id}")).await;
                assert_eq!(reply.status, StatusCode::NOT_FOUND, "{form}{page} {id}");
            }
            for page in ["", "/preview", "/try", "/restore", "/retire"] {
                let sent = [("line", id), ("act", "publish"), ("revision", "0"), ("version", "1")];
                let reply = house.post(&sam, &format!("{form}{page}"), &sent).await;
                assert_eq!(reply.status, StatusCode::NOT_FOUND, "{form}{page} {id}");
            }
        }
    }
    let app = &house.world.app;
    let two = &house.two;
    let bench = app::forms::bench(app, &two.owner, two.law.id, Some(two.line.id)).await;
    assert_eq!(bench.expect("a bench").draft, None);
}
