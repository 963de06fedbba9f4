//! The SIP socket of a trunk: opened once, it answers what comes in and asks whether the trunk is
//! there.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;

use rsipstack::EndpointBuilder;
use rsipstack::dialog::DialogId;
use rsipstack::dialog::authenticate::{AuthRetry, Credential, handle_client_authenticate};
use rsipstack::dialog::dialog::Dialog;
use rsipstack::dialog::dialog_layer::DialogLayer;
use rsipstack::platform::CancellationToken;
use rsipstack::sip::typed::{From, To};
use rsipstack::sip::{Method, SipMessage, StatusCode, StatusCodeKind, Uri};
use rsipstack::transaction::endpoint::EndpointInnerRef;
use rsipstack::transaction::key::{TransactionKey, TransactionRole};
use rsipstack::transaction::{Transaction, TransactionReceiver, make_tag};
use rsipstack::transport::udp::UdpConnection;
use rsipstack::transport::{SipAddr, TcpListenerConnection, TransportLayer};
use tokio::sync::OnceCell;
use tokio::time::timeout;

use super::refusal;
use super::settings::{SipSettings, Transport, in_address};
use crate::outcome::Refused;
use crate::pause;

/// What we call ourselves.
const USER_AGENT: &str = concat!("Liberty/", env!("CARGO_PKG_VERSION"));
/// What we answer to within a call.
const ALLOWED: [Method; 6] =
    [Method::Invite, Method::Ack, Method::Cancel, Method::Bye, Method::Options, Method::Info];

/// An open socket and the calls on it.
pub(super) struct SipLine {
    /// The calls that the library knows of.
    pub(super) layer: Arc<DialogLayer>,
    /// The address of the machine that the trunk is reached by.
    pub(super) local: IpAddr,
    /// Where others reach us for SIP.
    public: SocketAddr,
    end: CancellationToken,
}

impl Drop for SipLine {
    fn drop(&mut self) {
        self.end.cancel();
    }
}

