//! A JSON object as it stood in a box: known and unknown members alike, every text of it secret.
//! Read strictly (`docs/format.md`, section 2) and written in the canonical form.

use std::borrow::Cow;
use std::cell::Cell;
use std::fmt;

use serde::de::{DeserializeSeed, Error, MapAccess, SeqAccess, Visitor};
use serde::ser::{SerializeMap, SerializeSeq};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::domain::secret::SecretText;

/// The deepest nesting of any JSON of this format; the outermost object is level 1.
pub const NESTING_LIMIT: usize = 16;
/// The most that the values of one box may weigh together (`docs/format.md`, section 14): a few bytes of text must not cost much
/// memory. A number, a truth value and a list weigh 1, a text [`TEXT_WEIGHT`], an object [`OBJECT_WEIGHT`] and 1 more for each name.
pub const VALUES_LIMIT: usize = 8 << 20;
pub const TEXT_WEIGHT: usize = 2;
pub const OBJECT_WEIGHT: usize = 8;
/// The most members of an object.
pub const MEMBERS_LIMIT: usize = 1024;
/// The most elements of a list that is not a member of the outermost object.
pub const LIST_LIMIT: usize = 1 << 16;
/// The largest integer: 2^53 - 1.
const INTEGER_LIMIT: u64 = (1 << 53) - 1;

/// An object. Names are sorted, as the canonical form wants them; a list and no tree, so that a short object takes the memory of
/// what is in it.
#[derive(Debug, Default)]
pub struct Fields(Vec<(FieldName, Kept)>);

/// The name of a member. Those that this format knows need no memory of their own.
type FieldName = Cow<'static, str>;

/// The name of this format's records and items that a text is.
macro_rules! known {
    ($($name:literal)+) => {
        fn known(text: &str) -> Option<&'static str> {
            match text {
                $($name => Some($name),)+
                _ => None,
            }
        }
    };
}

known!(
    "account" "address" "backup_id" "chain" "chain_code" "changed" "code" "codes" "collection" "created" "expires" "id" "item"
    "key_id" "key_type" "kind" "login" "name" "note" "organization" "origin" "owners" "path" "private_key" "public_key" "record"
    "retired" "saved" "service" "set" "sets" "shares" "used" "user" "value"
);

fn name(text: &str) -> FieldName {
    known(text).map_or_else(|| Cow::Owned(text.to_owned()), Cow::Borrowed)
}

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
        let scale = Scale::new(VALUES_LIMIT);
        match (Reader { level: 1, scale: &scale, keeps: true }).whole(json)? {
            Kept::Object(fields) => Ok(fields),
            _ => Err(serde_json::Error::custom("expected an object")),
        }
    }

    /// Reads a value that stands in a list of the outermost object, of which it is known what it weighs.
    pub(super) fn element(json: &[u8]) -> Result<Kept, serde_json::Error> {
        Reader { level: 3, scale: &Scale::new(usize::MAX), keeps: true }.whole(json)
    }

    /// The same of the value of a member of the outermost object.
    pub(super) fn member(json: &[u8]) -> Result<Kept, serde_json::Error> {
        Reader { level: 2, scale: &Scale::new(usize::MAX), keeps: true }.whole(json)
    }

    #[must_use]
    pub fn with(mut self, name: &str, value: Kept) -> Self {
        self.set(name, value);
        self
    }

    #[must_use]
    pub fn with_text(self, name: &str, text: &str) -> Self {
        self.with(name, Kept::text(text))
    }

    pub fn set(&mut self, name: &str, value: Kept) {
        match self.place(name) {
            Ok(place) => {
                if let Some((_, old)) = self.0.get_mut(place) {
                    *old = value;
                }
            }
            Err(place) => self.0.insert(place, (self::name(name), value)),
        }
    }

    pub fn value(&self, name: &str) -> Option<&Kept> {
        self.0.get(self.place(name).ok()?).map(|(_, value)| value)
    }

    pub fn take(&mut self, name: &str) -> Option<Kept> {
        self.place(name).ok().map(|place| self.0.remove(place).1)
    }

    /// Where a member is, or would be.
    fn place(&self, name: &str) -> Result<usize, usize> {
        self.0.binary_search_by(|(other, _)| other.as_ref().cmp(name))
    }

    pub fn text(&self, name: &str) -> Option<&str> {
        self.value(name)?.as_text()
    }

    pub fn list(&self, name: &str) -> Option<&[Kept]> {
        self.value(name)?.as_list()
    }

    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.0.iter().map(|(name, _)| name.as_ref())
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
            Self::Boolean(_) | Self::Integer(_) => 1,
            Self::Text(_) => TEXT_WEIGHT,
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
        OBJECT_WEIGHT + self.0.iter().map(|(_, value)| 1 + value.weight()).sum::<usize>()
    }

    #[must_use]
    pub fn duplicate(&self) -> Self {
        Self(self.0.iter().map(|(name, value)| (name.clone(), value.duplicate())).collect())
    }
}

