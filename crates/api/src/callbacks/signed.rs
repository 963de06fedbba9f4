//! A callback that a carrier has signed: nothing is looked at before it is known whose it is.

use axum::extract::{FromRequest, FromRequestParts, RawPathParams, Request};
use axum::http::HeaderMap;
use axum::http::header::CONTENT_TYPE;
use domain::limits;
use web::origin::WholeAddress;
use web::refusal::Refusal;
use web::{Callback, Web};
use wire::rest::is_signed;

use crate::bodies::described;
use crate::bounded;

/// The header of the signature.
const SIGNATURE: &str = "x-twilio-signature";

/// A callback that its carrier has signed.
#[derive(Debug)]
pub(super) struct SignedForm {
    /// The carrier that signed it, and for whom it may speak.
    pub(super) callback: Callback,
    /// The parameters of its form.
    pub(super) params: Vec<(String, String)>,
    /// The address that it was sent to, as the carrier knows it.
    pub(super) url: String,
}

described!(SignedForm, "CarrierForm", {
    "type": "object", "description": "A form of a carrier, in Twilio's names. Others are ignored.",
    "properties": {
        "MessageSid": {"type": "string", "description": "The carrier's id of the text."},
        "MessageStatus": {
            "type": "string",
            "description": "How far a text got: `sent`, `delivered`, `undelivered` and so on.",
        },
        "CallSid": {"type": "string", "description": "The carrier's id of the call."},
        "CallStatus": {
            "type": "string",
            "description": "How far a call got: `ringing`, `completed`, `busy` and so on.",
        },
        "Digits": {"type": "string", "description": "The key that was pressed."},
        "From": {"type": "string", "description": "Who wrote a text."},
        "To": {"type": "string", "description": "Our number that it was sent to."},
        "Body": {"type": "string", "description": "The text."},
    },
});

impl FromRequest<Web> for SignedForm {
    type Rejection = Refusal;

    async fn from_request(request: Request, web: &Web) -> Result<Self, Refusal> {
        let (mut parts, body) = request.into_parts();
        let names = RawPathParams::from_request_parts(&mut parts, web).await;
        let names = names.map_err(|_| Refusal::not_found())?;
        let name = names.iter().find(|(key, _)| *key == "name").map(|(_, name)| name.to_owned());
        let callback = web.callbacks.iter().find(|known| Some(&known.carrier) == name.as_ref());
        let callback = callback.ok_or_else(Refusal::not_found)?.clone();
        if !is_form(&parts.headers) {
            return Err(Refusal::media_type("application/x-www-form-urlencoded"));
        }
        let Ok(address) = WholeAddress::from_request_parts(&mut parts, web).await;
        let path = address.uri.path_and_query().map_or("", |path| path.as_str());
        let url = format!("{}{path}", callback.base_url.trim_end_matches('/'));
        let given = parts.headers.get(SIGNATURE).and_then(|value| value.to_str().ok());
        let body = bounded(body, limits::CALLBACK_BYTES).await?;
        let params: Vec<_> = form_urlencoded::parse(&body).into_owned().collect();
        if !is_signed(callback.auth_token.reveal(), &url, &params, given.unwrap_or_default()) {
            tracing::warn!(carrier = callback.carrier, "a callback was not signed by its carrier");
            return Err(Refusal::forbidden("The signature is missing, or not the carrier's."));
        }
        Ok(SignedForm { callback, params, url })
    }
}

/// Whether a body is said to be a form. One that says nothing is taken for one.
fn is_form(headers: &HeaderMap) -> bool {
    let Some(value) = headers.get(CONTENT_TYPE) else { return true };
    let name = value.to_str().unwrap_or_default().split(';').next().unwrap_or_default().trim();
    name.eq_ignore_ascii_case("application/x-www-form-urlencoded")
}
