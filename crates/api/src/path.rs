//! The id at the end of an address. What is no id leads nowhere: 404, as an unknown one.

use axum::extract::{FromRequestParts, RawPathParams};
use axum::http::request::Parts;
use web::Web;
use web::refusal::Refusal;

/// The id that an address names, a positive whole number.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Id(pub(crate) i64);

impl FromRequestParts<Web> for Id {
    type Rejection = Refusal;

    async fn from_request_parts(parts: &mut Parts, web: &Web) -> Result<Self, Refusal> {
        let parameters = RawPathParams::from_request_parts(parts, web).await;
        let parameters = parameters.map_err(|_| Refusal::not_found())?;
        let text = parameters.iter().find(|(name, _)| *name == "id").map(|(_, text)| text);
        text.and_then(parse).map(Id).ok_or_else(Refusal::not_found)
    }
}

fn parse(text: &str) -> Option<i64> {
    let is_digits = !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
    let id = if is_digits { text.parse().ok()? } else { return None };
    (id > 0).then_some(id)
}

#[cfg(test)]
mod tests {
    use super::parse;

    #[test]
    fn only_positive_whole_numbers_are_ids() {
        for text in ["", "0", "-1", "+1", "1.0", "109.0", "1e3", "0x1", "٣", " 1", "x", "../1"] {
            assert_eq!(parse(text), None, "{text:?}");
        }
        assert_eq!(parse("9223372036854775808"), None);
        assert_eq!(parse("9223372036854775807"), Some(i64::MAX));
        assert_eq!(parse("0042"), Some(42));
    }
}
