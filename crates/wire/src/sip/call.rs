//! One call: it rings, is answered, spoken to and ended.

use std::sync::Arc;
use std::time::Duration;

use rsipstack::dialog::DialogId;
use rsipstack::dialog::dialog::{DialogState, DialogStateReceiver, TransactionHandle};
use rsipstack::dialog::invitation::{DialogGuard, InviteOption};
use rsipstack::dialog::invite_dialog::InviteDialog;
use rsipstack::sip::{Header, Method, Response, StatusCode, StatusCodeKind};
use rsipstack::transaction::make_tag;
use tokio::time::timeout;

use super::answerer::TICKS_A_SECOND;
use super::conversation::{CallVerdict, Conversation, Script};
use super::line::{self, SipLine};
use super::media::{HeardPacket, Media, PACKET_MAX_BYTES};
use super::settings::{SipSettings, in_address};
use super::{refusal, rtp, sdp};
use crate::Reach;
use crate::outcome::{Accepted, Class, Outcome, Refused};
use crate::voice::VoiceCall;

/// How long the other side may take to answer our goodbye.
const GOODBYE_TIMEOUT: Duration = Duration::from_secs(5);
/// Who sends no audio for this long and does not answer a goodbye either was lost before it.
const LOST_TICKS: u32 = 2 * TICKS_A_SECOND;
/// The most digits of a number (E.164 has 15, and some networks put digits before them).
const DIGITS_MAX: usize = 32;

/// The two ends of a call, checked.
pub(super) struct Numbers {
    from: String,
    to: String,
}

impl Numbers {
    /// Both numbers of the call; a refusal where one is something else.
    pub(super) fn of(call: &VoiceCall) -> Result<Self, Refused> {
        let is_number = |text: &str| {
            let digits = text.strip_prefix('+').unwrap_or(text);
            (1..=DIGITS_MAX).contains(&digits.len()) && digits.bytes().all(|b| b.is_ascii_digit())
        };
        for (number, sentence) in [
            (&call.to, "The phone to call is not a number."),
            (&call.from, "The number to call from is not a number."),
        ] {
            if !is_number(number) {
                return Err(refusal::new(Class::Never, sentence, None));
            }
        }
        Ok(Self { from: call.from.clone(), to: call.to.clone() })
    }
}

/// Places the call and holds the conversation.
pub(super) async fn place(
    settings: &SipSettings,
    line: &SipLine,
    numbers: &Numbers,
    key: &str,
    script: Script,
) -> Outcome {
    let call_id = call_id(key, settings);
    let seed = seed(&call_id);
    let no_port = |error| refusal::later(format!("No port for the call's audio is free: {error}."));
    let mut media = Media::open(settings, line, seed).await.map_err(no_port)?;
    let ours = line.audio_address(media.port().map_err(no_port)?);
    let offer = sdp::offer(ours, seed as u32 >> 1);
    let option = invitation(settings, line, numbers, &call_id, &offer).await?;
    let (mut answered, response) = ring(settings, line, option).await?;
    let sound = sdp::read(&response.body);
    let Some(sound) = sound else {
        answered.say_goodbye().await;
        return Err(refusal::later("The trunk answered the call without audio that we speak."));
    };
    media.agree(sound);
    let longest_s = settings.call_timeout.as_secs().try_into().unwrap_or(u32::MAX);
    let mut talk =
        Talk { conversation: Conversation::new(script, longest_s), media, offer, silent_ticks: 0 };
    let end = talk.hold(&mut answered.states).await;
    let is_known = match end {
        End::Ours => answered.say_goodbye().await || talk.silent_ticks < LOST_TICKS,
        End::Theirs => true,
    };
    outcome(talk.conversation.verdict(), is_known, call_id)
}

fn outcome(verdict: CallVerdict, is_known: bool, call_id: String) -> Outcome {
    match verdict {
        CallVerdict::Heard(reach) if is_known || reach == Reach::Acknowledged => {
            let what = match reach {
                Reach::Acknowledged => "answered, and acknowledged with key 1",
                Reach::Person => "answered by a person",
                Reach::Machine => "answered by a machine",
                Reach::Carrier | Reach::Handset | Reach::Read => "answered without a word or key",
            };
            let response = format!("200 OK ({what})");
            Ok(Accepted { response, references: vec![call_id], reach })
        }
        _ if !is_known => Err(refusal::new(
            Class::Unknown,
            "The call was answered and then lost, so the text may have been heard.",
            Some(200),
        )),
        _ => Err(refusal::new(
            Class::Absent,
            "The call was answered, and ended before half of the text was spoken.",
            Some(200),
        )),
    }
}

