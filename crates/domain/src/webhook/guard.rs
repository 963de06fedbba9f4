//! Where a webhook may lead: which URLs are taken, and which addresses may be connected to.
//!
//! The table is ours: the crates that classify addresses have not been kept up, and the standard
//! library's own answer (`IpAddr::is_global`) is not stable. It errs on the side of refusing. IPv4
//! follows IANA's special-purpose registry; of IPv6 only global unicast (`2000::/3`) is taken, less
//! what is special within it, so mapped, translated, local and multicast addresses fall out.
//! <https://www.iana.org/assignments/iana-ipv4-special-registry>,
//! <https://www.iana.org/assignments/iana-ipv6-special-registry>

use core::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use ipnet::{IpNet, Ipv4Net, Ipv6Net};
use url::{Host, Url};

use crate::limits;

/// What the operator allows beyond public addresses over HTTPS.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Guard {
    /// Plain HTTP too.
    pub allow_http: bool,
    /// Every address, inside and out.
    pub allow_private: bool,
    /// These networks, though they are not public.
    pub allow_networks: Vec<IpNet>,
}

const fn v4(a: u8, b: u8, c: u8, d: u8, bits: u8) -> Ipv4Net {
    Ipv4Net::new_assert(Ipv4Addr::new(a, b, c, d), bits)
}

const fn v6(a: u16, b: u16, bits: u8) -> Ipv6Net {
    Ipv6Net::new_assert(Ipv6Addr::new(a, b, 0, 0, 0, 0, 0, 0), bits)
}

/// IPv4 that is not public.
const CLOSED_V4: [Ipv4Net; 14] = [
    v4(0, 0, 0, 0, 8),       // "this network"
    v4(10, 0, 0, 0, 8),      // private
    v4(100, 64, 0, 0, 10),   // shared by a carrier's customers
    v4(127, 0, 0, 0, 8),     // this host
    v4(169, 254, 0, 0, 16),  // link-local; cloud metadata
    v4(172, 16, 0, 0, 12),   // private
    v4(192, 0, 0, 0, 24),    // protocol assignments
    v4(192, 0, 2, 0, 24),    // documentation
    v4(192, 88, 99, 0, 24),  // 6to4 relays
    v4(192, 168, 0, 0, 16),  // private
    v4(198, 18, 0, 0, 15),   // benchmarks
    v4(198, 51, 100, 0, 24), // documentation
    v4(203, 0, 113, 0, 24),  // documentation
    v4(224, 0, 0, 0, 3),     // multicast, reserved, broadcast
];

/// IPv6 outside of which nothing is public.
const OPEN_V6: Ipv6Net = v6(0x2000, 0, 3);

/// What is not public within it.
const CLOSED_V6: [Ipv6Net; 4] = [
    v6(0x2001, 0, 23),     // protocol assignments, Teredo, ORCHID
    v6(0x2001, 0xdb8, 32), // documentation
    v6(0x2002, 0, 16),     // 6to4, which carries any IPv4
    v6(0x3fff, 0, 20),     // documentation
];

impl Guard {
    /// Whether an address may be connected to.
    pub fn lets(&self, address: IpAddr) -> bool {
        self.allow_private
            || is_public(address)
            || self.allow_networks.iter().any(|network| network.contains(&address))
    }

    /// Checks a URL that a person gave, or that a receiver redirects to; `Ok` is how it is kept.
    ///
    /// The parser is the one that browsers use, so every spelling of an IPv4 address (`0x7f.1`,
    /// `2130706433`, `017700000001`) is the address that it means. What a name leads to is decided
    /// when it is connected to, by [`Guard::lets`].
    pub fn check(&self, text: &str) -> Result<Url, &'static str> {
        if text.len() > limits::HOOK_URL_BYTES {
            return Err("must have at most 2000 bytes");
        }
        if text.chars().any(|c| c.is_control() || c.is_whitespace() || c == '\\') {
            return Err("must not hold spaces, backslashes or control characters");
        }
        let url = Url::parse(text).map_err(|_| "must be a URL like https://example.com/hooks")?;
        match url.scheme() {
            "https" => {}
            "http" if self.allow_http => {}
            "http" => return Err("must begin with https://"),
            _ => return Err("must be a URL like https://example.com/hooks"),
        }
        if !url.username().is_empty() || url.password().is_some() {
            return Err("must not hold a user name or password");
        }
        if url.fragment().is_some() {
            return Err("must not hold a fragment (#…)");
        }
        let port = url.port_or_known_default().unwrap_or(0);
        if !matches!(port, 80 | 443 | 1024..) {
            return Err("must name the port 80 or 443, or one from 1024 on");
        }
        let lets = match url.host() {
            Some(Host::Ipv4(address)) => self.lets(address.into()),
            Some(Host::Ipv6(address)) => self.lets(address.into()),
            Some(Host::Domain(name)) => self.lets_name(name),
            None => false,
        };
        if !lets {
            return Err("must not lead to an address that is not allowed");
        }
        Ok(url)
    }

    /// Names that lead inside by their form alone (RFC 6761, 6.3; RFC 6762, 3).
    fn lets_name(&self, name: &str) -> bool {
        let name = name.trim_end_matches('.').to_ascii_lowercase();
        let is_local = |end: &str| name == end || name.ends_with(&format!(".{end}"));
        let is_inside = ["localhost", "local", "internal"].into_iter().any(is_local);
        self.allow_private || !self.allow_networks.is_empty() || !is_inside
    }
}

