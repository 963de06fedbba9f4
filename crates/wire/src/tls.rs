//! TLS towards carriers: rustls with ring, the system's roots and those that the settings add.

use std::sync::Arc;

use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject;
use rustls::{ClientConfig, RootCertStore, crypto};

/// A client's settings, or a sentence for the operator about what is wrong with the roots.
///
/// `extra_roots` is PEM. The crypto provider is named here and never taken from the process: with
/// two of them linked, rustls could not choose.
pub(crate) fn client(extra_roots: Option<&[u8]>) -> Result<ClientConfig, String> {
    let mut roots = RootCertStore::empty();
    roots.add_parsable_certificates(rustls_native_certs::load_native_certs().certs);
    let not_pem = || "The extra roots are not PEM certificates.".to_owned();
    if let Some(pem) = extra_roots {
        let before = roots.len();
        for certificate in CertificateDer::pem_slice_iter(pem) {
            roots.add(certificate.map_err(|_| not_pem())?).map_err(|_| not_pem())?;
        }
        if roots.len() == before {
            return Err(not_pem());
        }
    }
    let provider = Arc::new(crypto::ring::default_provider());
    let builder =
        ClientConfig::builder_with_provider(provider).with_safe_default_protocol_versions();
    let builder = builder.map_err(|error| format!("TLS cannot be set up: {error}."))?;
    Ok(builder.with_root_certificates(roots).with_no_client_auth())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn roots_that_are_no_certificates_are_refused() {
        assert!(client(None).is_ok());
        let empty = b"-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n";
        for bad in [b"".as_slice(), b"no certificate", &[0; 10], empty] {
            assert_eq!(
                client(Some(bad)).err().as_deref(),
                Some("The extra roots are not PEM certificates.")
            );
        }
    }
}