/// Weighs JSON text without keeping anything of it: by the same rules, and before memory is spent on it.
///
/// # Errors
/// When it breaks the rules, or weighs more than `limit`.
pub fn weigh(json: &[u8], limit: usize) -> Result<usize, Unweighed> {
    let scale = Scale::new(limit);
    match (Reader { level: 1, scale: &scale, keeps: false }).whole(json) {
        Ok(_) => Ok(limit - scale.left.get()),
        Err(_) if scale.is_exceeded.get() => Err(Unweighed::TooMuch),
        Err(error) => Err(Unweighed::Text(error)),
    }
}

/// Why JSON text has no weight.
#[derive(Debug)]
pub enum Unweighed {
    /// It is heavier than it may be.
    TooMuch,
    /// It breaks the rules.
    Text(serde_json::Error),
}

/// How much more what is read may weigh.
struct Scale {
    left: Cell<usize>,
    is_exceeded: Cell<bool>,
}

impl Scale {
    fn new(limit: usize) -> Self {
        Self { left: Cell::new(limit), is_exceeded: Cell::new(false) }
    }
}

/// Reads a value whose outermost level is `level`, as far as the scale allows.
#[derive(Clone, Copy)]
struct Reader<'a> {
    level: usize,
    scale: &'a Scale,
    /// Otherwise it only weighs, and what it gives out is empty.
    keeps: bool,
}

impl Reader<'_> {
    fn whole(self, json: &[u8]) -> Result<Kept, serde_json::Error> {
        let mut reader = serde_json::Deserializer::from_slice(json);
        let value = self.deserialize(&mut reader)?;
        reader.end()?;
        Ok(value)
    }

    /// The reader of what is inside an object or array at this level.
    fn inside<E: Error>(self) -> Result<Self, E> {
        if self.level > NESTING_LIMIT {
            return Err(E::custom(format_args!("nested deeper than {NESTING_LIMIT}")));
        }
        Ok(Self { level: self.level + 1, ..self })
    }

    fn spend<E: Error>(self, weight: usize) -> Result<(), E> {
        let Some(left) = self.scale.left.get().checked_sub(weight) else {
            self.scale.is_exceeded.set(true);
            return Err(E::custom("too many values"));
        };
        self.scale.left.set(left);
        Ok(())
    }
}

impl<'de> DeserializeSeed<'de> for Reader<'_> {
    type Value = Kept;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Kept, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Reader<'_> {
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
        self.spend(TEXT_WEIGHT)?;
        Ok(if self.keeps { Kept::text(text) } else { Kept::Boolean(false) })
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut elements: A) -> Result<Kept, A::Error> {
        self.spend(1)?;
        let inside = self.inside()?;
        let limit = if self.level <= 2 { usize::MAX } else { LIST_LIMIT };
        let (mut list, mut count) = (Vec::new(), 0);
        while let Some(element) = elements.next_element_seed(inside)? {
            count += 1;
            if count > limit {
                return Err(A::Error::custom(format_args!("more than {LIST_LIMIT} elements in a list")));
            }
            if self.keeps {
                list.push(element);
            }
        }
        list.shrink_to_fit();
        Ok(Kept::List(list))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<Kept, A::Error> {
        self.spend(OBJECT_WEIGHT)?;
        let inside = self.inside()?;
        let mut fields = Vec::new();
        while let Some(MemberName(name)) = members.next_key()? {
            self.spend(1)?;
            if fields.len() == MEMBERS_LIMIT {
                return Err(A::Error::custom(format_args!("more than {MEMBERS_LIMIT} members in an object")));
            }
            fields.push((name, members.next_value_seed(inside)?));
        }
        fields.sort_unstable_by(|(one, _), (other, _)| one.cmp(other));
        if fields.windows(2).any(|pair| matches!(pair, [(one, _), (other, _)] if one == other)) {
            return Err(A::Error::custom("a name stands twice in an object"));
        }
        fields.shrink_to_fit();
        Ok(Kept::Object(Fields(fields)))
    }
}

