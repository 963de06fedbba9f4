//! WAV files of any rate become telephone audio.

use std::f64::consts::PI;
use std::io::Cursor;

use hound::{SampleFormat, WavReader, WavSpec};

use super::{Pcm, RATE, SPEECH_MAX_S, SpeechFault};

/// Zero crossings of the filter on each side: enough that nothing audible folds back.
const LOBES: f64 = 16.0;
/// How much of the band below half the rate the filter keeps; the rest is its slope.
const PASSBAND: f64 = 0.94;
/// The rates that are taken, in samples a second.
const RATES: std::ops::RangeInclusive<u32> = 8_000..=96_000;

/// Reads a WAV file of 16 bit samples.
///
/// A length in its header that is larger than the file is taken for "until the end": a program
/// that writes to a pipe does not know it beforehand.
pub(super) fn read(file: &[u8]) -> Result<Pcm, SpeechFault> {
    let garbage = |what: &str| {
        SpeechFault::Broken(format!(
            "The speech command wrote something other than a sound: {what}."
        ))
    };
    let reader = WavReader::new(Cursor::new(file)).map_err(|error| garbage(&error.to_string()))?;
    let WavSpec { channels, sample_rate, bits_per_sample, sample_format } = reader.spec();
    let is_known = bits_per_sample == 16 && sample_format == SampleFormat::Int;
    if !is_known || !(1..=2).contains(&channels) || !RATES.contains(&sample_rate) {
        return Err(garbage("not 16 bit, one or two channels, 8 to 96 kHz"));
    }
    let samples: Vec<i16> = reader.into_samples::<i16>().map_while(Result::ok).collect();
    let channels = usize::from(channels);
    let mono: Vec<f64> = samples
        .chunks_exact(channels)
        .map(|frame| frame.iter().copied().map(f64::from).sum::<f64>() / channels as f64)
        .collect();
    if mono.is_empty() {
        return Err(garbage("no samples"));
    }
    if mono.len() as u64 > u64::from(SPEECH_MAX_S) * u64::from(sample_rate) {
        return Err(SpeechFault::TooLong);
    }
    Ok(Pcm::new(resample(&mono, sample_rate)))
}

/// Band-limited interpolation: each output sample is the input under a windowed sinc around it.
fn resample(input: &[f64], from: u32) -> Vec<i16> {
    if from == RATE {
        return input.iter().map(|&sample| clip(sample)).collect();
    }
    let filter = Filter::new(from);
    let length = input.len() as u64 * u64::from(RATE) / u64::from(from);
    (0..length).map(|n| clip(filter.at(input, n))).collect()
}

/// The windowed sinc at every distance that occurs between an input and an output sample.
struct Filter {
    from: u64,
    reach: usize,
    /// One list of weights for each place that an output sample can have between two of the input.
    phases: Vec<Vec<f64>>,
}

impl Filter {
    fn new(from: u32) -> Self {
        let cutoff = (f64::from(RATE) / f64::from(from)).min(1.0) * PASSBAND;
        let width = LOBES / cutoff;
        let reach = width.ceil() as usize;
        let count = RATE / greatest_common_divisor(from, RATE);
        let weights = |phase: u32| {
            let offset = f64::from(phase) / f64::from(count) + reach as f64;
            (0..=2 * reach + 1).map(|k| weight(k as f64 - offset, cutoff, width)).collect()
        };
        Self { from: u64::from(from), reach, phases: (0..count).map(weights).collect() }
    }

    /// The output sample of this number. Before and behind the input there is silence.
    fn at(&self, input: &[f64], n: u64) -> f64 {
        let rate = u64::from(RATE);
        let (whole, rest) = (n * self.from / rate, n * self.from % rate);
        // Both fit: they are less than the input's length and the number of phases.
        let weights = &self.phases[(rest * self.phases.len() as u64 / rate) as usize];
        let first = whole as usize;
        let skipped = self.reach.saturating_sub(first);
        let inputs = input.iter().skip((first + skipped).saturating_sub(self.reach));
        inputs.zip(&weights[skipped..]).map(|(sample, weight)| sample * weight).sum()
    }
}

