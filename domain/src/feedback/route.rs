//! Finding who answers a report, and saying why.

use super::{Categories, Category, Responsible, Rule, RuleId, Rules, Urgency, legal, words::Said};
use crate::{
    directory::{AgencyCode, AgencyTree},
    territory::CommuneCode,
};

/// What decides about who answers a report.
#[derive(Clone, Copy, Debug)]
pub struct Subject<'s> {
    /// What it is about.
    pub category: &'s Category,
    /// The commune it lies in.
    pub commune: Option<CommuneCode>,
    /// Whether it lies on the map, and in no commune of the province.
    pub outside: bool,
    /// What its reporter says.
    pub text: &'s str,
    /// Whether it is reported for a business.
    pub business: bool,
}

/// Why a rule did not count.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Miss {
    /// It is switched off.
    Inactive,
    /// The report is of another category.
    Category,
    /// It lies elsewhere, or nobody knows where.
    Commune,
    /// It does not say any of the phrases.
    Words,
    /// It is, or is not, for a business.
    Business,
    /// There is no such agency any more, or no commune whose agency it could be.
    Agency,
}

impl Miss {
    /// The name on the wire.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Inactive => "inactive",
            Self::Category => "category",
            Self::Commune => "commune",
            Self::Words => "words",
            Self::Business => "business",
            Self::Agency => "agency",
        }
    }
}

/// What became of one rule.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tried {
    /// The rule.
    pub rule: Rule,
    /// Why it did not count; nothing where it fits.
    pub misses: Vec<Miss>,
    /// The phrase by which it fits.
    pub phrase: Option<String>,
}

/// Why an agency answers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Because {
    /// By this rule.
    Rule(RuleId),
    /// By its category.
    Category,
    /// The category names no agency that is there: the fallback desk.
    Nobody,
    /// It lies outside the province, and no commune was named: the fallback desk.
    Outside,
}

/// Who answers, and why.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Route {
    /// Who answers.
    pub agency: AgencyCode,
    /// Why.
    pub because: Because,
    /// How pressing it is, where the rule that decided says so.
    pub urgency: Option<Urgency>,
    /// The rules that were tried, in order, up to the one that decided.
    pub tried: Vec<Tried>,
}

impl Rules {
    /// Who answers `subject`: the first rule that fits, or else its category, or else the fallback
    /// desk. What asks by its words for a statutory way is taken as what is of the category of that
    /// way: those whom it may be about must not get it.
    #[must_use]
    pub fn route(
        &self,
        categories: &Categories,
        agencies: &AgencyTree,
        subject: Subject<'_>,
    ) -> Route {
        let mut tried = Vec::new();
        if subject.outside && subject.commune.is_none() {
            return Route::desk(Because::Outside, tried);
        }
        let category = by_words(categories, subject).unwrap_or(subject.category);
        let subject = Subject { category, ..subject };
        let mut said = None;
        for rule in self.in_order() {
            let said = said.get_or_insert_with(|| Said::of(subject.text));
            let (result, agency) = rule.tried(said, categories, agencies, subject);
            let fits = result.misses.is_empty();
            tried.push(result);
            if let Some(agency) = agency.filter(|_| fits) {
                let (because, urgency) = (Because::Rule(rule.id), rule.text.urgency);
                return Route { agency, because, urgency, tried };
            }
        }
        match known(&subject.category.responsible, agencies, subject.commune) {
            Some(agency) => Route { agency, because: Because::Category, urgency: None, tried },
            None => Route::desk(Because::Nobody, tried),
        }
    }
}

/// The category of the statutory way that `subject` asks for by its words alone.
fn by_words<'c>(categories: &'c Categories, subject: Subject<'_>) -> Option<&'c Category> {
    if subject.category.legal_track.is_some() {
        return None;
    }
    let track = legal::legal_track(subject.text)?;
    categories.find(track.category()).map(|category| &**category)
}

