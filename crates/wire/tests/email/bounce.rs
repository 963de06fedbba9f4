//! Reports about mails that were taken and came back: samples of three servers, and garbage.

use proptest::prelude::*;
use wire::email::bounce::{REPORT_MAX_BYTES, parse};
use wire::{Reach, Report};

/// The Message-ID of the mail that every sample is about.
const OURS: &str = "0198c0de-7777@liberty.test";

const SAMPLES: [&str; 8] = [
    include_str!("bounces/postfix_no_such_address.eml"),
    include_str!("bounces/postfix_expired.eml"),
    include_str!("bounces/postfix_delayed.eml"),
    include_str!("bounces/postfix_delivered.eml"),
    include_str!("bounces/exim_mailbox_full.eml"),
    include_str!("bounces/exchange_not_found.eml"),
    include_str!("bounces/exchange_blocked_without_headers.eml"),
    // Written by Exim 4.96 itself; the others are written after their servers' forms.
    include_str!("bounces/exim_no_such_address.eml"),
];

/// What a sample says about our mail, with the line ends of files and those of mail.
fn said(sample: &str) -> Option<Result<Reach, String>> {
    let read = |text: &str| match parse(text.as_bytes())? {
        Report::Progress { reference, result } => {
            assert_eq!(reference, OURS);
            Some(result)
        }
        other => panic!("{other:?}"),
    };
    let result = read(sample);
    assert_eq!(read(&sample.replace('\n', "\r\n")), result);
    result
}

#[test]
fn a_report_says_in_words_why_a_mail_came_back() {
    for (sample, words) in [
        (
            SAMPLES[0],
            "The address does not exist, says the mail server mx.archer.test: 550 5.1.1 \
             <gone@archer.test>: Recipient address rejected: User unknown in virtual mailbox table.",
        ),
        (
            SAMPLES[1],
            "The recipient's mail server cannot be reached, says the mail server \
             relay.liberty.test: connect to mx.archer.test[192.0.2.25]:25: Connection timed out.",
        ),
        (
            SAMPLES[4],
            "The mailbox is full, says the mail server mx.store.test: 552-5.2.2 The recipient's \
             inbox is out of storage space. 552 5.2.2 Please direct the recipient to free some.",
        ),
        (
            SAMPLES[5],
            "The address does not exist, says the mail server DB5PR01MB1234.prod.exchange.test: \
             550 5.1.10 RESOLVER.ADR.RecipientNotFound; Recipient gone@harborlaw.test not found by \
             SMTP address lookup.",
        ),
        (
            SAMPLES[6],
            "A rule forbids this mail, says the mail server DB5PR01MB1234.prod.exchange.test: \
             550 5.7.1 RESOLVER.RST.AuthRequired; authentication required.",
        ),
        (
            SAMPLES[7],
            "The address does not exist, says the mail server 127.0.0.1: 550 5.1.1 \
             <gone@archer.test>: User unknown.",
        ),
    ] {
        assert_eq!(said(sample), Some(Err(words.to_owned())));
    }
}

#[test]
fn a_report_says_that_a_mail_arrived_or_nothing_yet() {
    assert_eq!(said(SAMPLES[3]), Some(Ok(Reach::Handset)));
    for word in ["delivered", "Expanded", "RELAYED (to no DSN)"] {
        let sample = SAMPLES[3].replace("Action: relayed", &format!("Action: {word}"));
        assert_eq!(said(&sample), Some(Ok(Reach::Handset)), "{word}");
    }
    assert_eq!(said(SAMPLES[2]), None, "delayed");
    let odd = SAMPLES[3].replace("Action: relayed", "Action: pondered");
    assert_eq!(said(&odd), None);
}

#[test]
fn of_several_recipients_one_that_failed_counts() {
    let delivered = "Final-Recipient: rfc822; b@archer.test\nAction: delivered\nStatus: 2.1.5\n\n";
    let both = SAMPLES[0].replace(
        "Final-Recipient: rfc822; gone",
        &format!("{delivered}Final-Recipient: rfc822; gone"),
    );
    assert!(said(&both).expect("a report").is_err());
}

#[test]
fn what_is_no_report_about_a_known_mail_is_none() {
    let returned = "Message-ID: <0198c0de-7777@liberty.test>";
    for other in [
        String::new(),
        "hello".to_owned(),
        "Subject: Out of office\n\nI am away.\n".to_owned(),
        SAMPLES[0].replace("multipart/report", "multipart/mixed"),
        SAMPLES[0].replace("message/delivery-status", "text/plain"),
        SAMPLES[0].replace(returned, "X-Nothing: here"),
        SAMPLES[0].replace(returned, "Message-ID: 0198c0de-7777@liberty.test"),
        SAMPLES[0].replace(returned, "Message-ID: <>"),
        SAMPLES[0].replace(returned, "Message-ID: <a b@liberty.test>"),
        SAMPLES[0].replace(returned, "Message-ID: <=?utf-8?q?x=0D=0Ay=40z?=>"),
    ] {
        assert_eq!(parse(other.as_bytes()), None, "{other}");
    }
}

