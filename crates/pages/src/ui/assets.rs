//! Style sheets, scripts, font and icons: embedded, and served under an address that changes with them.

use std::fmt::Write as _;
use std::sync::LazyLock;

use axum::extract::Path;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use rust_embed::RustEmbed;
use sha2::{Digest, Sha256};

/// Every file that a page may load.
#[derive(RustEmbed)]
#[folder = "assets/"]
pub(crate) struct AssetFiles;

/// A digest over all assets. Relative addresses inside a style sheet stay right, as all share it.
static BUILD: LazyLock<String> = LazyLock::new(|| {
    let mut names: Vec<_> = AssetFiles::iter().collect();
    names.sort();
    let mut all = Sha256::new();
    for name in names {
        if let Some(file) = AssetFiles::get(&name) {
            all.update(name.as_bytes());
            all.update(file.metadata.sha256_hash());
        }
    }
    hex(&all.finalize()[..6])
});

/// The route that [`serve`] answers.
pub(crate) const ROUTE: &str = "/assets/{build}/{*name}";

const FOR_A_YEAR: &str = "public, max-age=31536000, immutable";
const ASK_AGAIN: &str = "public, no-cache";

/// The address of an asset, for a template: `/assets/3f2a…/base.css`.
pub(crate) fn asset(name: &str) -> String {
    format!("/assets/{}/{name}", *BUILD)
}

/// Serves one asset. The current build's address may be kept for a year, any other must be asked again.
pub(crate) async fn serve(
    Path((build, name)): Path<(String, String)>,
    asked: HeaderMap,
) -> Response {
    let Some(file) = AssetFiles::get(&name) else {
        return StatusCode::NOT_FOUND.into_response();
    };
    let etag = format!("\"{}\"", hex(&file.metadata.sha256_hash()[..12]));
    let kept = if build == *BUILD { FOR_A_YEAR } else { ASK_AGAIN };
    let headers = [
        (header::CACHE_CONTROL, kept.to_owned()),
        (header::CONTENT_TYPE, kind(&name).to_owned()),
        (header::ETAG, etag.clone()),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff".to_owned()),
    ];
    if asked.get(header::IF_NONE_MATCH).is_some_and(|known| known.as_bytes() == etag.as_bytes()) {
        return (StatusCode::NOT_MODIFIED, headers).into_response();
    }
    (headers, file.data.into_owned()).into_response()
}

fn kind(name: &str) -> &'static str {
    match name.rsplit('.').next() {
        Some("css") => "text/css; charset=utf-8",
        Some("js") => "text/javascript; charset=utf-8",
        Some("svg") => "image/svg+xml",
        Some("woff2") => "font/woff2",
        _ => "text/plain; charset=utf-8",
    }
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    async fn get(build: &str, name: &str, known: Option<&str>) -> Response {
        let mut asked = HeaderMap::new();
        if let Some(etag) = known {
            asked.insert(header::IF_NONE_MATCH, etag.parse().unwrap());
        }
        serve(Path((build.to_owned(), name.to_owned())), asked).await
    }

    #[tokio::test]
    async fn an_asset_is_kept_for_a_year_under_its_own_build_only() {
        let answer = get(&BUILD, "base.css", None).await;
        assert_eq!(answer.headers()[header::CACHE_CONTROL], FOR_A_YEAR);
        assert_eq!(answer.headers()[header::CONTENT_TYPE], "text/css; charset=utf-8");
        let older = get("000000000000", "base.css", None).await;
        assert_eq!(older.headers()[header::CACHE_CONTROL], ASK_AGAIN);
    }

    #[tokio::test]
    async fn a_known_asset_is_not_sent_twice_and_an_unknown_one_is_not_found() {
        let first = get(&BUILD, "vendor/inter.woff2", None).await;
        let etag = first.headers()[header::ETAG].to_str().unwrap().to_owned();
        let again = get(&BUILD, "vendor/inter.woff2", Some(&etag)).await;
        assert_eq!(again.status(), StatusCode::NOT_MODIFIED);
        assert_eq!(get(&BUILD, "../Cargo.toml", None).await.status(), StatusCode::NOT_FOUND);
    }
}