impl Route {
    /// To the fallback desk.
    fn desk(because: Because, tried: Vec<Tried>) -> Self {
        Self { agency: AgencyCode::desk(), because, urgency: None, tried }
    }
}

/// The agency that `responsible` names for something in `commune`, if there is such an agency.
fn known(
    responsible: &Responsible,
    agencies: &AgencyTree,
    commune: Option<CommuneCode>,
) -> Option<AgencyCode> {
    if matches!(responsible, Responsible::Commune) && commune.is_none() {
        return None;
    }
    let agency = responsible.agency(commune);
    agencies.find(&agency).map(|agency| agency.code.clone())
}

impl Rule {
    fn tried(
        &self,
        said: &Said,
        categories: &Categories,
        agencies: &AgencyTree,
        subject: Subject<'_>,
    ) -> (Tried, Option<AgencyCode>) {
        let terms = &self.text.terms;
        let agency = known(&self.text.agency, agencies, subject.commune);
        let phrase = terms.words.iter().find(|phrase| said.says(phrase)).cloned();
        let category = terms.categories.is_empty()
            || is_within(categories, &subject.category.code, &terms.categories);
        let commune = terms.communes.is_empty()
            || subject.commune.is_some_and(|commune| terms.communes.contains(&commune));
        let holds = [
            (Miss::Inactive, self.text.active),
            (Miss::Category, category),
            (Miss::Commune, commune),
            (Miss::Words, terms.words.is_empty() || phrase.is_some()),
            (Miss::Business, terms.business.is_none_or(|business| business == subject.business)),
            (Miss::Agency, agency.is_some()),
        ];
        let misses = holds.into_iter().filter(|(_, holds)| !holds).map(|(miss, _)| miss).collect();
        (Tried { rule: self.clone(), misses, phrase }, agency)
    }
}

