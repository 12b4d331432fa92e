//! What can be reported.

use std::{collections::BTreeMap, sync::Arc};

use actix_web::{HttpRequest, HttpResponse, get, web::Data};
use arc_swap::ArcSwap;
use domain::feedback::{Categories, CategoriesError, Category};
use infra::{feedback::KnownSetup, snapshot::Prepared};
use serde::Serialize;

use super::category_view::{CategoriesView, CategoryDetailView, CategoryView};
use crate::{
    App,
    extract::Path,
    lookup::{self, Freshness},
    problem::{ApiError, Code},
};

/// The categories as they stand, and the bodies made from them.
pub struct CategoryShelf {
    setup: Arc<KnownSetup>,
    bodies: ArcSwap<Bodies>,
}

/// The bodies made from some categories.
struct Bodies {
    of: Arc<Categories>,
    all: Prepared,
    each: BTreeMap<String, Prepared>,
}

impl Bodies {
    fn of(categories: Arc<Categories>) -> Result<Self, serde_json::Error> {
        let mut each = BTreeMap::new();
        for category in categories.iter() {
            let editions = categories.editions(&category.code);
            let view = CategoryDetailView::new(category, editions);
            each.insert(category.code.clone(), body(&view)?);
        }
        let offered = categories.iter().filter(|category| !category.withdrawn);
        let items = offered.map(|category: &Arc<Category>| CategoryView::from(&**category));
        let all = body(&CategoriesView { items: items.collect() })?;
        Ok(Self { all, each, of: categories })
    }
}

impl CategoryShelf {
    /// The categories of `setup`.
    ///
    /// # Errors
    /// [`CategoriesError`] when no body can be made from them.
    pub fn new(setup: Arc<KnownSetup>) -> Result<Self, CategoriesError> {
        let bodies = Bodies::of(Arc::clone(&setup.current().categories))?;
        Ok(Self { setup, bodies: ArcSwap::from_pointee(bodies) })
    }

    /// The categories as they stand.
    #[must_use]
    pub fn categories(&self) -> Arc<Categories> {
        Arc::clone(&self.setup.current().categories)
    }

    /// Categories and rules, as this process knows them.
    #[must_use]
    pub const fn setup(&self) -> &Arc<KnownSetup> {
        &self.setup
    }

    /// The bodies made from the categories as they stand. After a change whoever asks first makes
    /// them.
    fn bodies(&self) -> Result<Arc<Bodies>, ApiError> {
        let (known, categories) = (self.bodies.load_full(), self.categories());
        if Arc::ptr_eq(&known.of, &categories) {
            return Ok(known);
        }
        let made = Bodies::of(categories).map_err(|_| ApiError::new(Code::Internal))?;
        self.bodies.store(Arc::new(made));
        Ok(self.bodies.load_full())
    }
}

fn body(view: &impl Serialize) -> Result<Prepared, serde_json::Error> {
    serde_json::to_vec(view).map(Prepared::new)
}

/// Everything that can be reported, as a tree: groups before what they hold.
#[utoipa::path(
    tag = "feedback",
    responses(
        (status = 200, description = "The categories", body = CategoriesView),
        (status = 304, description = "As in `If-None-Match`"),
    ),
)]
#[get("/v1/feedback-categories")]
pub(super) async fn list(app: Data<App>, request: HttpRequest) -> Result<HttpResponse, ApiError> {
    let bodies = app.feedback.bodies()?;
    Ok(lookup::send(&request, &bodies.all, Freshness::Data))
}

/// One category, with what it asks, and what it asked before.
///
/// A report that was written for an earlier edition names it in `category_version`, and is taken in
/// as it asked then. A withdrawn category is still shown: reports of it are.
#[utoipa::path(
    tag = "feedback",
    params(("code" = String, Path, description = "The code of the category")),
    responses(
        (status = 200, description = "The category", body = CategoryDetailView),
        (status = 304, description = "As in `If-None-Match`"),
        (status = 404, description = "Problem `not_found`"),
    ),
)]
#[get("/v1/feedback-categories/{code}")]
pub(super) async fn detail(
    app: Data<App>,
    request: HttpRequest,
    Path(code): Path<String>,
) -> Result<HttpResponse, ApiError> {
    let bodies = app.feedback.bodies()?;
    let prepared = bodies.each.get(&code).ok_or_else(|| ApiError::new(Code::NotFound))?;
    Ok(lookup::send(&request, prepared, Freshness::Data))
}