#[test]
fn words_of_a_report_stay_on_one_line_and_within_bounds() {
    let loud = format!("smtp; 550 5.7.1 =?utf-8?q?a=0D=0Ab=00c?= {}", "loud ".repeat(150));
    let from = SAMPLES[6].find("Diagnostic-Code: ").expect("a field") + "Diagnostic-Code: ".len();
    let to = from + SAMPLES[6][from..].find('\n').expect("its end");
    let sample = format!("{}{loud}{}", &SAMPLES[6][..from], &SAMPLES[6][to..]);
    let reason = said(&sample).expect("a report").expect_err("failed");
    assert!(!reason.contains(char::is_control) && reason.len() < 1_000, "{reason}");
    assert!(reason.starts_with("A rule forbids this mail") && reason.ends_with('.'), "{reason}");
}

#[test]
fn hostile_mail_takes_no_time() {
    let begin = "Content-Type: multipart/report; boundary=b\n";
    let nested: String = (0..5_000)
        .map(|n| format!("--b{n}\nContent-Type: multipart/report; boundary=b{}\n\n", n + 1))
        .collect();
    let hostile = [
        format!("Content-Type: {}", "=?".repeat(REPORT_MAX_BYTES / 2)),
        format!("Content-Type: {}", "=?=?=?=?\n ".repeat(REPORT_MAX_BYTES / 10)),
        format!("{begin}\n{}", "--b\n".repeat(REPORT_MAX_BYTES / 4)),
        format!("{begin}\n{}", "-".repeat(REPORT_MAX_BYTES)),
        format!("{begin}{}", "a:\n".repeat(REPORT_MAX_BYTES / 3)),
        format!("Content-Type: multipart/report; boundary=b0\n\n{nested}"),
        format!("Content-Type: multipart/report{}", "; a=b".repeat(REPORT_MAX_BYTES / 5)),
        format!("Content-Type: multipart/report{}", ";\n a*1=b".repeat(REPORT_MAX_BYTES / 9)),
        format!(
            "{begin}\n--b\nContent-Type: message/delivery-status\n\n{}",
            "a:\n\n".repeat(200_000)
        ),
        "\0".repeat(REPORT_MAX_BYTES * 10),
    ];
    for (n, mail) in hostile.iter().enumerate() {
        assert_eq!(parse(mail.as_bytes()), None, "{n}");
    }
    // A large mail that came back is known by its beginning.
    let large = SAMPLES[0].replace("Please call back.", &"Please call back.\n".repeat(1_000_000));
    assert!(said(&large).expect("a report").is_err());
}

/// A sample with some bytes replaced, removed or added.
fn broken() -> impl Strategy<Value = Vec<u8>> {
    let cuts =
        prop::collection::vec((any::<prop::sample::Index>(), 0..60_usize, any::<Vec<u8>>()), 1..6);
    (prop::sample::select(SAMPLES.to_vec()), cuts).prop_map(|(sample, cuts)| {
        let mut bytes = sample.as_bytes().to_vec();
        for (at, length, other) in cuts {
            let from = at.index(bytes.len() + 1);
            let to = (from + length).min(bytes.len());
            bytes.splice(from..to, other);
        }
        bytes
    })
}

proptest! {
    #[test]
    fn garbage_is_survived(raw in any::<Vec<u8>>()) {
        let _ = parse(&raw);
    }

    #[test]
    fn text_that_looks_like_mail_is_survived(
        raw in "(Content-Type: multipart/report; boundary=b\r?\n|[a-zA-Z-]{1,9}:[ -~\t]{0,9}\r?\n[ \t]?|\r?\n|--b(--)?\r?\n|=\\?[a-z-]{0,9}\\?[bqx]\\?.{0,9}\\?=|.){0,40}"
    ) {
        let _ = parse(raw.as_bytes());
    }

    #[test]
    fn a_broken_report_is_none_or_sound(raw in broken()) {
        if let Some(report) = parse(&raw) {
            let Report::Progress { reference, result } = report else { panic!("a text message") };
            prop_assert!(reference.bytes().all(|b| b.is_ascii_graphic()));
            if let Err(words) = result {
                prop_assert!(!words.contains(char::is_control) && words.ends_with('.'));
            }
        }
    }
}
