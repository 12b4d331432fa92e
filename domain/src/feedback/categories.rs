//! The tree of categories, as the file of open data states it.

use std::{collections::BTreeMap, sync::Arc};

use serde::Deserialize;

use super::{
    Allowance, Attribute, Category, Datatype, LegalTrack, Name, Responsible, Urgency, Visibility,
};

/// A category as the file states it: what is left out is as in its group.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Entry {
    code: String,
    parent: Option<String>,
    #[serde(default = "first_version")]
    version: u32,
    name: Name,
    notice: Option<Name>,
    #[serde(default = "yes")]
    selectable: bool,
    urgency: Option<Urgency>,
    #[serde(default)]
    photo_required: bool,
    #[serde(default)]
    after_photo_required: bool,
    #[serde(default)]
    attributes: Vec<Attribute>,
    agency: Option<Responsible>,
    deadline: Option<Allowance>,
    #[serde(default)]
    sealed: bool,
    #[serde(default)]
    blurred: bool,
    legal_track: Option<LegalTrack>,
}

const fn first_version() -> u32 {
    1
}

const fn yes() -> bool {
    true
}

/// The file of categories.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    #[serde(rename = "about")]
    _about: String,
    categories: Vec<Entry>,
}

/// Every category there is, groups before what they hold.
#[derive(Clone, Debug, Default)]
pub struct Categories {
    in_order: Vec<Arc<Category>>,
    by_code: BTreeMap<String, Arc<Category>>,
}

/// The file of categories cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum CategoriesError {
    /// It is no JSON of the expected shape.
    #[error("the categories cannot be read: {0}")]
    Unreadable(#[from] serde_json::Error),
    /// One category contradicts itself or another.
    #[error("category {code}: {fault}")]
    Fault {
        /// Which one.
        code: String,
        /// What is wrong with it.
        fault: &'static str,
    },
}

impl Categories {
    /// Reads the file of categories (`data/feedback-categories.json`).
    ///
    /// # Errors
    /// [`CategoriesError`] when it is no such file, or a category names no group before it, has a
    /// code twice, leaves agency or deadline open, or lists values its type cannot have.
    pub fn read(json: &str) -> Result<Self, CategoriesError> {
        let file: File = serde_json::from_str(json)?;
        let mut categories = Self::default();
        for entry in file.categories {
            let code = entry.code.clone();
            categories.add(entry).map_err(|fault| CategoriesError::Fault { code, fault })?;
        }
        Ok(categories)
    }

    fn add(&mut self, entry: Entry) -> Result<(), &'static str> {
        let group = match &entry.parent {
            Some(parent) => Some(self.find(parent).ok_or("its group does not stand before it")?),
            None => None,
        };
        for attribute in &entry.attributes {
            let list =
                matches!(attribute.datatype, Datatype::SingleValueList | Datatype::MultiValueList);
            if list == attribute.values.is_empty() {
                return Err("values belong to the two list types, and only there");
            }
        }
        let category = Category {
            urgency: entry.urgency.or(group.map(|group| group.urgency)).unwrap_or_default(),
            responsible: (entry.agency)
                .or_else(|| group.map(|group| group.responsible.clone()))
                .ok_or("neither it nor its group says which agency answers")?,
            deadline: (entry.deadline)
                .or(group.map(|group| group.deadline))
                .ok_or("neither it nor its group says by when")?,
            visibility: if entry.sealed || entry.legal_track.is_some() {
                Visibility::Sealed
            } else {
                Visibility::Hidden
            },
            code: entry.code,
            parent: entry.parent,
            version: entry.version,
            name: entry.name,
            notice: entry.notice,
            selectable: entry.selectable,
            photo_required: entry.photo_required,
            after_photo_required: entry.after_photo_required,
            attributes: entry.attributes,
            blurred: entry.blurred,
            legal_track: entry.legal_track,
        };
        let category = Arc::new(category);
        if self.by_code.insert(category.code.clone(), Arc::clone(&category)).is_some() {
            return Err("its code is taken");
        }
        self.in_order.push(category);
        Ok(())
    }

    /// The category with this code.
    #[must_use]
    pub fn find(&self, code: &str) -> Option<&Arc<Category>> {
        self.by_code.get(code)
    }

    /// Every category, in the order of the file.
    pub fn iter(&self) -> impl Iterator<Item = &Arc<Category>> {
        self.in_order.iter()
    }

    /// The codes of the category `code` and of everything it holds; empty where there is none.
    #[must_use]
    pub fn within(&self, code: &str) -> Vec<String> {
        let mut within: Vec<String> = Vec::new();
        for category in &self.in_order {
            let held = category.parent.as_ref().is_some_and(|parent| within.contains(parent));
            if held || category.code == code {
                within.push(category.code.clone());
            }
        }
        within
    }
}

#[cfg(test)]
mod tests {
    use rstest::rstest;
    use serde_json::{Value, json};

    use super::*;

    fn group() -> Value {
        json!({
            "code": "road", "name": { "vi": "Đường", "en": "Roads" }, "selectable": false,
            "agency": "commune", "deadline": { "working_days": 7 },
        })
    }

    fn read(entries: &[Value]) -> Result<Categories, CategoriesError> {
        Categories::read(&json!({ "about": "A test.", "categories": entries }).to_string())
    }

    fn pothole(more: Value) -> Value {
        let mut entry = json!({ "code": "road.hole", "parent": "road", "name": { "vi": "Ổ gà", "en": "Hole" } });
        if let (Value::Object(entry), Value::Object(more)) = (&mut entry, more) {
            entry.extend(more);
        }
        entry
    }

    #[test]
    fn what_is_left_out_is_as_in_the_group() {
        let categories =
            read(&[group(), pothole(json!({ "urgency": "high", "agency": "police" }))]).unwrap();
        let hole = categories.find("road.hole").unwrap();
        assert_eq!(hole.deadline, Allowance::WorkingDays(7));
        assert_eq!(hole.responsible.to_string(), "police");
        assert_eq!(hole.urgency, Urgency::High);
        assert_eq!(categories.within("road"), ["road", "road.hole"]);
        assert_eq!(categories.within("river"), Vec::<String>::new());
    }

    #[test]
    fn what_the_law_gives_a_way_of_its_own_is_sealed() {
        let categories =
            read(&[group(), pothole(json!({ "legal_track": "denunciation" }))]).unwrap();
        assert_eq!(categories.find("road.hole").unwrap().visibility, Visibility::Sealed);
    }

    #[rstest]
    #[case::no_group(&[pothole(json!({}))])]
    #[case::twice(&[group(), pothole(json!({})), pothole(json!({}))])]
    #[case::unknown_field(&[group(), pothole(json!({ "colour": "red" }))])]
    #[case::no_deadline(&[json!({ "code": "x", "name": { "vi": "x", "en": "x" }, "agency": "desk" })])]
    #[case::values_missing(&[group(), pothole(json!({ "attributes": [
        { "code": "a", "name": { "vi": "a", "en": "a" }, "datatype": "singlevaluelist" }
    ] }))])]
    fn a_contradiction_is_refused(#[case] entries: &[Value]) {
        assert!(read(entries).is_err());
    }
}
