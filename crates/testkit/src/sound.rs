//! Sound files made from nothing, small enough to be read in a test.

/// Silence: WAV, 8 kHz, 16 bit, mono.
pub fn wav(ms: u32) -> Vec<u8> {
    let data = ms * 16;
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

/// Frames of MP3, 128 kbit/s, 44.1 kHz: 417 bytes and 26.12 ms each.
pub fn mp3(frames: usize) -> Vec<u8> {
    let mut frame = vec![0xff, 0xfb, 0x90, 0x00];
    frame.resize(417, 0);
    frame.repeat(frames)
}
