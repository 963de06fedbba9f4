//! What a key may be used for: less than its user may, never more.

use core::fmt;
use core::net::IpAddr;

use ipnet::IpNet;

use crate::{AccountId, Invalid, limits};

/// What a key is limited to. What is empty limits nothing.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct KeyLimits {
    /// It changes nothing.
    pub is_read_only: bool,
    /// It sees these of its user's accounts only.
    pub accounts: Vec<AccountId>,
    /// It works from these addresses only.
    pub addresses: Vec<IpNet>,
    /// It opens these resources only, besides the one that tells whose it is.
    pub resources: Vec<Resource>,
}

/// A part of the API that a key may be limited to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Resource {
    /// Messages, with their activities and deliveries; also in version 1.
    Messages,
    /// Call recordings.
    CallRecordings,
    /// To Dos and their runs.
    ToDos,
    /// Who is on call.
    OnCall,
}

/// What a request with a key asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum KeyTarget {
    /// Whose the key is: open to every key.
    Owner,
    /// One of the resources.
    Resource(Resource),
    /// Something else.
    Other,
}

/// How a key is used in one request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct KeyUse {
    /// The address that the request comes from.
    pub from: IpAddr,
    /// What it asks for.
    pub target: KeyTarget,
    /// Whether it may change something.
    pub writes: bool,
}

/// Why a key is not taken for a request, although it is good. A person may read it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum KeyRefusal {
    /// It does not work from that address.
    Address(IpAddr),
    /// It opens these resources only.
    Resource(Vec<Resource>),
    /// It changes nothing.
    ReadOnly,
}

impl Resource {
    /// All of them.
    pub const ALL: [Resource; 4] =
        [Resource::Messages, Resource::CallRecordings, Resource::ToDos, Resource::OnCall];

    /// The word for it, which is also how its addresses begin.
    pub fn as_str(self) -> &'static str {
        match self {
            Resource::Messages => "messages",
            Resource::CallRecordings => "call-recordings",
            Resource::ToDos => "to-dos",
            Resource::OnCall => "on-call",
        }
    }

    /// The resource with this word.
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|resource| resource.as_str() == word)
    }
}

impl KeyLimits {
    /// Refuses a use that a limit forbids, and says which.
    pub fn check(&self, ask: &KeyUse) -> Result<(), KeyRefusal> {
        let from = ask.from.to_canonical();
        if !self.addresses.is_empty() && !self.addresses.iter().any(|net| net.contains(&from)) {
            return Err(KeyRefusal::Address(from));
        }
        let is_open = match ask.target {
            KeyTarget::Owner => true,
            KeyTarget::Resource(resource) => self.resources.contains(&resource),
            KeyTarget::Other => false,
        };
        if !self.resources.is_empty() && !is_open {
            return Err(KeyRefusal::Resource(self.resources.clone()));
        }
        if self.is_read_only && ask.writes { Err(KeyRefusal::ReadOnly) } else { Ok(()) }
    }

    /// Whether it limits nothing.
    pub fn is_none(&self) -> bool {
        *self == Self::default()
    }

    /// Reads what [`fmt::Display`] writes.
    pub fn parse(text: &str) -> Option<Self> {
        let mut limits = Self::default();
        for part in text.split(';').map(str::trim).filter(|part| !part.is_empty()) {
            let mut words = part.split(' ');
            match words.next()? {
                "read-only" => limits.is_read_only = true,
                "accounts" => {
                    limits.accounts =
                        words.map(|id| id.parse().ok().map(AccountId)).collect::<Option<_>>()?;
                }
                "addresses" => limits.addresses = words.map(network).collect::<Option<_>>()?,
                "resources" => {
                    limits.resources = words.map(Resource::parse).collect::<Option<_>>()?
                }
                _ => return None,
            }
        }
        Some(limits)
    }
}

/// Addresses and networks as a person gives them, with commas, spaces or lines between.
pub fn addresses(text: &str, invalid: &mut Invalid) -> Vec<IpNet> {
    let words = text.split([',', ';', ' ', '\n', '\r', '\t']).filter(|word| !word.is_empty());
    let mut found = Vec::new();
    for word in words {
        match network(word) {
            Some(network) => found.push(network),
            None => invalid.add(
                "addresses",
                "must be IP addresses or networks, such as 203.0.113.7 or 203.0.113.0/24",
            ),
        }
    }
    let is_bounded = found.len() <= limits::KEY_ADDRESSES;
    invalid.require(is_bounded, "addresses", "must be 50 addresses and networks at most");
    found
}

