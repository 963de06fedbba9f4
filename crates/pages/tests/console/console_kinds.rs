//! The rules of each kind of field, as an agent meets them.

use axum::http::StatusCode;

use super::support::{House, every_kind};

/// What is typed into a field of a kind, and the sentence that refuses it; `""` where it is sound.
const CASES: [(&str, &str, &str); 26] = [
    ("text", "  Boiler  ", ""),
    ("text", "two\nlines", "text must not hold line breaks or other control characters."),
    ("text", "tab\there", "text must not hold line breaks or other control characters."),
    ("long_text", "two\nlines", ""),
    ("long_text", "a\0b", "long text must not hold NUL characters."),
    ("phone", "ask for (954) 555-0142 ext. 7", ""),
    ("phone", "1\r\n2", "phone must not hold line breaks or other control characters."),
    ("email", "maria@lopez.example", ""),
    ("email", "maria@", "email must be an e-mail address like name@example.com."),
    ("email", "a@b.example, c@d.example", "email must be an e-mail address like name@example.com."),
    ("checkbox", "true", ""),
    ("checkbox", "<script>", ""),
    ("select", "Gas", ""),
    ("select", "Coal", "select must be one of the options."),
    ("radio", "Oil", ""),
    ("radio", "Gas\r\nOil", "radio must be one of the options."),
    ("details", "two\nlines", ""),
    ("date", "2025-01-21", ""),
    ("date", "2025-02-30", "date must be a day like 2025-01-21."),
    ("number", "-12.50", ""),
    ("number", "a dozen", "number must be a number like 12 or 12.50."),
    ("zip", "33401-1234", ""),
    ("zip", "3340", "ZIP must be a US ZIP code like 33401 or 33401-1234."),
    ("is_emergency", "on", ""),
    ("how_you_hear_about_us", "Another way", ""),
    ("receiver_name", "999999", "recipient must be in this account's directory."),
];

#[tokio::test]
async fn each_kind_keeps_its_rule() {
    let house = House::new().await;
    let agent = house.agent().await;
    house.asks(every_kind()).await;
    let address = format!("/console/accounts/{}", house.one.law.id);
    for (name, typed, sentence) in CASES {
        let page = house.get(&agent, &address).await;
        let (once, form_id) = (page.hidden("once"), page.hidden("form_id"));
        let name = format!("answers[{name}]");
        let sent = [("once", once.as_str()), ("form_id", &form_id), (&name, typed)];
        let reply = house.post(&agent, &format!("{address}/messages"), &sent).await;
        if sentence.is_empty() {
            assert_eq!(reply.status, StatusCode::SEE_OTHER, "{name} {typed:?}");
        } else {
            assert_eq!(reply.status, StatusCode::UNPROCESSABLE_ENTITY, "{name} {typed:?}");
            assert!(reply.says(sentence), "{name} {typed:?}: {}", reply.html);
        }
    }
    let sound = CASES.iter().filter(|(.., sentence)| sentence.is_empty()).count();
    let messages = house.messages().await;
    assert_eq!(messages.len(), sound);
    let kept = |name: &str| {
        let answers = messages.iter().filter_map(|message| message.answers.of(name));
        answers.filter(|text| !text.is_empty()).map(str::to_owned).collect::<Vec<_>>()
    };
    assert_eq!(kept("text"), ["Boiler"]);
    assert_eq!(kept("checkbox"), ["Yes", "Yes"], "a tick is a tick, whatever is sent for it");
}

#[tokio::test]
async fn each_kind_can_be_required() {
    let house = House::new().await;
    let agent = house.agent().await;
    let mut fields = every_kind();
    for field in &mut fields {
        field.is_required = true;
    }
    let owned = |name: &str, label: &str| (name.to_owned(), label.to_owned());
    // Of an address, where it is.
    let parts = |field: &domain::Field| match field.kind {
        domain::FieldKind::Address => vec![owned("address", "Street"), owned("city", "City")],
        _ => vec![owned(&field.name, &field.label)],
    };
    let names: Vec<(String, String)> = fields.iter().flat_map(parts).collect();
    house.asks(fields).await;
    let address = format!("/console/accounts/{}", house.one.law.id);
    let page = house.get(&agent, &address).await;
    assert_eq!(page.html.matches("class=\"must\">required<").count(), names.len());
    let (once, form_id) = (page.hidden("once"), page.hidden("form_id"));
    let sent = [("once", once.as_str()), ("form_id", &form_id), ("answers[text]", " \u{a0} ")];
    let reply = house.post(&agent, &format!("{address}/messages"), &sent).await;
    assert_eq!(reply.status, StatusCode::UNPROCESSABLE_ENTITY);
    for (name, label) in &names {
        assert!(reply.html.contains(&format!("id=\"e-answers[{name}]\"")), "{name}");
        assert!(reply.says(&format!("{label} must be filled in.")), "{name}");
    }
    assert!(reply.says(&format!("{} things are not right yet.", names.len())));
}

#[tokio::test]
async fn a_field_named_like_a_control_of_ours_is_an_answer() {
    let house = House::new().await;
    let agent = house.agent().await;
    let labels = ["Contact ID", "DID ID", "Once", "CSRF", "Form ID", "Caller ID"];
    let field = |label: &&str| domain::Field::new(label, domain::FieldKind::Text, false);
    house.asks(labels.iter().map(field).collect()).await;
    let address = format!("/console/accounts/{}", house.one.law.id);
    let page = house.get(&agent, &address).await;
    let (once, form_id) = (page.hidden("once"), page.hidden("form_id"));
    let sent = [
        ("once", once.as_str()),
        ("form_id", &form_id),
        ("answers[contact_id]", "a card"),
        ("answers[csrf]", "x"),
        ("answers[once]", "y"),
    ];
    let reply = house.post(&agent, &format!("{address}/messages"), &sent).await;
    assert_eq!(reply.status, StatusCode::SEE_OTHER);
    let message = &house.messages().await[0];
    assert_eq!((message.answers.of("contact_id"), message.contact_id), (Some("a card"), None));
}
