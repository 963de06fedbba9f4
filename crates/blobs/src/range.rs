//! The HTTP `Range` header against the length of a blob (RFC 9110, section 14).

use std::ops::Range;

/// What part of a blob a request is to be answered with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Slice {
    /// All of it: `200`.
    Whole,
    /// These bytes, end exclusive and never empty: `206`, `Content-Range: bytes {start}-{end - 1}/{length}`.
    Part(Range<u64>),
    /// None of it: `416`, `Content-Range: bytes */{length}`.
    Unsatisfiable,
}

impl Slice {
    /// What `header` asks of a blob of `length` bytes.
    ///
    /// An unknown unit, a malformed header and more than one range give [`Slice::Whole`], as RFC
    /// 9110 allows: so many ranges never cost more than one. `If-Range` is the caller's to compare;
    /// where it does not match, this is not to be asked.
    pub fn asked(header: &str, length: u64) -> Self {
        let Some(range) = only_range(header) else {
            return Self::Whole;
        };
        match (range.first, range.last) {
            (Some(first), Some(last)) if last < first => Self::Whole,
            (Some(first), _) if first >= length => Self::Unsatisfiable,
            (Some(first), last) => {
                Self::Part(first..last.map_or(length, |last| length.min(last.saturating_add(1))))
            }
            (None, Some(0)) => Self::Unsatisfiable,
            // The last bytes of nothing: satisfiable, but a part must not be empty.
            (None, Some(_)) if length == 0 => Self::Whole,
            (None, Some(count)) => Self::Part(length.saturating_sub(count)..length),
            (None, None) => Self::Whole,
        }
    }
}

/// `first-last`, `first-` or `-count`, the numbers as far as a `u64` goes.
struct Spec {
    first: Option<u64>,
    last: Option<u64>,
}

/// The one range of the header, or `None` where it has another number of them or is malformed.
fn only_range(header: &str) -> Option<Spec> {
    let (unit, set) = header.split_once('=')?;
    if !unit.trim().eq_ignore_ascii_case("bytes") {
        return None;
    }
    // A list may have empty elements (RFC 9110, section 5.6.1).
    let mut specs =
        set.split(',').map(|spec| spec.trim_matches([' ', '\t'])).filter(|s| !s.is_empty());
    let (Some(spec), None) = (specs.next(), specs.next()) else {
        return None;
    };
    let (first, last) = spec.split_once('-')?;
    Some(Spec { first: number(first)?, last: number(last)? })
}

/// `Some(None)` for no digits at all, `None` for anything that is not digits.
fn number(digits: &str) -> Option<Option<u64>> {
    if digits.is_empty() {
        return Some(None);
    }
    if !digits.bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    // More than a `u64` holds is beyond every blob, as is the greatest `u64`.
    Some(Some(digits.parse().unwrap_or(u64::MAX)))
}

#[cfg(test)]
mod tests {
    use super::Slice::{self, Part, Unsatisfiable, Whole};

    #[test]
    fn rfc_9110_over_ten_thousand_bytes() {
        let huge = "99999999999999999999999999";
        for (header, wanted) in [
            // The examples of section 14.1.2.
            ("bytes=0-499", Part(0..500)),
            ("bytes=500-999", Part(500..1_000)),
            ("bytes=-500", Part(9_500..10_000)),
            ("bytes=9500-", Part(9_500..10_000)),
            ("bytes=0-0,-1", Whole),
            ("bytes= 0-999, 4500-5499, -1000", Whole),
            ("bytes=500-600,601-999", Whole),
            // S8 of shared/RELIABILITY.md.
            ("bytes=0-", Part(0..10_000)),
            ("bytes=-1", Part(9_999..10_000)),
            ("bytes=5-2", Whole),
            ("bytes=18446744073709551616-", Unsatisfiable),
            ("bytes=18446744073709551615-18446744073709551616", Unsatisfiable),
            ("bytes=0-18446744073709551615", Part(0..10_000)),
            ("bytes=0-18446744073709551616", Part(0..10_000)),
            ("bytes=-18446744073709551616", Part(0..10_000)),
            // The edges.
            ("bytes=9999-", Part(9_999..10_000)),
            ("bytes=9999-9999", Part(9_999..10_000)),
            ("bytes=9999-10000", Part(9_999..10_000)),
            ("bytes=10000-", Unsatisfiable),
            ("bytes=10000-10001", Unsatisfiable),
            ("bytes=-0", Unsatisfiable),
            ("bytes=-10000", Part(0..10_000)),
            ("bytes=-10001", Part(0..10_000)),
            // Lists with empty elements, blanks and other letter case are fine.
            ("bytes=0-1,", Part(0..2)),
            ("bytes=,, 0-1 ,", Part(0..2)),
            ("Bytes=0-1", Part(0..2)),
            // What is malformed or of another unit is as if it were not there.
            ("", Whole),
            ("bytes", Whole),
            ("bytes=", Whole),
            ("bytes=-", Whole),
            ("bytes=--1", Whole),
            ("bytes=+1-2", Whole),
            ("bytes=1-+2", Whole),
            ("bytes=1 - 2", Whole),
            ("bytes=1.5-2", Whole),
            ("bytes=0x0-1", Whole),
            ("bytes=a-b", Whole),
            ("bytes=1-2-3", Whole),
            ("bytes=٣-٤", Whole),
            ("bytes 0-1/2", Whole),
            ("lines=0-1", Whole),
            ("0-1", Whole),
            (&format!("bytes={huge}-{huge}"), Unsatisfiable),
        ] {
            assert_eq!(Slice::asked(header, 10_000), wanted, "{header}");
        }
    }

    #[test]
    fn an_empty_blob_has_no_part() {
        for (header, wanted) in [
            ("bytes=0-", Unsatisfiable),
            ("bytes=0-0", Unsatisfiable),
            ("bytes=-0", Unsatisfiable),
            ("bytes=-1", Whole),
        ] {
            assert_eq!(Slice::asked(header, 0), wanted, "{header}");
        }
    }

    #[test]
    fn many_ranges_cost_no_more_than_one() {
        let many = format!("bytes={}", vec!["0-"; 10_000].join(","));
        assert_eq!(Slice::asked(&many, 10_000), Whole);
    }
}