fn greatest_common_divisor(a: u32, b: u32) -> u32 {
    if b == 0 { a } else { greatest_common_divisor(b, a % b) }
}

/// The filter at this distance in input samples: a sinc under a Blackman window.
fn weight(distance: f64, cutoff: f64, width: f64) -> f64 {
    if distance.abs() >= width {
        return 0.0;
    }
    let turn = PI * distance / width;
    let window = 0.42 + 0.5 * turn.cos() + 0.08 * (2.0 * turn).cos();
    let phase = PI * distance * cutoff;
    let sinc = if phase.abs() < 1e-9 { 1.0 } else { phase.sin() / phase };
    cutoff * sinc * window
}

fn clip(sample: f64) -> i16 {
    sample.round().clamp(f64::from(i16::MIN), f64::from(i16::MAX)) as i16
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tone(hz: f64, rate: u32, seconds: f64) -> Vec<f64> {
        let length = (f64::from(rate) * seconds) as usize;
        (0..length).map(|n| 8_000.0 * (2.0 * PI * hz * n as f64 / f64::from(rate)).sin()).collect()
    }

    fn level(samples: &[i16]) -> f64 {
        let inner = &samples[400..samples.len() - 400];
        let power: f64 = inner.iter().map(|&s| f64::from(s).powi(2)).sum();
        (power / inner.len() as f64).sqrt()
    }

    fn wav(spec: WavSpec, samples: &[i16]) -> Vec<u8> {
        let mut file = Cursor::new(Vec::new());
        let mut writer = hound::WavWriter::new(&mut file, spec).expect("a writer");
        samples.iter().for_each(|&sample| writer.write_sample(sample).expect("memory"));
        writer.finalize().expect("memory");
        file.into_inner()
    }

    const MONO: WavSpec = WavSpec {
        channels: 1,
        sample_rate: 22_050,
        bits_per_sample: 16,
        sample_format: SampleFormat::Int,
    };

    #[test]
    fn a_tone_keeps_its_level_and_what_a_telephone_cannot_carry_is_gone() {
        let full = 8_000.0 / 2_f64.sqrt();
        for (hz, rate, wanted) in [
            (440.0, 22_050, full),
            (3_000.0, 44_100, full),
            (1_000.0, 8_000, full),
            (5_500.0, 22_050, 0.0),
            (440.0, 22_051, full),
        ] {
            let got = level(&resample(&tone(hz, rate, 0.5), rate));
            assert!((got - wanted).abs() < 60.0, "{hz} Hz at {rate}: {got}, not {wanted}");
        }
    }

    #[test]
    fn stereo_becomes_one_channel_and_a_header_may_promise_too_much() {
        let stereo = WavSpec { channels: 2, sample_rate: 8_000, ..MONO };
        let mut file = wav(stereo, &[100, 300, -100, -300]);
        assert_eq!(read(&file), Ok(Pcm::new(vec![200, -200])));
        let length = file.len() - 8;
        file[length - 4..length].copy_from_slice(&0x7fff_f000_u32.to_le_bytes());
        assert_eq!(read(&file), Ok(Pcm::new(vec![200, -200])));
    }

    #[test]
    fn what_is_no_sound_is_refused() {
        let eight_bit = WavSpec { bits_per_sample: 8, ..MONO };
        for file in
            [&b""[..], b"RIFF", b"espeak: no such voice", &wav(MONO, &[]), &wav(eight_bit, &[1])]
        {
            assert!(matches!(read(file), Err(SpeechFault::Broken(_))), "{:?}", file.len());
        }
        assert_eq!(read(&wav(MONO, &vec![0; 22_050 * 181])), Err(SpeechFault::TooLong));
    }
}
