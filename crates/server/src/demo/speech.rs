//! Spoken audio: espeak-ng speaks a conversation with two voices, lame makes it small.

use std::process::Stdio;

use tokio::io::AsyncWriteExt;
use tokio::process::Command;

use crate::Failure;

/// Samples per second that espeak-ng 1.51 speaks with.
const RATE: i64 = 22_050;
/// Bytes of the header before its samples.
const HEADER: usize = 44;

/// What was spoken.
pub(crate) struct Speech {
    pub(crate) bytes: Vec<u8>,
    pub(crate) media_type: &'static str,
    pub(crate) duration_ms: i64,
}

/// Speaks lines in turn, the agent first. Without lame it stays WAV.
pub(crate) async fn speak(lines: &[&str], caller_is_woman: bool) -> Result<Speech, Failure> {
    let caller = if caller_is_woman { "en-us+f4" } else { "en-us+m3" };
    let mut text = String::from("<speak>");
    for (i, line) in lines.iter().enumerate() {
        let voice = if i % 2 == 0 { "en-us+f2" } else { caller };
        text.push_str(&format!("<voice name=\"{voice}\"><p>{line}</p></voice>"));
    }
    text.push_str("</speak>");
    let speech = ["-m", "-s", "165", "--stdin", "--stdout"];
    let wav = piped("espeak-ng", &speech, text.into_bytes()).await?;
    let Some(wav) = wav.filter(|wav| wav.len() > HEADER) else {
        return Err(Failure::Run(
            "The demo speaks its recordings with espeak-ng, which is not installed: run \
             script/bootstrap, or apt-get install espeak-ng lame."
                .to_owned(),
        ));
    };
    let samples = i64::try_from((wav.len() - HEADER) / 2).unwrap_or(0);
    let duration_ms = samples * 1_000 / RATE;
    let small = ["--quiet", "-m", "m", "-b", "32", "-", "-"];
    Ok(match piped("lame", &small, wav.clone()).await? {
        Some(mp3) => Speech { bytes: mp3, media_type: "audio/mpeg", duration_ms },
        None => Speech { bytes: sized(wav), media_type: "audio/wav", duration_ms },
    })
}

/// Runs a program that reads one thing and writes another; `None` if it is not installed.
async fn piped(
    program: &str,
    arguments: &[&str],
    input: Vec<u8>,
) -> Result<Option<Vec<u8>>, Failure> {
    let child = Command::new(program)
        .args(arguments)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .kill_on_drop(true)
        .spawn();
    let mut child = match child {
        Ok(child) => child,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(Failure::run(&format!("{program} cannot be started"), error)),
    };
    let stdin = child.stdin.take();
    // It reads while it writes, so both ends are held at once.
    let feeding = tokio::spawn(async move {
        if let Some(mut stdin) = stdin {
            // A program that stops reading says why by its exit code.
            let _ = stdin.write_all(&input).await;
        }
    });
    let output = child.wait_with_output().await?;
    feeding.abort();
    match output.status.success() {
        true => Ok(Some(output.stdout)),
        false => Err(Failure::Run(format!("{program} failed ({}).", output.status))),
    }
}

/// A WAV with its real size in its header: a program that writes to a pipe cannot know it.
fn sized(mut wav: Vec<u8>) -> Vec<u8> {
    let whole = u32::try_from(wav.len()).unwrap_or(u32::MAX);
    wav[4..8].copy_from_slice(&whole.saturating_sub(8).to_le_bytes());
    wav[40..44].copy_from_slice(&whole.saturating_sub(44).to_le_bytes());
    wav
}