/// Whether anybody in the world may be there.
fn is_public(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(address) => !CLOSED_V4.iter().any(|network| network.contains(&address)),
        IpAddr::V6(address) => {
            OPEN_V6.contains(&address) && !CLOSED_V6.iter().any(|net| net.contains(&address))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn strict(text: &str) -> Result<String, &'static str> {
        Guard::default().check(text).map(String::from)
    }

    #[test]
    fn addresses_that_are_not_public() {
        for inside in [
            "127.0.0.1",
            "127.255.255.254",
            "0.0.0.0",
            "0.1.2.3",
            "10.0.0.1",
            "172.16.0.1",
            "172.31.255.255",
            "192.168.1.1",
            "169.254.169.254",
            "100.64.0.1",
            "100.127.255.255",
            "192.0.0.8",
            "192.0.2.1",
            "198.18.0.1",
            "198.19.255.255",
            "198.51.100.7",
            "203.0.113.9",
            "192.88.99.1",
            "224.0.0.1",
            "239.255.255.250",
            "240.0.0.1",
            "255.255.255.255",
            "::",
            "::1",
            "::ffff:127.0.0.1",
            "::ffff:8.8.8.8",
            "::127.0.0.1",
            "64:ff9b::7f00:1",
            "64:ff9b:1::1",
            "100::1",
            "fc00::1",
            "fd12:3456::1",
            "fe80::1",
            "fec0::1",
            "ff02::1",
            "2001:db8::1",
            "2001::1",
            "2001:10::1",
            "2002:7f00:1::",
            "3fff::1",
            "5f00::1",
        ] {
            let address: IpAddr = inside.parse().expect(inside);
            assert!(!Guard::default().lets(address), "{inside}");
        }
        for outside in [
            "1.1.1.1",
            "8.8.8.8",
            "100.63.255.255",
            "100.128.0.1",
            "126.255.255.255",
            "128.0.0.1",
            "172.15.255.255",
            "172.32.0.1",
            "192.167.255.255",
            "223.255.255.255",
            "2606:4700::1111",
            "2a00:1450::1",
            "2001:4860:4860::8888",
        ] {
            let address: IpAddr = outside.parse().expect(outside);
            assert!(Guard::default().lets(address), "{outside}");
        }
    }

    #[test]
    fn every_spelling_of_an_inner_address_is_refused() {
        const WHERE: &str = "must not lead to an address that is not allowed";
        for host in [
            "127.0.0.1",
            "127.1",
            "127.0.1",
            "2130706433",
            "0x7f000001",
            "0x7f.0.0.1",
            "0x7f.1",
            "017700000001",
            "0177.0.0.1",
            "0177.1",
            "127.0.0.1.",
            "0",
            "0.0.0.0",
            "[::1]",
            "[::]",
            "[::ffff:127.0.0.1]",
            "[::ffff:7f00:1]",
            "[0:0:0:0:0:ffff:7f00:0001]",
            "[64:ff9b::127.0.0.1]",
            "169.254.169.254",
            "0xa9fea9fe",
            "2852039166",
            "10.1",
            "１２７.０.０.１",
            "127。0。0。1",
            "localhost",
            "LOCALHOST",
            "a.localhost",
            "localhost.",
            "printer.local",
            "metadata.google.internal",
        ] {
            assert_eq!(strict(&format!("https://{host}/x")), Err(WHERE), "{host}");
        }
    }

    #[test]
    fn what_is_no_https_url_of_a_web_server_is_refused() {
        for (url, rule) in [
            ("", "URL like"),
            ("example.com/hooks", "URL like"),
            ("ftp://example.com/", "URL like"),
            ("file:///etc/passwd", "URL like"),
            ("gopher://example.com/", "URL like"),
            ("javascript:alert(1)", "URL like"),
            ("https://", "URL like"),
            ("https://300.1.1.1/", "URL like"),
            ("http://example.com/", "https://"),
            ("https://ann@example.com/", "user name"),
            ("https://ann:pw@example.com/", "user name"),
            ("https://example.com@127.0.0.1/", "user name"),
            ("https://example.com/#x", "fragment"),
            ("https://example.com:22/", "port"),
            ("https://example.com:1023/", "port"),
            ("https://example.com:0/", "port"),
            ("https://example.com/a b", "spaces"),
            ("https://example.com/\r\nX-Evil: 1", "spaces"),
            ("https://example.com\\@127.0.0.1/", "backslashes"),
            ("https://exa\tmple.com/", "spaces"),
            ("https://example.com/\0", "control"),
            (&format!("https://example.com/{}", "a".repeat(2_000)), "2000 bytes"),
        ] {
            let refused = strict(url).expect_err(url);
            assert!(refused.contains(rule), "{url}: {refused}");
        }
        for good in [
            "https://example.com/",
            "https://example.com/hooks?a=1&b=%20",
            "https://example.com:8443/hooks",
            "https://8.8.8.8/",
            "https://[2606:4700::1111]/",
        ] {
            assert_eq!(strict(good).as_deref(), Ok(good));
        }
        assert_eq!(strict("HTTPS://EXAMPLE.com").as_deref(), Ok("https://example.com/"));
    }

    #[test]
    fn the_operator_may_open_it() {
        let lan = Guard {
            allow_http: true,
            allow_networks: vec!["192.168.7.0/24".parse().expect("a network")],
            ..Guard::default()
        };
        assert!(lan.check("http://192.168.7.9:8080/").is_ok());
        assert!(lan.check("http://192.168.8.9:8080/").is_err());
        assert!(lan.check("http://switch.internal/").is_ok(), "decided when it is connected to");
        let open = Guard { allow_private: true, ..Guard::default() };
        assert!(open.check("https://127.0.0.1:9000/").is_ok());
        assert!(open.check("http://127.0.0.1:9000/").is_err());
    }
}