/// A network, or one address as the smallest.
fn network(text: &str) -> Option<IpNet> {
    let address = || text.parse::<IpAddr>().ok().map(|address| address.to_canonical().into());
    text.parse::<IpNet>().ok().or_else(address).map(|network| network.trunc())
}

impl fmt::Display for KeyLimits {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut parts = Vec::new();
        if self.is_read_only {
            parts.push("read-only".to_owned());
        }
        let mut list = |name: &str, words: Vec<String>| {
            if !words.is_empty() {
                parts.push(format!("{name} {}", words.join(" ")));
            }
        };
        list("accounts", self.accounts.iter().map(AccountId::to_string).collect());
        list("addresses", self.addresses.iter().map(IpNet::to_string).collect());
        list("resources", words(&self.resources));
        f.write_str(&parts.join("; "))
    }
}

fn words(resources: &[Resource]) -> Vec<String> {
    resources.iter().map(|resource| resource.as_str().to_owned()).collect()
}

impl fmt::Display for KeyRefusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            KeyRefusal::Address(from) => {
                write!(f, "This key is limited to certain addresses, and {from} is none of them.")
            }
            KeyRefusal::Resource(resources) => {
                write!(f, "This key is limited to {}.", words(resources).join(", "))
            }
            KeyRefusal::ReadOnly => f.write_str("This key may only read: it changes nothing."),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn limits(text: &str) -> KeyLimits {
        KeyLimits::parse(text).expect("limits")
    }

    fn said(limited: &str, from: &str, target: KeyTarget, writes: bool) -> String {
        let ask = KeyUse { from: from.parse().expect("an address"), target, writes };
        limits(limited).check(&ask).map_or_else(|refusal| refusal.to_string(), |()| String::new())
    }

    #[test]
    fn each_limit_refuses_by_its_name() {
        let (here, messages) = ("203.0.113.7", KeyTarget::Resource(Resource::Messages));
        let check = |limited: &str, from: &str, target: KeyTarget, writes: bool, words: &str| {
            let said = said(limited, from, target, writes);
            assert!(
                said.contains(words) && said.is_empty() == words.is_empty(),
                "{limited}: {said}"
            );
        };
        check("", here, KeyTarget::Other, true, "");
        check("read-only", here, messages, false, "");
        check("read-only", here, messages, true, "only read");
        check("addresses 203.0.113.0/24 2001:db8::/32", here, messages, true, "");
        check("addresses 203.0.113.0/24 2001:db8::/32", "2001:db8::5", messages, true, "");
        check("addresses 203.0.113.0/24", "::ffff:203.0.113.9", messages, true, "");
        check("addresses 203.0.113.0/24", "203.0.114.1", messages, true, "203.0.114.1 is none");
        check("addresses 203.0.113.0/24", "203.0.114.1", KeyTarget::Owner, false, "addresses");
        check("resources messages on-call", here, messages, true, "");
        check("resources messages on-call", here, KeyTarget::Owner, false, "");
        check("resources on-call", here, messages, false, "limited to on-call");
        check("resources on-call", here, KeyTarget::Other, false, "limited to on-call");
        check("accounts 7 9", here, messages, true, "");
    }

    #[test]
    fn what_is_written_is_read_again() {
        let mut invalid = Invalid::new();
        let whole = KeyLimits {
            is_read_only: true,
            accounts: vec![AccountId(7), AccountId(12)],
            addresses: addresses("203.0.113.77/24, 2001:db8::1\n198.51.100.4", &mut invalid),
            resources: Resource::ALL.to_vec(),
        };
        assert!(invalid.is_empty());
        let text = "read-only; accounts 7 12; addresses 203.0.113.0/24 2001:db8::1/128 \
            198.51.100.4/32; resources messages call-recordings to-dos on-call";
        assert_eq!(whole.to_string(), text);
        assert_eq!(KeyLimits::parse(text), Some(whole));
        assert_eq!(KeyLimits::parse(""), Some(KeyLimits::default()));
        for odd in ["write-only", "accounts x", "addresses 1.2.3", "resources keys"] {
            assert_eq!(KeyLimits::parse(odd), None, "{odd}");
        }
        addresses("10.0.0.0/33 nonsense", &mut invalid);
        assert_eq!(invalid.faults().map(|(path, _)| path).collect::<Vec<_>>(), ["addresses"; 2]);
    }
}
