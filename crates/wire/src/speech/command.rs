//! One run of the speech command: text in, a file out, within a time and a size.

use std::io;
use std::process::{ExitStatus, Stdio};

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::process::{Child, Command};
use tokio::time::timeout;

use super::{SPEECH_MAX_S, SpeechFault, SpeechSettings};

/// The most bytes that are read of the command's sound: the longest speech at 48 kHz, two channels.
const FILE_MAX_BYTES: u64 = SPEECH_MAX_S as u64 * 48_000 * 2 * 2;

/// What the command wrote, which may be anything.
pub(super) async fn run(settings: &SpeechSettings, text: &str) -> Result<Vec<u8>, SpeechFault> {
    let [program, arguments @ ..] = &settings.command[..] else {
        return Err(SpeechFault::Broken("No speech command is configured.".to_owned()));
    };
    let child = Command::new(program)
        .args(arguments)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .kill_on_drop(true)
        .spawn();
    let failed = |error: &io::Error| broken(program, &format!("cannot be run ({error})"));
    let mut child = child.map_err(|error| failed(&error))?;
    let conversed = timeout(settings.timeout, converse(&mut child, text)).await;
    // Whatever is left of the command ends with `child`.
    let (file, status) = match conversed {
        Err(_) => return Err(broken(program, "did not finish in time")),
        Ok(Err(error)) => return Err(failed(&error)),
        Ok(Ok(None)) => return Err(SpeechFault::TooLong),
        Ok(Ok(Some(done))) => done,
    };
    if status.success() { Ok(file) } else { Err(broken(program, &format!("failed ({status})"))) }
}

/// Its output and how it ended; `None` where there was more than anybody would listen to.
async fn converse(child: &mut Child, text: &str) -> io::Result<Option<(Vec<u8>, ExitStatus)>> {
    let (stdin, stdout) = (child.stdin.take(), child.stdout.take());
    let write = async {
        if let Some(mut stdin) = stdin {
            // A command that reads no more of it has its reasons; what it wrote will show them.
            let _ = stdin.write_all(text.as_bytes()).await;
            let _ = stdin.shutdown().await;
        }
    };
    let mut file = Vec::new();
    let read = async {
        match stdout {
            Some(stdout) => stdout.take(FILE_MAX_BYTES + 1).read_to_end(&mut file).await,
            None => Ok(0),
        }
    };
    let ((), read) = tokio::join!(write, read);
    if read? as u64 > FILE_MAX_BYTES {
        return Ok(None);
    }
    Ok(Some((file, child.wait().await?)))
}

fn broken(program: &str, what: &str) -> SpeechFault {
    SpeechFault::Broken(format!("The speech command {program} {what}."))
}