/// A name as it is read.
struct MemberName(FieldName);

impl<'de> Deserialize<'de> for MemberName {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Text;
        impl Visitor<'_> for Text {
            type Value = MemberName;

            fn expecting(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
                out.write_str("a name")
            }

            fn visit_str<E: Error>(self, text: &str) -> Result<MemberName, E> {
                Ok(MemberName(name(text)))
            }
        }
        deserializer.deserialize_str(Text)
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
    fn a_short_text_of_very_many_values_is_refused_before_any_of_them_is_kept() {
        let object = |list: &[&str]| format!("{{\"a\":[{}]}}", list.join(","));
        // The outer object weighs 8 and 1 for its name, its list 1.
        let most = |weight| (VALUES_LIMIT - OBJECT_WEIGHT - 2) / weight;
        let fits = object(&vec!["0"; most(1)]);
        assert_eq!(weigh(fits.as_bytes(), VALUES_LIMIT).unwrap(), VALUES_LIMIT);
        assert_eq!(Fields::parse(fits.as_bytes()).unwrap().weight(), VALUES_LIMIT);
        for (element, weight) in
            [("0", 1), ("[]", 1), ("\"\"", TEXT_WEIGHT), ("{}", OBJECT_WEIGHT), ("{\"b\":0}", OBJECT_WEIGHT + 2)]
        {
            let one_more = object(&vec![element; most(weight) + 1]);
            assert!(weigh(one_more.as_bytes(), VALUES_LIMIT).is_err(), "{element}");
            assert!(Fields::parse(one_more.as_bytes()).is_err(), "{element}");
        }
    }

    #[test]
    fn what_is_weighed_weighs_what_is_kept() {
        let json = br#"{"a":[1,true,"x",[]],"b":{"c":{},"d":"y"},"name":""}"#;
        assert_eq!(weigh(json, VALUES_LIMIT).unwrap(), Fields::parse(json).unwrap().weight());
        assert_eq!(weigh(json, 50).unwrap(), 8 + 1 + (1 + 1 + 1 + 2 + 1) + 1 + (8 + 1 + 8 + 1 + 2) + 1 + 2);
    }

    #[test]
    fn objects_and_inner_lists_have_a_most() {
        let members = |count| (0..count).map(|n| format!("\"{n}\":0")).collect::<Vec<_>>().join(",");
        let list = |count| format!("{{\"a\":{{\"b\":[{}]}}}}", vec!["0"; count].join(","));
        for (json, is_allowed) in [
            (format!("{{{}}}", members(MEMBERS_LIMIT)), true),
            (format!("{{{}}}", members(MEMBERS_LIMIT + 1)), false),
            (list(LIST_LIMIT), true),
            (list(LIST_LIMIT + 1), false),
            (format!("{{\"a\":[{}]}}", vec!["0"; LIST_LIMIT + 1].join(",")), true),
        ] {
            assert_eq!(Fields::parse(json.as_bytes()).is_ok(), is_allowed);
            assert_eq!(weigh(json.as_bytes(), VALUES_LIMIT).is_ok(), is_allowed);
        }
    }

    #[test]
    fn names_of_the_format_take_no_memory() {
        assert!(matches!(name("private_key"), Cow::Borrowed("private_key")));
        assert!(matches!(name("colour"), Cow::Owned(_)));
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
            if wrong.starts_with('{') || wrong.is_empty() {
                assert!(
                    weigh(wrong.as_bytes(), VALUES_LIMIT).is_err(),
                    "{}",
                    wrong.chars().take(40).collect::<String>()
                );
            }
        }
    }
}
