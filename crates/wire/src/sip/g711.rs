//! G.711 (ITU-T): one byte for each sample, µ-law or A-law.

/// How samples are coded on the line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Law {
    /// PCMU, payload type 0 (RFC 3551): North America and Japan.
    Mu,
    /// PCMA, payload type 8: the rest of the world.
    A,
}

const MU_BIAS: i32 = 132;
const MU_CLIP: i32 = 32_635;

impl Law {
    /// The law of a static payload type.
    pub(super) fn of_payload_type(number: u8) -> Option<Self> {
        match number {
            0 => Some(Self::Mu),
            8 => Some(Self::A),
            _ => None,
        }
    }

    /// Its static payload type.
    pub(super) fn payload_type(self) -> u8 {
        match self {
            Self::Mu => 0,
            Self::A => 8,
        }
    }

    /// A sample as a byte.
    pub(super) fn encode(self, sample: i16) -> u8 {
        match self {
            Self::Mu => encode_mu(i32::from(sample)),
            Self::A => encode_a(i32::from(sample)),
        }
    }

    /// A byte as a sample.
    pub(super) fn decode(self, byte: u8) -> i16 {
        let sample = match self {
            Self::Mu => decode_mu(byte),
            Self::A => decode_a(byte),
        };
        // Both laws end at 32,124 on each side.
        sample.clamp(i32::from(i16::MIN), i32::from(i16::MAX)) as i16
    }
}

fn encode_mu(sample: i32) -> u8 {
    let sign = if sample < 0 { 0x80 } else { 0 };
    let size = sample.abs().min(MU_CLIP) + MU_BIAS;
    let exponent = (size >> 7).ilog2();
    let mantissa = (size >> (exponent + 3)) & 0x0f;
    !(sign | (exponent << 4) as u8 | mantissa as u8)
}

fn decode_mu(byte: u8) -> i32 {
    let byte = !byte;
    let (exponent, mantissa) = ((byte >> 4) & 7, i32::from(byte & 0x0f));
    let size = (((mantissa << 3) + MU_BIAS) << exponent) - MU_BIAS;
    if byte & 0x80 == 0 { size } else { -size }
}

fn encode_a(sample: i32) -> u8 {
    let (sign, size) = if sample < 0 { (0, (-sample - 1) >> 4) } else { (0x80, sample >> 4) };
    let exponent = (size >> 4).checked_ilog2().map_or(0, |top| top + 1);
    let mantissa = if exponent == 0 { size } else { size >> (exponent - 1) } & 0x0f;
    (sign | (exponent << 4) as u8 | mantissa as u8) ^ 0x55
}

fn decode_a(byte: u8) -> i32 {
    let byte = byte ^ 0x55;
    let (exponent, mantissa) = ((byte >> 4) & 7, i32::from(byte & 0x0f));
    let size = match exponent {
        0 => (mantissa << 4) + 8,
        _ => ((mantissa << 4) + 0x108) << (exponent - 1),
    };
    if byte & 0x80 == 0 { -size } else { size }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn known_bytes_of_both_laws() {
        for (law, sample, byte) in [
            (Law::Mu, 0, 0xff),
            (Law::Mu, 32_767, 0x80),
            (Law::Mu, -32_768, 0x00),
            (Law::Mu, 1_000, 0xce),
            (Law::A, 0, 0xd5),
            (Law::A, 32_767, 0xaa),
            (Law::A, -32_768, 0x2a),
            (Law::A, 1_000, 0xfa),
        ] {
            assert_eq!(law.encode(sample), byte, "{law:?} {sample}");
        }
    }

    #[test]
    fn every_byte_survives_and_every_sample_stays_near() {
        for law in [Law::Mu, Law::A] {
            for byte in 0..=255 {
                let again = law.encode(law.decode(byte));
                // µ-law has two zeros.
                assert!(again == byte || (law == Law::Mu && byte == 0x7f), "{law:?} {byte:#x}");
            }
            for sample in (i16::MIN..=i16::MAX).step_by(7) {
                let (sample, got) = (i32::from(sample), i32::from(law.decode(law.encode(sample))));
                let allowed = (sample.abs() / 16).max(16);
                assert!((sample - got).abs() <= allowed + 650 * i32::from(sample.abs() > 32_000));
            }
        }
    }
}