impl SipLine {
    /// The line in the cell, which is opened where it is not. It must stay on one runtime.
    pub(super) async fn of<'a>(
        settings: &SipSettings,
        cell: &'a OnceCell<SipLine>,
    ) -> Result<&'a SipLine, Refused> {
        cell.get_or_try_init(|| Self::open(settings)).await
    }

    async fn open(settings: &SipSettings) -> Result<Self, Refused> {
        let server = server(settings).await?;
        let no_way = |error: std::io::Error| {
            refusal::later(format!("No socket towards the trunk can be opened: {error}."))
        };
        let bind = match settings.bind {
            Some(address) if !address.ip().is_unspecified() => address,
            other => SocketAddr::new(route(server).map_err(no_way)?, other.map_or(0, |a| a.port())),
        };
        let end = CancellationToken::new();
        let transports = TransportLayer::new(end.clone());
        // The port must be known before it can be advertised.
        let port = match bind.port() {
            0 => free_port(bind.ip()).map_err(no_way)?,
            port => port,
        };
        let local = SocketAddr::new(bind.ip(), port);
        let advertised = settings.advertised.map(|ip| SocketAddr::new(ip, port));
        let udp = UdpConnection::create_connection(local, advertised, Some(end.child_token()));
        transports.add_transport(udp.await.map_err(|e| refusal::of_fault(&e))?.into());
        if settings.transport == Transport::Tcp {
            let tcp = TcpListenerConnection::new(local, advertised).await;
            transports.add_transport(tcp.map_err(|e| refusal::of_fault(&e))?.into());
        }
        let endpoint = EndpointBuilder::new()
            .with_user_agent(USER_AGENT)
            .with_allows(ALLOWED.to_vec())
            .with_transport_layer(transports)
            .with_cancel_token(end.clone())
            .build();
        let incoming = endpoint.incoming_transactions().map_err(|e| refusal::of_fault(&e))?;
        let layer = Arc::new(DialogLayer::new(Arc::clone(&endpoint.inner)));
        tokio::spawn(answer_all(incoming, Arc::clone(&layer), end.clone()));
        tokio::spawn(async move { endpoint.serve().await });
        Ok(Self { layer, local: bind.ip(), public: advertised.unwrap_or(local), end })
    }

    /// How many calls the library knows of.
    pub(super) fn dialogs(&self) -> usize {
        self.layer.len()
    }

    /// The library's core.
    pub(super) fn endpoint(&self) -> EndpointInnerRef {
        Arc::clone(&self.layer.endpoint)
    }

    /// Where others reach us, as it stands in our messages.
    pub(super) fn contact(&self, settings: &SipSettings) -> Result<Uri, Refused> {
        let user = settings.login.as_ref().map_or("liberty", |login| login.user.as_str());
        let parameter = parameter(settings);
        uri(&format!("sip:{user}@{}{parameter}", self.public))
    }

    /// The address that others send audio to, on this port.
    pub(super) fn audio_address(&self, port: u16) -> SocketAddr {
        SocketAddr::new(self.public.ip(), port)
    }

    /// Asks the trunk for its abilities (OPTIONS), and signs in where it wants that.
    pub(super) async fn options(&self, settings: &SipSettings) -> Result<(), Refused> {
        let asked = timeout(settings.answer_timeout, self.ask(settings)).await;
        let answer = asked.unwrap_or_else(|_| Err(silent(settings)))?;
        // Any answer shows a living SIP server, other than one about us or about itself.
        match answer.status_code.code() {
            401 | 403 | 407 | 500.. => Err(refusal::of_check(&answer)),
            _ => Ok(()),
        }
    }

    async fn ask(&self, settings: &SipSettings) -> Result<rsipstack::sip::Response, Refused> {
        let fault = |error: rsipstack::Error| refusal::of_fault(&error);
        let target = uri(&format!("sip:{}:{}", in_address(&settings.host), settings.port))?;
        let user = settings.login.as_ref().map_or("liberty", |login| login.user.as_str());
        let ours = uri(&format!("sip:{user}@{}", in_address(settings.domain())))?;
        let destination = destination(settings).await?;
        let endpoint = self.endpoint();
        let listens = endpoint.transport_layer.get_listen_addrs();
        let via = listens.into_iter().find(|listen| listen.r#type == destination.r#type);
        let via = endpoint.get_via(via, None).map_err(fault)?;
        let from = From { display_name: None, uri: ours, params: vec![] }.with_tag(make_tag());
        let to = To { display_name: None, uri: target.clone(), params: vec![] };
        let request = endpoint.make_request(Method::Options, target, via, from, to, 1, None);
        let key = TransactionKey::from_request(&request, TransactionRole::Client).map_err(fault)?;
        let mut asking = Transaction::new_client(key, request, endpoint, None);
        asking.destination = Some(destination);
        asking.send().await.map_err(fault)?;
        let mut retry = AuthRetry::new();
        while let Some(message) = asking.receive().await {
            let SipMessage::Response(answer) = message else { continue };
            let is_challenge = matches!(
                answer.status_code,
                StatusCode::Unauthorized | StatusCode::ProxyAuthenticationRequired
            );
            match credential(settings) {
                _ if answer.status_code.kind() == StatusCodeKind::Provisional => {}
                Some(login) if is_challenge && retry.should_answer(&answer) => {
                    let again = handle_client_authenticate(2, &asking, answer, &login).await;
                    asking = again.map_err(fault)?;
                    asking.send().await.map_err(fault)?;
                }
                _ => return Ok(answer),
            }
        }
        Err(silent(settings))
    }
}

