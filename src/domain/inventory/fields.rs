//! A JSON object as it stood in a box: known and unknown members alike, every text of it secret.
//! Read strictly (`docs/format.md`, section 2) and written in the canonical form.

use std::cell::Cell;
use std::collections::BTreeMap;
use std::fmt;

use serde::de::{DeserializeSeed, Error, MapAccess, SeqAccess, Visitor};
use serde::ser::{SerializeMap, SerializeSeq};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::domain::secret::SecretText;

/// The deepest nesting of any JSON of this format; the outermost object is level 1.
pub const NESTING_LIMIT: usize = 16;
/// The most values of a box; an object counts as [`OBJECT_WEIGHT`]. A few bytes of text must not cost much memory.
pub const VALUES_LIMIT: usize = 4 << 20;
/// What an object costs, measured in other values.
pub const OBJECT_WEIGHT: usize = 8;
/// The largest integer: 2^53 - 1.
const INTEGER_LIMIT: u64 = (1 << 53) - 1;

/// An object. Names are sorted, as the canonical form wants them.
#[derive(Debug, Default)]
pub struct Fields(BTreeMap<String, Kept>);

/// Any value this format knows.
#[derive(Debug)]
pub enum Kept {
    Boolean(bool),
    Integer(u64),
    Text(SecretText),
    List(Vec<Kept>),
    Object(Fields),
}

impl Fields {
    /// Reads one object from JSON text and nothing after it but spaces.
    pub fn parse(json: &[u8]) -> Result<Self, serde_json::Error> {
        let mut reader = serde_json::Deserializer::from_slice(json);
        let left = Cell::new(VALUES_LIMIT);
        let Kept::Object(fields) = (Value { level: 1, left: &left }).deserialize(&mut reader)? else {
            return Err(serde_json::Error::custom("expected an object"));
        };
        reader.end()?;
        Ok(fields)
    }

    #[must_use]
    pub fn with(mut self, name: &str, value: Kept) -> Self {
        self.0.insert(name.to_owned(), value);
        self
    }

    #[must_use]
    pub fn with_text(self, name: &str, text: &str) -> Self {
        self.with(name, Kept::text(text))
    }

    pub fn set(&mut self, name: &str, value: Kept) {
        self.0.insert(name.to_owned(), value);
    }

    pub fn value(&self, name: &str) -> Option<&Kept> {
        self.0.get(name)
    }

    pub fn take(&mut self, name: &str) -> Option<Kept> {
        self.0.remove(name)
    }

    pub fn text(&self, name: &str) -> Option<&str> {
        self.value(name)?.as_text()
    }

    pub fn list(&self, name: &str) -> Option<&[Kept]> {
        self.value(name)?.as_list()
    }

    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.0.keys().map(String::as_str)
    }

    /// Whether both are the same value. Compared through the canonical form: this is not for secrets under attack.
    pub fn same_as(&self, other: &Self) -> bool {
        use crate::domain::canonical::secret_bytes;
        secret_bytes(self, 0).reveal() == secret_bytes(other, 0).reveal()
    }
}

impl Kept {
    pub fn text(text: &str) -> Self {
        Self::Text(SecretText::copy_of(text))
    }

    pub fn as_text(&self) -> Option<&str> {
        match self {
            Self::Text(text) => Some(text.reveal()),
            _ => None,
        }
    }

    pub fn as_list(&self) -> Option<&[Kept]> {
        match self {
            Self::List(list) => Some(list),
            _ => None,
        }
    }

    pub fn as_object(&self) -> Option<&Fields> {
        match self {
            Self::Object(fields) => Some(fields),
            _ => None,
        }
    }

    /// What it counts against [`VALUES_LIMIT`].
    pub fn weight(&self) -> usize {
        match self {
            Self::Boolean(_) | Self::Integer(_) | Self::Text(_) => 1,
            Self::List(list) => 1 + list.iter().map(Self::weight).sum::<usize>(),
            Self::Object(fields) => fields.weight(),
        }
    }

    /// A second copy, wiped on drop like the first.
    #[must_use]
    pub fn duplicate(&self) -> Self {
        match self {
            Self::Boolean(value) => Self::Boolean(*value),
            Self::Integer(value) => Self::Integer(*value),
            Self::Text(text) => Self::text(text.reveal()),
            Self::List(list) => Self::List(list.iter().map(Self::duplicate).collect()),
            Self::Object(fields) => Self::Object(fields.duplicate()),
        }
    }
}

impl Fields {
    /// What it counts against [`VALUES_LIMIT`].
    pub fn weight(&self) -> usize {
        OBJECT_WEIGHT + self.0.values().map(Kept::weight).sum::<usize>()
    }

    #[must_use]
    pub fn duplicate(&self) -> Self {
        Self(self.0.iter().map(|(name, value)| (name.clone(), value.duplicate())).collect())
    }
}

/// Reads a value whose outermost level is `level`, while values are `left`.
struct Value<'a> {
    level: usize,
    left: &'a Cell<usize>,
}

