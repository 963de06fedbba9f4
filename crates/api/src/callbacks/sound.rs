//! Whether stored bytes are really audio, which kind, and how long they play.

use std::io::{self, Read, Seek, SeekFrom};
use std::ops::Range;

use blobs::{Blobs, Key};
use bytes::Bytes;
use domain::Invalid;
use lofty::config::ParseOptions;
use lofty::file::AudioFile;
use lofty::iff::wav::WavFile;
use lofty::mpeg::MpegFile;
use tokio::runtime::Handle;
use web::refusal::Refusal;

/// Bytes that are fetched at a time.
const WINDOW_BYTES: u64 = 128 * 1024;
/// Windows that are fetched at most: what needs more to be understood is no sound file.
const WINDOWS: usize = 256;

/// What a sound file is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Sound {
    /// `audio/mpeg` or `audio/wav`.
    pub(crate) media_type: &'static str,
    /// How long it plays, in milliseconds.
    pub(crate) duration_ms: i64,
}

/// Looks into a blob. What is neither MP3 nor WAV is refused.
pub(crate) async fn listen(blobs: &Blobs, key: &Key, length: u64) -> Result<Sound, Refusal> {
    let runtime = Handle::current();
    let (blobs, key) = (blobs.clone(), key.clone());
    let fetch = move |range: Range<u64>| {
        runtime.block_on(async {
            let chunks = blobs.read(&key, Some(range)).await.map_err(io::Error::other)?;
            let chunks = chunks.ok_or(io::ErrorKind::NotFound)?;
            chunks.collect_up_to(WINDOW_BYTES as usize).await.map_err(io::Error::other)
        })
    };
    let read =
        tokio::task::spawn_blocking(move || understood(BlobWindows::new(fetch, length))).await;
    let refused = || Invalid::field("audio", "must be MP3 or WAV audio").into();
    // A parser that panics over a file has not understood it either.
    read.ok().flatten().ok_or_else(refused)
}

fn understood(mut file: impl Read + Seek) -> Option<Sound> {
    let mut magic = [0; 12];
    file.read_exact(&mut magic).ok()?;
    file.rewind().ok()?;
    let options = ParseOptions::new().read_tags(false).read_cover_art(false);
    let is_mpeg = &magic[..3] == b"ID3" || (magic[0] == 0xff && magic[1] & 0xe0 == 0xe0);
    let (media_type, duration) = if &magic[..4] == b"RIFF" && &magic[8..] == b"WAVE" {
        let wav = WavFile::read_from(&mut file, options).ok()?;
        ("audio/wav", wav.properties().duration())
    } else if is_mpeg {
        let mpeg = MpegFile::read_from(&mut file, options).ok()?;
        ("audio/mpeg", mpeg.properties().duration())
    } else {
        return None;
    };
    let duration_ms = i64::try_from(duration.as_millis()).ok()?;
    (duration_ms > 0).then_some(Sound { media_type, duration_ms })
}

/// A file of which one window at a time is in memory.
struct BlobWindows<F> {
    fetch: F,
    length: u64,
    position: u64,
    start: u64,
    window: Bytes,
    fetched: usize,
}

impl<F: FnMut(Range<u64>) -> io::Result<Vec<u8>>> BlobWindows<F> {
    fn new(fetch: F, length: u64) -> Self {
        BlobWindows { fetch, length, position: 0, start: 0, window: Bytes::new(), fetched: 0 }
    }

    /// What is in memory from the position on; empty at the end of the file.
    fn ahead(&mut self) -> io::Result<Bytes> {
        if self.position >= self.length {
            return Ok(Bytes::new());
        }
        let end = self.start + self.window.len() as u64;
        if !(self.start..end).contains(&self.position) {
            if self.fetched == WINDOWS {
                return Err(io::Error::other("too much to be read"));
            }
            self.fetched += 1;
            self.start = self.position - self.position % WINDOW_BYTES;
            let end = self.length.min(self.start + WINDOW_BYTES);
            self.window = (self.fetch)(self.start..end)?.into();
        }
        let skipped = usize::try_from(self.position - self.start).map_err(io::Error::other)?;
        Ok(self.window.slice(skipped.min(self.window.len())..))
    }
}

