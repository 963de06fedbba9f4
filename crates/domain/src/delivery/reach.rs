//! How far something that was sent has got: the ladder from the carrier to the acknowledgement.

/// How far something that was sent has got, as far as anybody knows. A higher one includes the
/// lower ones, and what is known never becomes less.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Reach {
    /// A carrier took it.
    Carrier,
    /// It is on the phone, or in the mailbox.
    Handset,
    /// A machine answered the call: its text was spoken to a voice mailbox.
    Machine,
    /// A person answered the call.
    Person,
    /// Somebody has read or heard it.
    Read,
    /// Somebody has said that they have it in hand.
    Acknowledged,
}

impl Reach {
    /// All of them, in order.
    pub const ALL: [Reach; 6] = [
        Reach::Carrier,
        Reach::Handset,
        Reach::Machine,
        Reach::Person,
        Reach::Read,
        Reach::Acknowledged,
    ];

    /// The word for it in the API and the database.
    pub fn as_str(self) -> &'static str {
        match self {
            Reach::Carrier => "carrier",
            Reach::Handset => "handset",
            Reach::Machine => "machine",
            Reach::Person => "person",
            Reach::Read => "read",
            Reach::Acknowledged => "acknowledged",
        }
    }

    /// What it means, in words that follow a colon.
    pub fn in_words(self) -> &'static str {
        match self {
            Reach::Carrier => "the carrier has it",
            Reach::Handset => "it is on the phone",
            Reach::Machine => "a machine answered",
            Reach::Person => "a person answered",
            Reach::Read => "it was read",
            Reach::Acknowledged => "it was acknowledged",
        }
    }

    /// The reach with this word.
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|reach| reach.as_str() == word)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_ladder_is_in_order_and_reads_back() {
        assert!(Reach::ALL.is_sorted());
        for reach in Reach::ALL {
            assert_eq!(Reach::parse(reach.as_str()), Some(reach));
        }
        assert_eq!(Reach::parse("moon"), None);
    }
}
