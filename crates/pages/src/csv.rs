//! Files of comma-separated values (RFC 4180), streamed, safe to open in a spreadsheet.

use axum::body::Body;
use axum::http::header::{CACHE_CONTROL, CONTENT_DISPOSITION, CONTENT_TYPE};
use axum::response::{IntoResponse, Response};
use bytes::Bytes;
use domain::Date;
use futures_util::{Stream, TryStreamExt};

/// What spreadsheets need to see that a text is UTF-8.
pub(crate) const BYTE_ORDER_MARK: &str = "\u{feff}";

/// A file called by what it holds and the day, on its way out piece by piece. An error breaks it off,
/// so that a file that is not whole is not taken for one.
pub(crate) fn file(
    name: &str,
    day: Date,
    pieces: impl Stream<Item = app::Result<Bytes>> + Send + 'static,
) -> Response {
    let headers = [
        (CONTENT_TYPE, "text/csv; charset=utf-8; header=present".to_owned()),
        (CONTENT_DISPOSITION, format!("attachment; filename=\"{name}-{day}.csv\"")),
        (CACHE_CONTROL, "no-store".to_owned()),
    ];
    let pieces = pieces.inspect_err(|error| tracing::error!(%error, "an export broke off"));
    (headers, Body::from_stream(pieces)).into_response()
}

/// Appends a line as RFC 4180 wants it: cells with a comma, a quote or a line break in quotes,
/// quotes doubled, CR LF at the end.
pub(crate) fn push_line(text: &mut String, cells: impl Iterator<Item = String>) {
    for (i, cell) in cells.enumerate() {
        if i > 0 {
            text.push(',');
        }
        let cell = harmless(&cell);
        if cell.contains([',', '"', '\r', '\n']) {
            text.push('"');
            text.push_str(&cell.replace('"', "\"\""));
            text.push('"');
        } else {
            text.push_str(&cell);
        }
    }
    text.push_str("\r\n");
}

/// A cell that no spreadsheet takes for a formula: what could begin one gets an apostrophe in
/// front (OWASP ASVS 5, 1.2.10; the wide forms too, which spreadsheets read alike).
fn harmless(cell: &str) -> String {
    const BEGINNINGS: [char; 11] =
        ['=', '+', '-', '@', '\t', '\r', '\n', '\0', '\u{ff1d}', '\u{ff0b}', '\u{ff0d}'];
    let begins = cell.starts_with(BEGINNINGS) || cell.starts_with('\u{ff20}');
    if begins { format!("'{cell}") } else { cell.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cells_are_quoted_where_they_must_be() {
        let mut text = String::new();
        let cells = ["plain", "a,b", "say \"hi\"", "two\nlines", "", "ü"];
        push_line(&mut text, cells.iter().map(|cell| (*cell).to_owned()));
        assert_eq!(text, "plain,\"a,b\",\"say \"\"hi\"\"\",\"two\nlines\",,ü\r\n");
    }

    #[test]
    fn no_cell_begins_a_formula() {
        for bad in ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "\n=1", "\0=1", "＝1", "＠a"]
        {
            assert_eq!(harmless(bad), format!("'{bad}"));
        }
        for good in ["", "a=1", "(954) 555-0142", "'=1", " =1"] {
            assert_eq!(harmless(good), good);
        }
    }
}
