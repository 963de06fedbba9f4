//! The audio end of a sipp scenario: it hears PCMU, keeps it, and presses keys when it has heard
//! enough.

use std::net::{Ipv4Addr, SocketAddr, UdpSocket};
use std::sync::{Arc, Mutex};

/// What an ear has heard so far.
#[derive(Default)]
struct HeardAudio {
    samples: Vec<i16>,
    is_over: bool,
}

/// A UDP port that hears the audio of one call and may press keys.
pub struct Ear {
    port: u16,
    heard: Arc<Mutex<HeardAudio>>,
}

impl Ear {
    /// Opens it. Each key is pressed when so many packets of 20 ms with sound in them were heard
    /// since the key before.
    ///
    /// # Panics
    /// Where no port is free.
    pub fn open(keys: &[(usize, char)]) -> Self {
        let socket = UdpSocket::bind((Ipv4Addr::LOCALHOST, 0)).expect("a free port");
        let port = socket.local_addr().expect("a bound socket").port();
        let heard = Arc::new(Mutex::new(HeardAudio::default()));
        let (thread_heard, keys) = (Arc::clone(&heard), keys.to_vec());
        std::thread::spawn(move || listen(&socket, &thread_heard, &keys));
        Self { port, heard }
    }

    /// Its port on 127.0.0.1.
    pub fn port(&self) -> u16 {
        self.port
    }

    /// What was heard, decoded, at 8 kHz.
    ///
    /// # Panics
    /// Where a packet was no RTP with 20 ms of PCMU.
    pub fn heard(&self) -> Vec<i16> {
        self.heard.lock().expect("no packet of another kind").samples.clone()
    }
}

impl Drop for Ear {
    fn drop(&mut self) {
        if let Ok(mut heard) = self.heard.lock() {
            heard.is_over = true;
        }
        // Wakes the thread, which then ends.
        let waker = UdpSocket::bind((Ipv4Addr::LOCALHOST, 0)).expect("a free port");
        let _ = waker.send_to(&[], (Ipv4Addr::LOCALHOST, self.port));
    }
}

fn listen(socket: &UdpSocket, heard: &Mutex<HeardAudio>, keys: &[(usize, char)]) {
    let mut keys = keys.iter();
    let mut next = keys.next();
    let (mut loud, mut pressed) = (0, 0_u16);
    let mut buffer = [0; 2_048];
    while let Ok((length, from)) = socket.recv_from(&mut buffer) {
        let mut heard = heard.lock().expect("only this thread writes");
        if heard.is_over {
            return;
        }
        let packet = &buffer[..length];
        assert_eq!((length, packet[0], packet[1] & 0x7f), (172, 0x80, 0), "20 ms of PCMU in RTP");
        let samples: Vec<i16> = packet[12..].iter().map(|&byte| decode(byte)).collect();
        loud += usize::from(samples.iter().any(|sample| sample.unsigned_abs() > 500));
        heard.samples.extend(samples);
        if let Some(&(packets, key)) = next
            && loud >= packets
        {
            press(socket, from, key, pressed);
            (next, loud, pressed) = (keys.next(), 0, pressed + 1);
        }
    }
}

/// A key as RFC 4733 reports it: its beginning three times, never its end (as some phones do).
fn press(socket: &UdpSocket, to: SocketAddr, key: char, count: u16) {
    let event = "0123456789*#".find(key).expect("a key of a telephone") as u8;
    for n in 0..3 {
        let mut packet = vec![0x80, 101];
        packet.extend((count * 3 + n).to_be_bytes());
        packet.extend((u32::from(count) * 8_000 + 160).to_be_bytes());
        packet.extend([7, 7, 7, 7, event, 10, 0, (n as u8 + 1) * 50]);
        socket.send_to(&packet, to).expect("loopback");
    }
}

fn decode(byte: u8) -> i16 {
    let byte = !byte;
    let size = (((i16::from(byte & 0x0f) << 3) + 132) << ((byte >> 4) & 7)) - 132;
    if byte & 0x80 == 0 { size } else { -size }
}

/// Samples of a sound that are looked for; the rest must stand behind them.
const HEAD: usize = 2_000;

/// How alike a sound is to the best place in another that is longer: 1 is the same, 0 is not at
/// all. Gaps and changes of the clock count against it.
///
/// # Panics
/// Where the sound is shorter than a quarter of a second.
pub fn likeness(sound: &[i16], within: &[i16]) -> f64 {
    let heads = all_likenesses(&sound[..HEAD], within);
    let best = heads.enumerate().max_by(|(_, a), (_, b)| a.total_cmp(b));
    let place = best.and_then(|(at, _)| within.get(at..at + sound.len()));
    place.map_or(0.0, |place| {
        let (own, other) = (product(sound, sound) as f64, product(place, place) as f64);
        product(sound, place) as f64 / (own * other).sqrt()
    })
}

/// How often the beginning of a sound stands in another, at least nine tenths alike.
///
/// # Panics
/// Where the sound is shorter than a quarter of a second.
pub fn places(sound: &[i16], within: &[i16]) -> usize {
    let mut free_from = 0;
    let heads = all_likenesses(&sound[..HEAD], within).enumerate();
    heads.filter(|(_, likeness)| *likeness > 0.9).fold(0, |count, (at, _)| {
        if at < free_from {
            return count;
        }
        free_from = at + HEAD;
        count + 1
    })
}

fn product(a: &[i16], b: &[i16]) -> i64 {
    a.iter().zip(b).map(|(&a, &b)| i64::from(a) * i64::from(b)).sum()
}

/// For each place in the other sound, how alike it is.
fn all_likenesses<'a>(sound: &'a [i16], within: &'a [i16]) -> impl Iterator<Item = f64> + 'a {
    let own = product(sound, sound) as f64;
    let first = &within[..sound.len().min(within.len())];
    let mut energy = product(first, first) as f64;
    let mut last: Option<i16> = None;
    within.windows(sound.len()).map(move |window| {
        if let (Some(gone), Some(&new)) = (last, window.last()) {
            energy += f64::from(new).powi(2) - f64::from(gone).powi(2);
        }
        last = window.first().copied();
        // Where there is silence there is no sound; the product is not worth its time.
        if energy < own * 0.25 {
            0.0
        } else {
            product(sound, window) as f64 / (own * energy).sqrt()
        }
    })
}