/// Unique for each try, and the key can be read from it.
fn call_id(key: &str, settings: &SipSettings) -> String {
    let is_plain = |c: &char| c.is_ascii_alphanumeric() || "-._".contains(*c);
    let key: String = key.chars().filter(is_plain).take(64).collect();
    format!("{key}.{}@{}", make_tag().value(), settings.domain().replace(':', "."))
}

/// A number that differs from call to call (FNV-1a).
fn seed(text: &str) -> u64 {
    text.bytes().fold(0xcbf2_9ce4_8422_2325, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
    })
}

async fn invitation(
    settings: &SipSettings,
    line: &SipLine,
    numbers: &Numbers,
    call_id: &str,
    offer: &str,
) -> Result<InviteOption, Refused> {
    let dialled = |number: &str| match settings.dials_plus {
        true => number.to_owned(),
        false => number.trim_start_matches('+').to_owned(),
    };
    let caller = format!("sip:{}@{}", dialled(&numbers.from), in_address(settings.domain()));
    let (to, host) = (dialled(&numbers.to), in_address(&settings.host));
    let port = if settings.port == 5060 { String::new() } else { format!(":{}", settings.port) };
    Ok(InviteOption {
        caller: line::uri(&caller)?,
        callee: line::uri(&format!("sip:{to}@{host}{port}{}", line::parameter(settings)))?,
        destination: Some(line::destination(settings).await?),
        contact: line.contact(settings)?,
        offer: Some(offer.as_bytes().to_vec()),
        credential: line::credential(settings),
        call_id: Some(call_id.to_owned()),
        ..InviteOption::default()
    })
}

/// A call that was answered. Dropping it hangs up; either way the library forgets the call.
struct Answered {
    dialog: InviteDialog,
    states: DialogStateReceiver,
    layer: Arc<rsipstack::dialog::dialog_layer::DialogLayer>,
    id: DialogId,
    _guard: DialogGuard,
}

impl Answered {
    /// Hangs up, and says whether the other side answered that.
    async fn say_goodbye(&self) -> bool {
        let bye = timeout(GOODBYE_TIMEOUT, self.dialog.request(Method::Bye, None, None)).await;
        self.layer.remove_dialog(&self.id);
        matches!(bye, Ok(Ok(Some(_))))
    }
}

/// Rings until somebody answers or the time is over, when it cancels. Dropping the future cancels
/// too, in the background.
async fn ring(
    settings: &SipSettings,
    line: &SipLine,
    option: InviteOption,
) -> Result<(Answered, Response), Refused> {
    let (sender, mut states) = line.layer.new_dialog_state_channel();
    let call_id = option.call_id.clone().unwrap_or_default();
    let mut rang = false;
    let invite = line.layer.do_invite(option, sender);
    tokio::pin!(invite);
    let first = async {
        loop {
            tokio::select! {
                biased;
                done = &mut invite => return Some(done),
                state = states.recv() => match state {
                    Some(DialogState::Trying(_)) => return None,
                    Some(DialogState::Early(..)) => { rang = true; return None; }
                    _ => {}
                },
            }
        }
    };
    let done = match timeout(settings.answer_timeout, first).await {
        Err(_) => return Err(line::silent(settings)),
        Ok(Some(done)) => done,
        Ok(None) => match timeout(settings.ring_timeout, &mut invite).await {
            Err(_) => {
                let cancelled = async {
                    for dialog in line.layer.get_client_dialog_by_call_id(&call_id) {
                        // Where the trunk does not answer that, dropping the call tries again.
                        let _ = dialog.cancel().await;
                    }
                };
                let ended = async { tokio::join!(cancelled, &mut invite) };
                // Who answers meanwhile hears nothing: the library hangs up.
                let _ = timeout(GOODBYE_TIMEOUT, ended).await;
                return Err(in_vain(rang | has_rung(&mut states)));
            }
            Ok(done) => done,
        },
    };
    let (dialog, response) = done.map_err(|error| refusal::of_fault(&error))?;
    let Some(response) = response else { return Err(line::silent(settings)) };
    if response.status_code.kind() != StatusCodeKind::Successful {
        return Err(refusal::of_answer(&response, rang | has_rung(&mut states)));
    }
    let (layer, id) = (Arc::clone(&line.layer), dialog.id());
    let _guard = DialogGuard::new(&layer, id.clone());
    Ok((Answered { dialog, states, layer, id, _guard }, response))
}