impl<'a> Value<'a> {
    /// The reader of what is inside an object or array at this level.
    fn inside<E: Error>(&self) -> Result<impl Fn() -> Self + use<'a, E>, E> {
        let (level, left) = (self.level + 1, self.left);
        if self.level > NESTING_LIMIT {
            return Err(E::custom(format_args!("nested deeper than {NESTING_LIMIT}")));
        }
        Ok(move || Self { level, left })
    }

    fn spend<E: Error>(&self, weight: usize) -> Result<(), E> {
        let left = self.left.get().checked_sub(weight).ok_or_else(|| E::custom("too many values"))?;
        self.left.set(left);
        Ok(())
    }
}

impl<'de> DeserializeSeed<'de> for Value<'_> {
    type Value = Kept;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Kept, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Value<'_> {
    type Value = Kept;

    fn expecting(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("an object, an array, a string, true, false, or an integer from 0 to 2^53 - 1")
    }

    fn visit_bool<E: Error>(self, value: bool) -> Result<Kept, E> {
        self.spend(1)?;
        Ok(Kept::Boolean(value))
    }

    fn visit_u64<E: Error>(self, value: u64) -> Result<Kept, E> {
        self.spend(1)?;
        if value > INTEGER_LIMIT {
            return Err(E::custom("an integer above 2^53 - 1"));
        }
        Ok(Kept::Integer(value))
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<Kept, E> {
        self.spend(1)?;
        Ok(Kept::text(text))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut elements: A) -> Result<Kept, A::Error> {
        self.spend(1)?;
        let inside = self.inside()?;
        let mut list = Vec::new();
        while let Some(element) = elements.next_element_seed(inside())? {
            list.push(element);
        }
        Ok(Kept::List(list))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<Kept, A::Error> {
        self.spend(OBJECT_WEIGHT)?;
        let inside = self.inside()?;
        let mut fields = BTreeMap::new();
        while let Some(name) = members.next_key::<String>()? {
            let value = members.next_value_seed(inside())?;
            if fields.insert(name, value).is_some() {
                return Err(A::Error::custom("a name stands twice in an object"));
            }
        }
        Ok(Kept::Object(Fields(fields)))
    }
}

impl<'de> Deserialize<'de> for Fields {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let left = Cell::new(VALUES_LIMIT);
        match (Value { level: 1, left: &left }).deserialize(deserializer)? {
            Kept::Object(fields) => Ok(fields),
            _ => Err(D::Error::custom("expected an object")),
        }
    }
}

impl Serialize for Fields {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(self.0.len()))?;
        for (name, value) in &self.0 {
            map.serialize_entry(name, value)?;
        }
        map.end()
    }
}

impl Serialize for Kept {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Boolean(value) => serializer.serialize_bool(*value),
            Self::Integer(value) => serializer.serialize_u64(*value),
            Self::Text(text) => serializer.serialize_str(text.reveal()),
            Self::List(list) => {
                let mut elements = serializer.serialize_seq(Some(list.len()))?;
                for element in list {
                    elements.serialize_element(element)?;
                }
                elements.end()
            }
            Self::Object(fields) => fields.serialize(serializer),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::canonical;

    #[test]
    fn what_was_read_is_written_in_the_canonical_form() {
        let fields =
            Fields::parse(b" {\"b\": [1, true, \"\\u00e9\"], \"a\": {\"z\": \"\", \"y\": 9007199254740991}} ").unwrap();
        let expected = br#"{"a":{"y":9007199254740991,"z":""},"b":[1,true,"\u00e9"]}"#;
        assert_eq!(canonical::bytes(&fields), expected);
        assert_eq!(canonical::bytes(&fields.duplicate()), expected);
    }

    #[test]
    fn a_short_text_of_very_many_values_is_refused() {
        let object = |list: String| format!("{{\"a\":[{list}]}}");
        // The outer object counts 8, its list 1.
        let most = |weight| (VALUES_LIMIT - OBJECT_WEIGHT - 1) / weight;
        let fits = object(vec!["0"; most(1)].join(","));
        assert_eq!(Fields::parse(fits.as_bytes()).unwrap().weight(), VALUES_LIMIT);
        assert!(Fields::parse(object(vec!["0"; most(1) + 1].join(",")).as_bytes()).is_err());
        assert!(Fields::parse(object(vec!["{}"; most(OBJECT_WEIGHT) + 1].join(",")).as_bytes()).is_err());
    }

    #[test]
    fn what_this_format_has_not_is_refused() {
        let deep = |levels: usize| format!("{{\"a\":{}{}}}", "[".repeat(levels - 1), "]".repeat(levels - 1));
        assert!(Fields::parse(deep(16).as_bytes()).is_ok());
        for wrong in [
            "{\"a\":1,\"a\":1}",
            "{\"a\":null}",
            "{\"a\":1.0}",
            "{\"a\":1e2}",
            "{\"a\":-0}",
            "{\"a\":-1}",
            "{\"a\":01}",
            "{\"a\":9007199254740992}",
            "{\"a\":99999999999999999999999}",
            "{\"a\":\"\\ud800\"}",
            "{\"a\":1}x",
            "[1]",
            "1",
            "",
            deep(17).as_str(),
            &"[".repeat(100_000),
        ] {
            assert!(Fields::parse(wrong.as_bytes()).is_err(), "{}", wrong.chars().take(40).collect::<String>());
        }
    }
}
