//! The tree of categories: as the file of open data states it, and as administrators changed it.

use std::{
    collections::{BTreeMap, btree_map::Entry},
    sync::Arc,
};

use serde::Deserialize;
use serde_json::{Map, Value};

use super::{Answers, Category, Edition, Fault, Flaw, FlawKind, attribute};

/// The file of categories.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    #[serde(rename = "about")]
    _about: String,
    categories: Vec<Edition>,
}

/// Every category there is, groups before what they hold, each with all its editions.
#[derive(Clone, Debug, Default)]
pub struct Categories {
    in_order: Vec<Arc<Category>>,
    by_code: BTreeMap<String, Arc<Category>>,
    /// All editions, in the order in which they came; of one category by their version.
    editions: Vec<Arc<Edition>>,
}

/// What was answered to an edition of a category.
pub(super) struct Answered {
    pub(super) answers: Answers,
    /// The edition.
    pub(super) version: u32,
    /// Whether it wants a photo.
    pub(super) photo_required: bool,
}

/// The categories cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum CategoriesError {
    /// They are no JSON of the expected shape.
    #[error("the categories cannot be read: {0}")]
    Unreadable(#[from] serde_json::Error),
    /// One category contradicts itself or another.
    #[error("category {code}: {fault}")]
    Fault {
        /// Which one.
        code: String,
        /// What is wrong with it.
        fault: Fault,
    },
}

impl Categories {
    /// Reads the file of categories (`data/feedback-categories.json`).
    ///
    /// # Errors
    /// [`CategoriesError`] when it is no such file, or a category belongs to no group that is there,
    /// has a code twice, leaves agency or deadline open, or lists values its type cannot have.
    pub fn read(json: &str) -> Result<Self, CategoriesError> {
        let file: File = serde_json::from_str(json)?;
        Self::default().with(file.categories)
    }

    /// These, and what `editions` make of them. Of one category the latest edition counts.
    ///
    /// # Errors
    /// [`CategoriesError::Fault`] when they do not fit together.
    pub fn with(
        &self,
        editions: impl IntoIterator<Item = Edition>,
    ) -> Result<Self, CategoriesError> {
        let mut all = self.editions.clone();
        for edition in editions {
            edition.check().map_err(|fault| edition.fault(fault))?;
            if all.iter().any(|known| known.is_same(&edition)) {
                return Err(edition.fault(Fault::CodeTaken));
            }
            all.push(Arc::new(edition));
        }
        Self::built(all)
    }

    fn built(editions: Vec<Arc<Edition>>) -> Result<Self, CategoriesError> {
        let mut latest: BTreeMap<&str, &Arc<Edition>> = BTreeMap::new();
        let mut order: Vec<&str> = Vec::new();
        for edition in &editions {
            match latest.entry(&edition.code) {
                Entry::Vacant(place) => {
                    place.insert(edition);
                    order.push(&edition.code);
                }
                Entry::Occupied(mut place) if place.get().version < edition.version => {
                    place.insert(edition);
                }
                Entry::Occupied(_) => {}
            }
        }
        let current: Vec<&Edition> =
            order.iter().filter_map(|code| latest.get(code).map(|edition| &***edition)).collect();
        let mut categories = Self::default();
        categories.add_below(None, &current)?;
        match current.iter().find(|edition| !categories.by_code.contains_key(&edition.code)) {
            Some(lost) => Err(lost.fault(Fault::NoGroup)),
            None => Ok(Self { editions, ..categories }),
        }
    }

    /// Adds what belongs to `group`, each with what it holds itself.
    fn add_below(
        &mut self,
        group: Option<&Category>,
        editions: &[&Edition],
    ) -> Result<(), CategoriesError> {
        let parent = group.map(|group| group.code.as_str());
        for edition in editions.iter().filter(|edition| edition.parent.as_deref() == parent) {
            let category = edition.below(group).map_err(|fault| edition.fault(fault))?;
            let category = Arc::new(category);
            self.by_code.insert(category.code.clone(), Arc::clone(&category));
            self.in_order.push(Arc::clone(&category));
            self.add_below(Some(&category), editions)?;
        }
        Ok(())
    }

