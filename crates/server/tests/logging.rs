//! The log: one event is one line.

use std::io::Write;

use server::logging::OneLine;

#[test]
fn an_event_cannot_fake_another() {
    let mut written = Vec::new();
    OneLine(&mut written).write_all(b"INFO name=a\r\nERROR b\x1b[31m\n").expect("written");
    let written = String::from_utf8(written).expect("text");
    assert_eq!(written, "INFO name=a\\r\\nERROR b\\u{1b}[31m\n");
}