impl<F: FnMut(Range<u64>) -> io::Result<Vec<u8>>> Read for BlobWindows<F> {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        let ahead = self.ahead()?;
        let count = ahead.len().min(out.len());
        out[..count].copy_from_slice(&ahead[..count]);
        self.position += count as u64;
        Ok(count)
    }
}

impl<F> Seek for BlobWindows<F> {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        let position = match to {
            SeekFrom::Start(at) => Some(at),
            SeekFrom::End(by) => self.length.checked_add_signed(by),
            SeekFrom::Current(by) => self.position.checked_add_signed(by),
        };
        self.position = position.ok_or(io::ErrorKind::InvalidInput)?;
        Ok(self.position)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn listen(file: Vec<u8>) -> Option<Sound> {
        let length = file.len() as u64;
        let fetch =
            move |range: Range<u64>| Ok(file[range.start as usize..range.end as usize].to_vec());
        understood(BlobWindows::new(fetch, length))
    }

    /// A second of silence, 8 kHz, 16 bit, mono.
    fn wav(data: u32) -> Vec<u8> {
        let mut file = b"RIFF".to_vec();
        file.extend((36 + data).to_le_bytes());
        file.extend(b"WAVEfmt \x10\0\0\0\x01\0\x01\0");
        file.extend(8_000_u32.to_le_bytes());
        file.extend(16_000_u32.to_le_bytes());
        file.extend(b"\x02\0\x10\0data");
        file.extend(data.to_le_bytes());
        file.resize(file.len() + data as usize, 0);
        file
    }

    /// Frames of 128 kbit/s, 44.1 kHz: 417 bytes and 26.12 ms each.
    fn mp3(frames: usize) -> Vec<u8> {
        let mut frame = vec![0xff, 0xfb, 0x90, 0x00];
        frame.resize(417, 0);
        frame.repeat(frames)
    }

    #[test]
    fn sound_is_understood() {
        let wav = listen(wav(16_000));
        assert_eq!(wav, Some(Sound { media_type: "audio/wav", duration_ms: 1_000 }));
        let mp3 = listen(mp3(1_000)).expect("a sound");
        assert_eq!(mp3.media_type, "audio/mpeg");
        assert!((25_500..26_500).contains(&mp3.duration_ms), "{mp3:?}");
    }

    #[test]
    fn what_is_none_is_refused() {
        for (name, file) in [
            ("nothing", Vec::new()),
            ("text", b"This is certainly no audio at all.".repeat(100)),
            ("a page", b"<!doctype html><title>404</title>".to_vec()),
            ("the first bytes only", b"RIFF\xff\xff\xff\xffWAVE".to_vec()),
            ("a tag only", b"ID3\x04\0\0\0\0\0\x10".repeat(50)),
            ("no sound in it", wav(0)),
            ("sync without frames", vec![0xff; 100_000]),
            (
                "a tag, then text",
                [b"ID3\x04\0\0\0\0\0\0".to_vec(), b"text ".repeat(9_000)].concat(),
            ),
            ("zeros", vec![0; 1_000_000]),
            ("Ogg", b"OggS\0\x02".repeat(100)),
        ] {
            assert_eq!(listen(file), None, "{name}");
        }
    }

    #[test]
    fn no_bytes_make_it_fall_over() {
        // A small generator of numbers is enough: the seed is the test's own.
        let mut state = 1_u64;
        let mut next = move || {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
            (state >> 33) as usize
        };
        for _ in 0..500 {
            let mut file = if next() % 2 == 0 { wav(4_000) } else { mp3(20) };
            for _ in 0..next() % 20 {
                let at = next() % file.len();
                file[at] = next() as u8;
            }
            file.truncate(1 + next() % file.len());
            let _ = std::panic::catch_unwind(|| listen(file));
        }
    }
}
