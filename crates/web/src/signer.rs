//! Addresses that play a recording for ten minutes without a token: how they are signed.

use data_encoding::HEXLOWER;
use domain::{Instant, Recording, RecordingId, TenantId, limits};
use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;

use crate::{Web, origin};

/// Signs addresses of a tenant's recordings.
#[derive(Clone)]
pub struct Signer {
    origin: String,
    tenant: TenantId,
    mac: Hmac<Sha256>,
    expires: Instant,
}

impl Signer {
    /// A signer of addresses that work from now on for [`limits::LINK_LIFE_MS`].
    pub async fn of(web: &Web, tenant: TenantId, origin: &str) -> app::Result<Self> {
        let mac = mac(web, tenant).await?;
        let expires = web.app.now().plus_ms(limits::LINK_LIFE_MS);
        Ok(Signer { origin: origin.to_owned(), tenant, mac, expires })
    }

    /// The address where a recording plays.
    pub fn address(&self, id: RecordingId) -> String {
        let expires = self.expires.as_ms() / limits::SECOND_MS;
        let mut mac = self.mac.clone();
        mac.update(signed(self.tenant, id, expires).as_bytes());
        let signature = HEXLOWER.encode(&mac.finalize().into_bytes());
        let origin = &self.origin;
        format!("{origin}/recordings/{id}/audio?expires={expires}&signature={signature}")
    }
}

/// The address where a recording plays for ten minutes, for somebody who reached us at `host`.
pub async fn link(web: &Web, recording: &Recording, host: &str) -> app::Result<String> {
    let origin = origin::of_host(host, web);
    let signer = Signer::of(web, recording.call.tenant_id, &origin).await?;
    Ok(signer.address(recording.id))
}

/// What a tenant's addresses are signed with.
pub async fn mac(web: &Web, tenant: TenantId) -> app::Result<Hmac<Sha256>> {
    let secret = app::tenants::link_secret(&web.app, tenant).await?;
    // HMAC takes keys of any length.
    Hmac::new_from_slice(secret.as_bytes()).map_err(|_| app::Error::NotFound)
}

/// What is signed: nothing in it is of variable length but numbers, so no two look alike.
pub fn signed(tenant: TenantId, id: RecordingId, expires: i64) -> String {
    format!("recording {tenant} {id} {expires}")
}
