//! The name of a blob: made from ids, never from what somebody typed.

use std::fmt;

use object_store::path::Path;

/// Most bytes in one segment: a file name may have 255, and the store appends to it while writing.
const SEGMENT_MAX_BYTES: usize = 200;
/// Most bytes in a key, below the 1,024 of S3 and the path limits of file systems.
const KEY_MAX_BYTES: usize = 800;

/// A checked blob name such as `t_1/recordings/r_9.wav`: two or more segments, the tenant first.
///
/// A segment has the characters `A-Z a-z 0-9 _ - .` and does not begin with a dot, so a key can
/// neither leave the folder nor hide in it.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Key(Path);

/// The text is no [`Key`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a blob key is two or more segments of letters, digits, `_`, `-` and inner dots")]
pub struct BadKey;

impl Key {
    /// The key of a tenant's blob, from the tenant's id and the segments below it.
    pub fn of(tenant: &str, segments: &[&str]) -> Result<Self, BadKey> {
        let mut all = vec![tenant];
        all.extend_from_slice(segments);
        Self::from_segments(&all)
    }

    /// Reads a key that [`Key::as_str`] gave, such as from a database row.
    pub fn parse(text: &str) -> Result<Self, BadKey> {
        Self::from_segments(&text.split('/').collect::<Vec<_>>())
    }

    fn from_segments(segments: &[&str]) -> Result<Self, BadKey> {
        let text = segments.join("/");
        let is_key =
            segments.len() >= 2 && text.len() <= KEY_MAX_BYTES && segments.iter().all(is_segment);
        if !is_key {
            return Err(BadKey);
        }
        Path::parse(&text).map(Self).map_err(|_| BadKey)
    }

    /// The segments with `/` between them.
    pub fn as_str(&self) -> &str {
        self.0.as_ref()
    }

    pub(crate) fn path(&self) -> &Path {
        &self.0
    }
}

fn is_segment(segment: &&str) -> bool {
    let is_known = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'-' | b'.');
    !segment.is_empty()
        && segment.len() <= SEGMENT_MAX_BYTES
        && !segment.starts_with('.')
        && segment.bytes().all(is_known)
}

impl fmt::Display for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl fmt::Debug for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_make_a_key_and_a_key_comes_back_from_its_text() {
        let key = Key::of("t_1", &["recordings", "0198-a.wav"]).unwrap();
        assert_eq!(key.as_str(), "t_1/recordings/0198-a.wav");
        assert_eq!(Key::parse(key.as_str()), Ok(key));
    }

    #[test]
    fn a_path_that_leads_elsewhere_is_no_key() {
        let long = "a".repeat(SEGMENT_MAX_BYTES + 1);
        for segment in [
            "", ".", "..", "../x", "a/b", "/etc", "a\\b", "..\\x", "%2e%2e", "%252e", "a\0", "a b",
            "a\n", "C:", "a#1", "é", "\u{2215}", "~", ".hidden", "a?b", "a*", &long,
        ] {
            assert_eq!(Key::of("t_1", &[segment]), Err(BadKey), "{segment:?}");
            assert_eq!(Key::of(segment, &["x"]), Err(BadKey), "{segment:?}");
        }
        for text in ["", "/", "a", "/a/b", "a//b", "a/b/", "a/../b", "./a/b"] {
            assert_eq!(Key::parse(text), Err(BadKey), "{text:?}");
        }
        assert_eq!(Key::of("t_1", &[]), Err(BadKey));
        assert_eq!(Key::of("t_1", &["abcdefgh"; 200]), Err(BadKey));
    }
}