    /// The category with this code.
    #[must_use]
    pub fn find(&self, code: &str) -> Option<&Arc<Category>> {
        self.by_code.get(code)
    }

    /// Every category, groups before what they hold.
    pub fn iter(&self) -> impl Iterator<Item = &Arc<Category>> {
        self.in_order.iter()
    }

    /// The editions of the category `code`, the oldest first.
    #[must_use]
    pub fn editions(&self, code: &str) -> Vec<&Edition> {
        let of_code = self.editions.iter().filter(|edition| edition.code == code);
        let mut editions: Vec<_> = of_code.map(|edition| &**edition).collect();
        editions.sort_by_key(|edition| edition.version);
        editions
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

    /// The answers in `given` to what the edition of `category` asks that is `named`, for what was
    /// written before the questions changed, or else the current one. What does not fit is added to
    /// `flaws`.
    pub(super) fn answers(
        &self,
        category: &Category,
        named: Option<u32>,
        given: &Map<String, Value>,
        flaws: &mut Vec<Flaw>,
    ) -> Answered {
        let earlier = named.filter(|&version| version != category.version);
        let Some(version) = earlier else {
            return Answered {
                answers: attribute::answers(&category.attributes, given, flaws),
                version: category.version,
                photo_required: category.photo_required,
            };
        };
        let editions = self.editions(&category.code);
        let Some(edition) = editions.into_iter().find(|edition| edition.version == version) else {
            flaws.push(Flaw::at("category_version", FlawKind::Unknown));
            return Answered { answers: Answers::new(), version, photo_required: false };
        };
        Answered {
            answers: attribute::answers(&edition.attributes, given, flaws),
            version,
            photo_required: edition.photo_required,
        }
    }
}

#[cfg(test)]
mod tests {
    use rstest::rstest;
    use serde_json::json;

    use super::*;
    use crate::feedback::{Allowance, Urgency, Visibility};

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

    /// Of a category with two editions, the second one asking for something.
    fn twice() -> Categories {
        let asked = json!([{
            "code": "depth", "name": { "vi": "Sâu", "en": "Depth" },
            "datatype": "number", "required": true,
        }]);
        let second = pothole(json!({ "version": 2, "attributes": asked }));
        read(&[group(), pothole(json!({}))])
            .unwrap()
            .with([serde_json::from_value(second).unwrap()])
            .unwrap()
    }

    #[test]
    fn what_was_written_for_an_older_edition_still_fits() {
        let categories = twice();
        let hole = categories.find("road.hole").unwrap();
        assert_eq!((hole.version, categories.editions("road.hole").len()), (2, 2));
        let flaws = |named| {
            let mut flaws = Vec::new();
            categories.answers(hole, named, &Map::new(), &mut flaws);
            flaws.into_iter().map(|flaw| flaw.pointer).collect::<Vec<_>>()
        };
        assert_eq!(flaws(None), ["/attributes/depth"]);
        assert_eq!(flaws(Some(2)), ["/attributes/depth"]);
        assert_eq!(flaws(Some(1)), [""; 0]);
        assert_eq!(flaws(Some(3)), ["/category_version"]);
    }

    #[test]
    fn what_a_withdrawn_group_holds_is_withdrawn() {
        let closed = json!({
            "code": "road", "version": 2, "withdrawn": true, "selectable": false,
            "name": { "vi": "Đường", "en": "Roads" },
            "agency": "commune", "deadline": { "working_days": 7 },
        });
        let closed = twice().with([serde_json::from_value(closed).unwrap()]).unwrap();
        let hole = closed.find("road.hole").unwrap();
        assert!(hole.withdrawn && !hole.selectable);
    }

    #[test]
    fn a_group_that_belongs_to_what_it_holds_is_refused() {
        let turned = json!({
            "code": "road", "version": 2, "parent": "road.hole",
            "name": { "vi": "Đường", "en": "Roads" },
        });
        assert!(twice().with([serde_json::from_value(turned).unwrap()]).is_err());
    }
}