/// Whether the category `code` is one of `groups`, or belongs to one.
fn is_within(categories: &Categories, code: &str, groups: &[String]) -> bool {
    let mut next = categories.find(code);
    while let Some(category) = next {
        if groups.contains(&category.code) {
            return true;
        }
        next = category.parent.as_ref().and_then(|parent| categories.find(parent));
    }
    false
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use rstest::rstest;

    use super::*;
    use crate::{
        directory::shipped_agencies,
        feedback::{RuleText, Terms},
        territory::Commune,
    };

    fn categories() -> Categories {
        Categories::read(include_str!("../../../data/feedback-categories.json")).unwrap()
    }

    fn agencies() -> AgencyTree {
        let none: [Commune; 0] = [];
        AgencyTree::new(shipped_agencies(&none), Vec::new())
    }

    fn rule(number: u128, place: i64, terms: Terms, agency: &str) -> Rule {
        let agency: AgencyCode = agency.parse().unwrap();
        Rule {
            id: uuid::Uuid::from_u128(number).into(),
            version: 1,
            place,
            text: RuleText {
                name: String::new(),
                terms,
                agency: agency.into(),
                urgency: None,
                active: true,
            },
        }
    }

    fn routed(rules: Vec<Rule>, category: &str, text: &str) -> Route {
        let categories = categories();
        let subject = Subject {
            category: categories.find(category).unwrap(),
            commune: "05443".parse().ok(),
            outside: false,
            text,
            business: false,
        };
        Rules::new(rules).route(&categories, &agencies(), subject)
    }

    #[test]
    fn the_first_rule_that_fits_decides() {
        let words = Terms { words: vec!["xe tải".to_owned()], ..Terms::default() };
        let group = Terms { categories: vec!["road".to_owned()], ..Terms::default() };
        let rules = vec![
            rule(1, 20, group, "province"),
            rule(2, 10, words, "police"),
            rule(3, 30, Terms::default(), "fire"),
        ];
        let route = routed(rules.clone(), "road.parking", "Xe tải đỗ kín đường");
        assert_eq!(route.agency.as_str(), "police");
        assert_eq!(route.tried[0].phrase.as_deref(), Some("xe tải"));
        let route = routed(rules.clone(), "road.parking", "Đỗ kín đường");
        assert_eq!(route.agency.as_str(), "province");
        assert_eq!(route.tried[0].misses, [Miss::Words]);
        let route = routed(rules, "waste.dumping", "Đỗ kín đường");
        assert_eq!((route.agency.as_str(), route.tried.len()), ("fire", 3));
    }

    #[rstest]
    #[case(Terms { communes: vec!["01840".parse().unwrap()], ..Terms::default() }, Miss::Commune)]
    #[case(Terms { business: Some(true), ..Terms::default() }, Miss::Business)]
    #[case(Terms { categories: vec!["waste".to_owned()], ..Terms::default() }, Miss::Category)]
    fn what_did_not_fit_is_told(#[case] terms: Terms, #[case] miss: Miss) {
        let route = routed(vec![rule(1, 1, terms, "fire")], "security.disorder", "Ồn");
        assert_eq!((route.agency.as_str(), route.because), ("police", Because::Category));
        assert_eq!(route.tried[0].misses, [miss]);
    }

    #[rstest]
    #[case("other", "Tôi tố cáo cán bộ nhận tiền", "province")]
    #[case("land.misuse", "Tôi khiếu nại quyết định thu hồi đất", "province")]
    #[case("legal.complaint", "Tôi tố cáo cán bộ nhận tiền", "province")]
    fn whoever_is_accused_does_not_get_it(
        #[case] category: &str,
        #[case] text: &str,
        #[case] agency: &str,
    ) {
        let everything = Terms { categories: vec![category.to_owned()], ..Terms::default() };
        let rules = vec![rule(1, 1, everything, "fire")];
        let expected = if category.starts_with("legal") { "fire" } else { agency };
        assert_eq!(routed(rules, category, text).agency.as_str(), expected);
        assert_eq!(routed(Vec::new(), category, text).agency.as_str(), agency);
    }

    #[test]
    fn a_rule_for_an_agency_that_is_gone_is_passed_over() {
        let gone = rule(1, 1, Terms::default(), "gone");
        let route = routed(vec![gone], "road.pothole", "Ổ gà");
        assert_eq!(route.tried[0].misses, [Miss::Agency]);
        assert_eq!((route.agency.as_str(), route.because), ("desk", Because::Nobody));
    }

    proptest! {
        /// Whatever the rules are, the one that decides fits, none before it does, and the agency
        /// is there.
        #[test]
        fn what_decides_is_the_first_that_fits(
            rules in proptest::collection::vec((0_i64..5, 0_usize..4, any::<bool>()), 0..12),
        ) {
            let terms = [
                Terms::default(),
                Terms { words: vec!["ổ gà".to_owned()], ..Terms::default() },
                Terms { business: Some(true), ..Terms::default() },
                Terms { categories: vec!["waste".to_owned()], ..Terms::default() },
            ];
            let rules: Vec<_> = rules.iter().enumerate().map(|(number, &(place, kind, here))| {
                let agency = if here { "fire" } else { "gone" };
                rule(u128::try_from(number).unwrap(), place, terms[kind].clone(), agency)
            }).collect();
            let route = routed(rules, "road.pothole", "Ổ gà lớn");
            prop_assert!(agencies().find(&route.agency).is_some());
            let fitting = route.tried.iter().position(|tried| tried.misses.is_empty());
            if let Because::Rule(id) = route.because {
                let last = route.tried.len() - 1;
                prop_assert_eq!(fitting, Some(last));
                prop_assert_eq!(route.tried[last].rule.id, id);
            } else {
                prop_assert_eq!(fitting, None);
            }
            prop_assert!(route.tried.is_sorted_by_key(|tried| tried.rule.place));
        }
    }
}
