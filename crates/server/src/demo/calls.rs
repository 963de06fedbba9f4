//! The demo's recorded calls: spoken, stored, and reported as a switch would.

use std::io;

use app::App;
use app::calls::{Audio, Ingested, ingest};
use blobs::{Blobs, Key};
use data_encoding::HEXLOWER;
use domain::token::Switch;
use domain::{Account, Call, CallId, Cdr, Instant, TenantId, UserId, limits};
use futures_util::stream;

use super::speech::{Speech, speak};
use super::trade::Talk;
use crate::Failure;

/// What a call of the demo needs besides what was said.
pub(crate) struct DemoLine<'a> {
    pub(crate) tenant: TenantId,
    pub(crate) switch: &'a Switch,
    pub(crate) account: &'a Account,
    pub(crate) did: &'a str,
    pub(crate) agent: (UserId, &'a str),
    pub(crate) caller_phone: &'a str,
    pub(crate) started_at: Instant,
    /// The call's number, from 1.
    pub(crate) number: i64,
}

/// Speaks a call, stores its audio, and reports it.
pub(crate) async fn record(
    app: &App,
    blobs: &Blobs,
    line: &DemoLine<'_>,
    talk: &Talk,
) -> Result<Ingested, Failure> {
    let speech = speak(talk.lines, talk.caller.2).await?;
    let audio = store(blobs, app, line.tenant, &speech).await?;
    let talk_sec = (speech.duration_ms + 999) / 1_000;
    let call = call(line, talk_sec);
    Ok(ingest(app, line.tenant, line.switch, call, Some(audio)).await?)
}

async fn store(
    blobs: &Blobs,
    app: &App,
    tenant: TenantId,
    speech: &Speech,
) -> Result<Audio, Failure> {
    let ending = if speech.media_type == "audio/mpeg" { "mp3" } else { "wav" };
    let name = format!("{}.{ending}", app.entropy().uuid());
    let key = Key::of(&format!("t_{tenant}"), &["recordings", &name])
        .map_err(|error| Failure::run("the audio has no place", error))?;
    let source = stream::iter([Ok::<_, io::Error>(speech.bytes.clone().into())]);
    let stored = blobs.put(&key, source, limits::RECORDING_BYTES).await;
    let stored = stored.map_err(|error| Failure::run("the audio cannot be stored", error))?;
    Ok(Audio {
        media_type: speech.media_type.to_owned(),
        blob_key: key.as_str().to_owned(),
        bytes: i64::try_from(stored.bytes).unwrap_or(i64::MAX),
        sha256: HEXLOWER.encode(&stored.sha256),
        duration_ms: speech.duration_ms,
    })
}

fn call(line: &DemoLine<'_>, talk_sec: i64) -> Call {
    let (ivr_sec, wait_sec) = (line.number % 3, 4 + line.number % 9);
    // Every fifth call was handed on to somebody of the account, by a talk of three.
    let is_shared = line.number % 5 == 0;
    let began_at = line.started_at.minus_ms((ivr_sec + wait_sec) * limits::SECOND_MS);
    let ended_at = line.started_at.plus_ms(talk_sec * limits::SECOND_MS);
    let number = 266_800 + line.number;
    let caller = line.caller_phone.to_owned();
    Call {
        tenant_id: line.tenant,
        id: CallId(0),
        account_id: line.account.id,
        account_number: line.account.number.clone(),
        did_id: None,
        call_sid: format!("4f1c7b5e-744b-11ef-9bdd-{number:012}"),
        did_number: line.did.to_owned(),
        from: caller.clone(),
        agent_username: line.agent.1.to_owned(),
        started_at: line.started_at,
        cdr: Cdr {
            id: 0,
            unique_call_id: 1_000_000_000 + number,
            start_time: Some(began_at),
            call_type: "InboundCall".to_owned(),
            start_client: line.account.number.clone(),
            end_client: line.account.number.clone(),
            callerid: caller,
            number_dialed: line.did.to_owned(),
            did: line.did.to_owned(),
            agent_name: line.agent.1.to_owned(),
            agent_id: Some(line.agent.0.0),
            skill_name: "English".to_owned(),
            skill_id: "1".to_owned(),
            connection_sec: ivr_sec + wait_sec + talk_sec,
            ivr_sec,
            wait_sec,
            talk_sec,
            hold_sec: line.number % 4,
            transfer_sec: if is_shared { 9 } else { 0 },
            wrap_sec: 12,
            agent_answer_time: Some(line.started_at),
            end_time: Some(ended_at.plus_ms(90)),
            hang_up_time: Some(ended_at),
            who_hung_up: if line.number % 3 == 0 { "agent" } else { "caller" }.to_owned(),
            original_call_id: Some(number),
            call_created_at: Some(began_at.plus_ms(400)),
            // The switch lost sight of one leg of one call.
            is_orphaned: line.number == 7,
            conference_sec: if is_shared { 6 } else { 0 },
            conference_talk_sec: if is_shared { 5 } else { 0 },
        },
    }
}