/// Answers the requests that come in: those of our calls by the library, all others here.
/// Ends with the line: the library itself keeps the other end of `incoming`.
async fn answer_all(
    mut incoming: TransactionReceiver,
    layer: Arc<DialogLayer>,
    end: CancellationToken,
) {
    loop {
        let mut request = tokio::select! {
            () = end.cancelled() => return,
            request = incoming.recv() => match request {
                Some(request) => request,
                None => return,
            },
        };
        let layer = Arc::clone(&layer);
        tokio::spawn(async move {
            let dialog = find(&layer, &request).await;
            // An answer that cannot be sent is asked for again, or nobody waits for it any more.
            let _ = match (dialog, request.original.method) {
                (Some(mut dialog), _) => dialog.handle(&mut request).await,
                (None, Method::Options) => request.reply(StatusCode::OK).await,
                (None, Method::Invite) => request.reply(StatusCode::Decline).await,
                (None, Method::Ack) => Ok(()),
                (None, _) => request.reply(StatusCode::CallTransactionDoesNotExist).await,
            };
        });
    }
}

/// The call that a request belongs to. The library lists a call only some time after it has
/// acknowledged the answer, and a fast peer's next request is here before that.
async fn find(layer: &DialogLayer, request: &Transaction) -> Option<Dialog> {
    let is_of_a_call = DialogId::try_from(request).is_ok_and(|id| !id.local_tag.is_empty());
    for wait_ms in [0, 5, 45, 200, 250] {
        pause(Duration::from_millis(if is_of_a_call { wait_ms } else { 0 })).await;
        if let Some(dialog) = layer.match_dialog(request) {
            return Some(dialog);
        }
    }
    None
}

/// Who we are to the trunk, as the library wants it.
pub(super) fn credential(settings: &SipSettings) -> Option<Credential> {
    settings.login.as_ref().map(|login| Credential {
        username: login.user.clone(),
        password: login.password.reveal().to_owned(),
        realm: None,
        auth_username: login.auth_user.clone(),
    })
}

/// Where requests go: the trunk's address of this moment.
pub(super) async fn destination(settings: &SipSettings) -> Result<SipAddr, Refused> {
    let transport = match settings.transport {
        Transport::Udp => rsipstack::sip::Transport::Udp,
        Transport::Tcp => rsipstack::sip::Transport::Tcp,
    };
    Ok(SipAddr::new(transport, server(settings).await?.into()))
}

/// What a SIP address of ours ends with.
pub(super) fn parameter(settings: &SipSettings) -> &'static str {
    match settings.transport {
        Transport::Udp => "",
        Transport::Tcp => ";transport=tcp",
    }
}

/// Reads a SIP address that was put together from checked parts.
pub(super) fn uri(text: &str) -> Result<Uri, Refused> {
    let bad = |_| refusal::later(format!("The trunk's settings make no SIP address: {text}."));
    Uri::try_from(text).map_err(bad)
}

/// The trunk said nothing in time.
pub(super) fn silent(settings: &SipSettings) -> Refused {
    refusal::later(format!("The trunk {} did not answer in time.", settings.host))
}

async fn server(settings: &SipSettings) -> Result<SocketAddr, Refused> {
    let unknown = |what: String| {
        refusal::later(format!("The trunk {} cannot be found: {what}.", settings.host))
    };
    let found = tokio::net::lookup_host((settings.host.as_str(), settings.port));
    let found = timeout(settings.answer_timeout, found).await;
    let found = found.map_err(|_| unknown("no answer in time".to_owned()))?;
    let mut found = found.map_err(|error| unknown(error.to_string()))?;
    let is_ours = |address: &SocketAddr| match settings.bind {
        Some(bind) => bind.is_ipv4() == address.is_ipv4(),
        None => true,
    };
    found.find(is_ours).ok_or_else(|| unknown("no address of our kind".to_owned()))
}

/// The address of ours that packets to there come from.
fn route(server: SocketAddr) -> std::io::Result<IpAddr> {
    let any: IpAddr = match server {
        SocketAddr::V4(_) => Ipv4Addr::UNSPECIFIED.into(),
        SocketAddr::V6(_) => Ipv6Addr::UNSPECIFIED.into(),
    };
    let socket = std::net::UdpSocket::bind((any, 0))?;
    socket.connect(server)?;
    Ok(socket.local_addr()?.ip())
}

fn free_port(ip: IpAddr) -> std::io::Result<u16> {
    Ok(std::net::UdpSocket::bind((ip, 0))?.local_addr()?.port())
}
