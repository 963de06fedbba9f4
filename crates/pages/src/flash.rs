//! One sentence about what just happened, carried over a redirect in a cookie that lives a minute.
//!
//! The cookie is sealed with the session's token, so nobody else can put words on our pages.

use axum::extract::Request;
use axum::http::header::{CONTENT_TYPE, SET_COOKIE};
use axum::http::{HeaderValue, StatusCode};
use axum::middleware::Next;
use axum::response::Response;
use axum_extra::extract::CookieJar;
use axum_extra::extract::cookie::{Cookie, SameSite};
use data_encoding::{BASE64URL_NOPAD, HEXLOWER};
use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;

use crate::ui::{Flash, Tone};

/// The cookie's name.
const NAME: &str = "liberty-flash";

/// The header that takes the cookie away.
const GONE: HeaderValue = HeaderValue::from_static("liberty-flash=; Path=/; Max-Age=0");

/// Seconds until it is forgotten by itself.
const LIFE_S: u64 = 60;

/// A `Set-Cookie` that shows a flash on the next page of the session with this token.
pub(crate) fn set_cookie(flash: &Flash, csrf: &str, is_https: bool) -> Option<HeaderValue> {
    let cookie = Cookie::build((NAME, sealed(flash, csrf)?))
        .path("/")
        .http_only(true)
        .secure(is_https)
        .same_site(SameSite::Lax)
        .build();
    HeaderValue::from_str(&format!("{cookie}; Max-Age={LIFE_S}")).ok()
}

/// The flash that a request brings, if this session set it.
pub(crate) fn of_cookies(jar: &CookieJar, csrf: &str) -> Option<Flash> {
    opened(jar.get(NAME)?.value(), csrf)
}

/// Takes the flash away once a page showed it.
pub(crate) async fn shown_once(request: Request, next: Next) -> Response {
    let brought = CookieJar::from_headers(request.headers()).get(NAME).is_some();
    let mut response = next.run(request).await;
    let headers = response.headers();
    let kind = headers.get(CONTENT_TYPE).map(HeaderValue::as_bytes).unwrap_or_default();
    let is_page = response.status() == StatusCode::OK && kind.starts_with(b"text/html");
    if brought && is_page {
        response.headers_mut().append(SET_COOKIE, GONE);
    }
    response
}

fn sealed(flash: &Flash, csrf: &str) -> Option<String> {
    let mut text = form_urlencoded::Serializer::new(String::new());
    text.append_pair("tone", flash.tone.class()).append_pair("text", &flash.text);
    if let Some((href, label)) = &flash.link {
        text.append_pair("href", href).append_pair("label", label);
    }
    let text = BASE64URL_NOPAD.encode(text.finish().as_bytes());
    let seal = HEXLOWER.encode(&mac(&text, csrf)?.finalize().into_bytes());
    Some(format!("{seal}.{text}"))
}

fn opened(cookie: &str, csrf: &str) -> Option<Flash> {
    let (seal, text) = cookie.split_once('.')?;
    let seal = HEXLOWER.decode(seal.as_bytes()).ok()?;
    mac(text, csrf)?.verify_slice(&seal).ok()?;
    let text = BASE64URL_NOPAD.decode(text.as_bytes()).ok()?;
    let pairs: Vec<(String, String)> = form_urlencoded::parse(&text).into_owned().collect();
    let of = |name: &str| pairs.iter().find(|(at, _)| at == name).map(|(_, text)| text.clone());
    let tone = match of("tone")?.as_str() {
        "red" => Tone::Red,
        "amber" => Tone::Amber,
        "green" => Tone::Green,
        _ => Tone::Plain,
    };
    Some(Flash { tone, text: of("text")?, link: of("href").zip(of("label")) })
}

fn mac(text: &str, csrf: &str) -> Option<Hmac<Sha256>> {
    let mut mac = Hmac::<Sha256>::new_from_slice(csrf.as_bytes()).ok()?;
    mac.update(b"flash ");
    mac.update(text.as_bytes());
    Some(mac)
}

#[cfg(test)]
mod tests {
    use axum::http::HeaderMap;
    use axum::http::header::COOKIE;

    use super::*;

    #[test]
    fn a_flash_is_read_in_its_own_session_only() {
        let flash = Flash::done("“Maria” & co. = done; 100 %").with_link("/messages/9", "Open it");
        let cookie = sealed(&flash, "mine").unwrap();
        assert_eq!(opened(&cookie, "mine"), Some(flash));
        assert_eq!(opened(&cookie, "yours"), None);
        let (seal, _) = cookie.split_once('.').unwrap();
        let forged = BASE64URL_NOPAD.encode(b"tone=red&text=Pay");
        assert_eq!(opened(&format!("{seal}.{forged}"), "mine"), None);
        for broken in ["", ".", "00.YQ", "zz"] {
            assert_eq!(opened(broken, "mine"), None, "{broken}");
        }
    }

    #[test]
    fn it_travels_as_one_cookie() {
        let flash = Flash::done("Saved; path=/evil, \u{e9}\r\nSet-Cookie: a=b");
        let header = set_cookie(&flash, "mine", true).unwrap();
        let header = header.to_str().unwrap();
        let mut brought = HeaderMap::new();
        brought.insert(COOKIE, header.split(';').next().unwrap().parse().unwrap());
        let jar = CookieJar::from_headers(&brought);
        assert_eq!(of_cookies(&jar, "mine"), Some(flash));
        assert!(header.ends_with("HttpOnly; SameSite=Lax; Secure; Path=/; Max-Age=60"), "{header}");
    }
}
