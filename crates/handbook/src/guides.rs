//! The guides for people who use the product, as the repository's `docs/` has them.

use crate::document::{Document, ROOT, at_label};
use crate::reference::ANY_HOST;

/// What the guides write where a page shows the address of whoever reads it.
const WRITTEN_HOST: &str = "https://demo.example.com";

const GUIDES: [(&str, &str); 8] = [
    ("questions", include_str!("../../../docs/questions.md")),
    ("api", include_str!("../../../docs/api.md")),
    ("delivery", include_str!("../../../docs/delivery.md")),
    ("on-call", include_str!("../../../docs/on-call.md")),
    ("forms", include_str!("../../../docs/forms.md")),
    ("recurrence", include_str!("../../../docs/recurrence.md")),
    ("webhooks", include_str!("../../../docs/webhooks.md")),
    ("security", include_str!("../../../SECURITY.md")),
];

/// The guides as pages.
#[must_use]
pub fn guides() -> Vec<Document> {
    let page = |(name, text): &(&str, &str)| {
        let text = published(text).replace(WRITTEN_HOST, ANY_HOST);
        Document::new(&format!("{ROOT}/guides/{name}"), "Guides", &text)
    };
    GUIDES.iter().map(page).collect()
}

/// A text whose links lead to published pages; of a link to any other file only its words stay.
fn published(text: &str) -> String {
    let mut result = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, after)) = rest.split_once("](") {
        let Some((target, behind)) = after.split_once(')') else { break };
        let (file, anchor) = target.split_once('#').unwrap_or((target, ""));
        let name = file.trim_end_matches(".md").to_lowercase();
        let is_guide = GUIDES.iter().any(|(known, _)| *known == name);
        if is_guide {
            let hash = if anchor.is_empty() { "" } else { "#" };
            result.push_str(&format!("{before}]({ROOT}/guides/{name}.md{hash}{anchor})"));
        } else if target.starts_with("https://") || target.starts_with('#') {
            result.push_str(&format!("{before}]({target})"));
        } else {
            let (start, label) = at_label(before);
            result.push_str(start);
            result.push_str(label);
        }
        rest = behind;
    }
    result + rest
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn links_lead_to_published_pages_or_are_words() {
        let text =
            "See [on-call](on-call.md#gaps), [`[how]`](operating.md), [it](https://a.example).";
        let wanted =
            "See [on-call](/docs/guides/on-call.md#gaps), `[how]`, [it](https://a.example).";
        assert_eq!(published(text), wanted);
    }
}
