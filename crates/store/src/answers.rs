//! A message's answers as they are kept: one JSON object of texts, its order kept.

use std::fmt;

use domain::Answers;
use serde::de::{MapAccess, Visitor};
use serde::ser::SerializeMap;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::cells::cells;
use crate::{Error, Result};

struct StoredAnswers(Vec<(String, String)>);

impl<'de> Deserialize<'de> for StoredAnswers {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> std::result::Result<Self, D::Error> {
        struct Pairs;
        impl<'de> Visitor<'de> for Pairs {
            type Value = StoredAnswers;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object of texts")
            }
            fn visit_map<A: MapAccess<'de>>(
                self,
                mut map: A,
            ) -> std::result::Result<StoredAnswers, A::Error> {
                let mut pairs = Vec::new();
                while let Some(pair) = map.next_entry()? {
                    pairs.push(pair);
                }
                Ok(StoredAnswers(pairs))
            }
        }
        deserializer.deserialize_map(Pairs)
    }
}

struct AnswersJson<'a>(&'a Answers);

impl Serialize for AnswersJson<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> std::result::Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(self.0.0.len()))?;
        for (name, text) in &self.0.0 {
            map.serialize_entry(name, text)?;
        }
        map.end()
    }
}

cells! { Answers as text made, read, write; }

fn read(json: &str) -> Result<Answers> {
    let kept: StoredAnswers = serde_json::from_str(json)
        .map_err(|_| Error::Corrupt("the answers of a message".to_owned()))?;
    Ok(Answers(kept.0))
}

fn write(answers: &Answers) -> Result<String> {
    serde_json::to_string(&AnswersJson(answers)).map_err(|error| Error::Corrupt(error.to_string()))
}