/// The time to ring is over.
fn in_vain(rang: bool) -> Refused {
    match rang {
        true => refusal::new(Class::Absent, "Nobody answered.", None),
        false => refusal::later("The trunk took the call, and no phone rang in time."),
    }
}

/// Whether the states that nobody looked at yet tell of a phone that rings.
fn has_rung(states: &mut DialogStateReceiver) -> bool {
    std::iter::from_fn(|| states.try_recv().ok()).any(|s| matches!(s, DialogState::Early(..)))
}

/// Who ended a conversation.
enum End {
    Ours,
    Theirs,
}

/// A conversation with its audio.
struct Talk {
    conversation: Conversation,
    media: Media,
    offer: String,
    silent_ticks: u32,
}

impl Talk {
    async fn hold(&mut self, states: &mut DialogStateReceiver) -> End {
        #[expect(clippy::disallowed_methods, reason = "audio is paced by the line's own 20 ms")]
        let mut ticks = tokio::time::interval(Duration::from_secs(1) / TICKS_A_SECOND);
        let mut buffer = [0; PACKET_MAX_BYTES];
        let mut has_voice = false;
        loop {
            tokio::select! {
                _ = ticks.tick() => {
                    self.silent_ticks = self.silent_ticks.saturating_add(1);
                    let Some(samples) = self.conversation.tick(has_voice) else { return End::Ours };
                    self.media.send(samples).await;
                    has_voice = false;
                }
                // An error is about a packet that we sent; the ticks bound how often it can be.
                Ok((length, from)) = self.media.receive(&mut buffer) => {
                    match self.media.hear(&buffer[..length], from) {
                        HeardPacket::Nothing => continue,
                        HeardPacket::Audio { has_voice: voice } => has_voice |= voice,
                        HeardPacket::Key(key) => self.conversation.press(key),
                    }
                    self.silent_ticks = 0;
                }
                state = states.recv() => if !self.attend(state).await { return End::Theirs },
            }
        }
    }

    /// What the other side wants of the call itself; whether the call goes on.
    async fn attend(&mut self, state: Option<DialogState>) -> bool {
        match state {
            None | Some(DialogState::Terminated(..)) => return false,
            Some(DialogState::Info(_, request, handle)) => {
                answer(&handle, StatusCode::OK).await;
                if let Some(key) = rtp::key_of_info(&request.body) {
                    self.conversation.press(key);
                }
            }
            Some(DialogState::Updated(_, request, handle)) => {
                self.renegotiate(&request.body, &handle).await;
            }
            Some(DialogState::Options(_, _, handle)) => answer(&handle, StatusCode::OK).await,
            Some(DialogState::Notify(_, _, handle) | DialogState::Message(_, _, handle)) => {
                answer(&handle, StatusCode::OK).await;
            }
            Some(DialogState::Refer(_, _, handle)) => answer(&handle, StatusCode::Decline).await,
            Some(_) => {}
        }
        true
    }

    /// A re-INVITE or UPDATE: the audio moves where it wants it, or stays.
    async fn renegotiate(&mut self, body: &[u8], handle: &TransactionHandle) {
        if !body.is_empty() {
            match sdp::read(body) {
                Some(sound) => self.media.agree(sound),
                None => return answer(handle, StatusCode::NotAcceptableHere).await,
            }
        }
        let headers = vec![Header::ContentType("application/sdp".into())];
        let body = self.offer.as_bytes().to_vec();
        // Whoever waited for the answer may have gone.
        let _ = handle.respond(StatusCode::OK, Some(headers), Some(body)).await;
    }
}

async fn answer(handle: &TransactionHandle, status: StatusCode) {
    // Whoever waited for the answer may have gone.
    let _ = handle.reply(status).await;
}
