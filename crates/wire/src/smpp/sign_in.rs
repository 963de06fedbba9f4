//! From nothing to a bound session: connection, TLS, `bind_transceiver`.

use std::io;

use bytes::BytesMut;
use rusmpp::pdus::BindTransceiver;
use rusmpp::types::COctetString;
use rusmpp::values::InterfaceVersion;
use rusmpp::{CommandId, CommandStatus};
use rustls::pki_types::ServerName;
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::time::timeout;
use tokio_rustls::TlsConnector;

use super::frame;
use super::refusal;
use super::{BadSmppSettings, SmppSettings};
use crate::outcome::{Class, Refused};

/// The sequence number of the bind, the first of a session (SMPP 3.4, 2.6).
const BIND_SEQUENCE: u32 = 1;
/// Bytes asked for at a time.
pub(super) const CHUNK_BYTES: usize = 16 * 1024;

/// A connection, encrypted or not.
pub(super) trait Stream: AsyncRead + AsyncWrite + Send + Unpin {}

impl<T: AsyncRead + AsyncWrite + Send + Unpin> Stream for T {}

/// A session that the carrier has said yes to.
pub(super) struct Bound {
    pub(super) stream: Box<dyn Stream>,
    /// What came behind the answer to the bind.
    pub(super) input: BytesMut,
    /// The sequence number of the next PDU.
    pub(super) next_sequence: u32,
}

/// Connects and binds, within the timeout. Every failure is [`Class::Later`]: it says nothing
/// about any message.
pub(super) async fn open(
    settings: &SmppSettings,
    tls: Option<&TlsConnector>,
    bind: &BindTransceiver,
) -> Result<Bound, Refused> {
    let host = &settings.host;
    let tried = timeout(settings.timeout, async {
        let stream = connect(settings, tls).await.map_err(|error| unreachable(host, &error))?;
        sign_in(host, stream, bind).await
    });
    tried.await.unwrap_or_else(|_| {
        Err(later(format!("The SMS carrier {host} did not answer the sign-in in time.")))
    })
}

/// The bind of these settings; a sentence where they do not fit into it (SMPP 3.4, 4.1.5).
pub(super) fn bind(settings: &SmppSettings) -> Result<BindTransceiver, BadSmppSettings> {
    Ok(BindTransceiver::builder()
        .system_id(field("system id", &settings.system_id)?)
        .password(field("password", settings.password.reveal())?)
        .system_type(field("system type", &settings.system_type)?)
        .interface_version(InterfaceVersion::Smpp3_4)
        .build())
}

fn field<const MAX: usize>(
    name: &str,
    text: &str,
) -> Result<COctetString<1, MAX>, BadSmppSettings> {
    let is_plain = text.bytes().all(|b| b == b' ' || b.is_ascii_graphic());
    let field = is_plain.then(|| COctetString::from_string(text.to_owned()).ok()).flatten();
    field.ok_or_else(|| {
        let most = MAX - 1;
        BadSmppSettings(format!(
            "The SMS carrier's {name} is not ASCII of at most {most} characters."
        ))
    })
}

async fn connect(
    settings: &SmppSettings,
    tls: Option<&TlsConnector>,
) -> io::Result<Box<dyn Stream>> {
    let stream = TcpStream::connect((settings.host.as_str(), settings.port)).await?;
    // A message is a write of its own, which would wait for the answer to the one before.
    stream.set_nodelay(true)?;
    let Some(tls) = tls else { return Ok(Box::new(stream)) };
    let name = ServerName::try_from(settings.host.clone()).map_err(io::Error::other)?;
    Ok(Box::new(tls.connect(name, stream).await?))
}

async fn sign_in(
    host: &str,
    mut stream: Box<dyn Stream>,
    bind: &BindTransceiver,
) -> Result<Bound, Refused> {
    let broke = |error: &io::Error| {
        later(format!("The connection to the SMS carrier {host} broke at the sign-in: {error}."))
    };
    let mut output = BytesMut::new();
    frame::put(&mut output, CommandStatus::EsmeRok, BIND_SEQUENCE, bind.clone());
    stream.write_all(&output).await.map_err(|error| broke(&error))?;
    stream.flush().await.map_err(|error| broke(&error))?;
    let mut input = BytesMut::new();
    loop {
        let no_smpp = |_| later(format!("What answers as the SMS carrier {host} speaks no SMPP."));
        match frame::next(&mut input).map_err(no_smpp)? {
            Some(answer) if answer.sequence == BIND_SEQUENCE && answer.id.is_response() => {
                return match (answer.id, answer.status) {
                    (CommandId::BindTransceiverResp, CommandStatus::EsmeRok) => {
                        Ok(Bound { stream, input, next_sequence: BIND_SEQUENCE + 1 })
                    }
                    (_, status) => Err(refusal::of_sign_in(host, status)),
                };
            }
            // Whatever else comes before the answer has no place there.
            Some(_) => {}
            None => {
                input.reserve(CHUNK_BYTES);
                let read = stream.read_buf(&mut input).await.map_err(|error| broke(&error))?;
                if read == 0 {
                    return Err(later(format!(
                        "The SMS carrier {host} closed the connection at the sign-in."
                    )));
                }
            }
        }
    }
}

fn unreachable(host: &str, error: &io::Error) -> Refused {
    later(format!("The SMS carrier {host} cannot be reached: {error}."))
}

fn later(reason: String) -> Refused {
    refusal::refused(Class::Later, crate::outcome::quote(&reason), None)
}
