//! Where the next page of a list begins: opaque to its reader, and of no use on any other list.

use app::Actor;
use data_encoding::BASE64URL_NOPAD;
use domain::user::Scope;
use domain::{Instant, Invalid};
use sha2::{Digest, Sha256};

/// Bytes of the hash that binds a cursor to its list.
const BOUND_BYTES: usize = 12;

/// The last row of a page: its instant and its id.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct RowPosition {
    pub(crate) at: Instant,
    pub(crate) id: i64,
}

/// What binds a cursor to its list: the kind of list, whose it is, and what it was asked for.
#[derive(Clone, Debug)]
pub(crate) struct ListKey(Sha256);

impl ListKey {
    /// The list of one kind that an actor gets for a filter. `asked` is the filter in one fixed
    /// spelling; a page may be of another size than the one before.
    pub(crate) fn of(kind: &str, actor: &Actor, asked: &str) -> Self {
        let mut hash = Sha256::new();
        let scope = match &actor.scope {
            Scope::All => "all".to_owned(),
            Scope::Accounts(ids) => ids.iter().map(|id| format!("{id},")).collect(),
        };
        for part in [kind, &actor.tenant_id.to_string(), &scope, asked] {
            hash.update((part.len() as u64).to_be_bytes());
            hash.update(part.as_bytes());
        }
        ListKey(hash)
    }

    /// The cursor of what follows a row.
    pub(crate) fn cursor(&self, after: RowPosition) -> String {
        let mut bytes = Vec::with_capacity(16 + BOUND_BYTES);
        bytes.extend(after.at.as_ms().to_be_bytes());
        bytes.extend(after.id.to_be_bytes());
        bytes.extend(self.bound(&bytes));
        BASE64URL_NOPAD.encode(&bytes)
    }

    /// The row that a cursor of this list stands for.
    pub(crate) fn position(&self, cursor: &str) -> Result<RowPosition, Invalid> {
        let refused = || Invalid::field("cursor", "must be the next_cursor of this very list");
        let bytes = BASE64URL_NOPAD.decode(cursor.as_bytes()).map_err(|_| refused())?;
        let (position, bound) = bytes.split_at_checked(16).ok_or_else(refused)?;
        let (at, id) = position.split_at(8);
        let number = |bytes: &[u8]| bytes.try_into().map(i64::from_be_bytes);
        match (number(at), number(id)) {
            (Ok(at), Ok(id)) if bound == self.bound(position) => {
                Ok(RowPosition { at: Instant::from_ms(at), id })
            }
            _ => Err(refused()),
        }
    }

    fn bound(&self, position: &[u8]) -> [u8; BOUND_BYTES] {
        let mut hash = self.0.clone();
        hash.update(position);
        let whole: [u8; 32] = hash.finalize().into();
        let mut bound = [0; BOUND_BYTES];
        bound.copy_from_slice(&whole[..BOUND_BYTES]);
        bound
    }
}

#[cfg(test)]
mod tests {
    use domain::{AccountId, Role, TenantId, UserId};

    use super::*;

    fn actor(tenant: i64, accounts: &[i64]) -> Actor {
        Actor {
            tenant_id: TenantId(tenant),
            user_id: UserId(1),
            name: String::new(),
            email: String::new(),
            role: Role::Client,
            scope: Scope::Accounts(accounts.iter().map(|id| AccountId(*id)).collect()),
            limits: Default::default(),
        }
    }

    #[test]
    fn a_cursor_is_good_on_its_own_list_only() {
        let list = ListKey::of("messages", &actor(1, &[4]), "read=true\n");
        let position = RowPosition { at: Instant::from_ms(1_737_497_300_671), id: 939 };
        let cursor = list.cursor(position);
        assert_eq!(list.position(&cursor), Ok(position));
        for other in [
            ListKey::of("recordings", &actor(1, &[4]), "read=true\n"),
            ListKey::of("messages", &actor(2, &[4]), "read=true\n"),
            ListKey::of("messages", &actor(1, &[4, 5]), "read=true\n"),
            ListKey::of("messages", &actor(1, &[4]), ""),
        ] {
            assert!(other.position(&cursor).is_err());
        }
        let mut changed = cursor.clone().into_bytes();
        changed[3] ^= 1;
        let changed = String::from_utf8(changed).expect("text");
        for text in ["", "AAAA", "%", "é", &changed, &cursor[..20], &format!("{cursor}AAAA")] {
            assert!(list.position(text).is_err(), "{text}");
        }
    }
}
