//! What the reference says besides its operations: addresses, refusals, lists, our readings; and
//! the prose of its pages.

use handbook::reference::{Chapter, Row};

/// What the first page says below its title.
pub(crate) const INTRODUCTION: &str = include_str!("../prose/api-reference.md");

/// What the pages of these groups and operations say besides what the document has.
const PROSE: [(&str, &str); 11] = [
    ("Messages", include_str!("../prose/messages.md")),
    ("list_messages", include_str!("../prose/list-messages.md")),
    ("get_message", include_str!("../prose/get-a-message.md")),
    ("update_message", include_str!("../prose/update-a-message.md")),
    ("Call recordings", include_str!("../prose/call-recordings.md")),
    ("list_call_recordings", include_str!("../prose/list-call-recordings.md")),
    ("get_call_recording", include_str!("../prose/get-a-call-recording.md")),
    ("To Dos", include_str!("../prose/to-dos.md")),
    ("list_to_dos", include_str!("../prose/list-to-dos.md")),
    ("create_to_do", include_str!("../prose/create-a-to-do.md")),
    ("Version 1", include_str!("../prose/version-1.md")),
];

/// The prose of a group, by its title, or of an operation, by its id; empty where there is none.
pub(crate) fn prose(name: &str) -> String {
    let known = PROSE.iter().find(|(known, _)| *known == name);
    known.map(|(_, text)| (*text).to_owned()).unwrap_or_default()
}

/// The chapters, in their order.
pub(crate) fn all() -> Vec<Chapter> {
    vec![addresses(), errors(), lists(), readings()]
}

fn chapter(
    title: &str,
    of: &'static str,
    paragraphs: &[&str],
    rows: &[(&str, &str, &str)],
) -> Chapter {
    Chapter {
        title: title.to_owned(),
        paragraphs: paragraphs.iter().map(|text| (*text).to_owned()).collect(),
        of,
        rows: rows.iter().map(|(name, kind, text)| Row::key(name, kind, text)).collect(),
        example: String::new(),
    }
}

fn addresses() -> Chapter {
    chapter(
        "Addresses",
        "address",
        &["The first label of the host name is the answering service. A key of one is an invalid \
           token on another."],
        &[
            ("`/api/v2/…`", "version 2", "The current one. /v2/… is the same."),
            (
                "`/v1/…`",
                "version 1",
                "Read-only, kept for programs that use it. /api/v1/… is the \
              same.",
            ),
        ],
    )
}

fn errors() -> Chapter {
    let mut chapter = chapter(
        "Answers and errors",
        "status code",
        &[
            "A success is {\"data\": …}; bodies of version 1 are not wrapped. A refusal says why \
             in a sentence, and names each field that is wrong.",
            "Send Accept: application/problem+json to get refusals as RFC 9457 has them. Every \
             answer carries X-Request-Id; one that you send is kept.",
        ],
        &[
            (
                "`400`",
                "",
                "Processing error: the body is not valid JSON, or no JSON object, or a key stands twice.",
            ),
            (
                "`401`",
                "",
                "Unauthorized: the key is missing, wrong, expired, revoked, or another tenant's. 404 in \
              version 1.",
            ),
            ("`404`", "", "No such thing, or not for you: the two are never told apart."),
            (
                "`405`",
                "",
                "The address does not answer that method; Allow names those that it does.",
            ),
            ("`409`", "", "The Idempotency-Key was used before for another body."),
            ("`412`", "", "If-Match names another revision."),
            ("`413`", "", "The body is larger than 1,000,000 bytes."),
            ("`415`", "", "The body is not JSON."),
            ("`422`", "", "Missing or invalid parameter; all of them are named at once."),
            ("`429`", "", "Too many wrong keys from your address. A right one always passes."),
            ("`500, 503, 507`", "", "A fault of ours; the database is away; no room is left."),
        ],
    );
    chapter.example =
        "{\n  \"success\": false,\n  \"info\": \"limit must be a whole number from 1 \
        to 1000.\",\n  \"data\": {\n    \"errors\": {\n      \"limit\": [\"must be a whole number \
        from 1 to 1000\"]\n    }\n  }\n}"
            .to_owned();
    chapter
}

fn lists() -> Chapter {
    chapter(
        "Lists",
        "parameter",
        &[
            "A list holds whole objects, newest first. Without limit it holds all of them, streamed; \
           with limit it is a page, with meta.next_cursor and a Link header for the next one. A \
           cursor is good for the same list and the same filter only.",
        ],
        &[
            (
                "`from_date, to_date`",
                "MM-DD-YYYY",
                "Whole days, both included, in the account's \
              zone; in the answering service's where the list spans several accounts.",
            ),
            ("`limit`", "1 to 1000", "Rows of a page."),
            ("`cursor`", "", "The next_cursor of the page before."),
        ],
    )
}

fn readings() -> Chapter {
    chapter(
        "Where the documents are silent",
        "matter",
        &["Liberty follows the published documents of an existing API. Where they say nothing, \
           this is how we read them."],
        &[
            ("Unknown parameters", "", "Are ignored; a known one with a bad value is 422."),
            ("Repeated parameters", "", "The last one counts."),
            ("A body on a GET", "", "Is ignored."),
            ("Unknown keys in a body", "", "Are 422 and named; those of a new To Do are ignored."),
            ("An empty update", "", "Changes nothing and answers 200."),
            ("`PUT`", "", "Is the same as PATCH: what is not given stays."),
            (
                "`status`",
                "",
                "pending, held, delivered, failed, acknowledged, closed. Delivered is \
              not acknowledged.",
            ),
            ("`/to_dos`", "", "Is the same as /to-dos. A To Do is made with 201."),
            ("schedule of a To Do", "", "Is null where it goes out once, at run_at."),
            ("contact of a To Do", "", "May be anything; its address is found when it is sent."),
            ("from of a To Do", "", "Is kept as digits, without a leading US 1."),
            ("`previous_occurrence`", "", "Came due last, whether it was sent or skipped."),
            ("The list of version 1", "", "Is a bare array; a page's next is in its Link header."),
        ],
    )
}
