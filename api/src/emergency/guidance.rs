//! What every answer to a caller carries, whatever was asked.

use domain::{
    Moment,
    emergency::{self, CallerProof, Emergency, EmergencyId, FollowError, Standing},
};
use serde::Serialize;
use utoipa::ToSchema;

use super::advice;
use crate::{App, problem::Language};

/// Whether somebody is there, and what to do.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub(super) struct GuidanceView {
    /// Whether somebody is on duty who sees this call.
    pub(super) staffed: bool,
    /// What to do, the most important first, with the numbers to dial.
    pub(super) advice: Vec<String>,
}

impl GuidanceView {
    /// For the caller of `leading`, which stands so in the queue.
    pub(super) fn of(
        leading: &Emergency,
        standing: Option<&Standing>,
        app: &App,
        now: &Moment,
        language: Language,
    ) -> Self {
        let staffed = app.staffing.covers(&app.agencies.tree(), &leading.agency, now.at);
        let mut advice = emergency::advice(Some(leading), staffed, now.at);
        let numbers = advice.pop();
        advice.extend(standing.and_then(Standing::advice).into_iter().chain(numbers));
        Self { staffed, advice: advice::lines(&advice, language) }
    }

    /// For whoever shows to be the caller of an emergency.
    ///
    /// # Errors
    /// [`FollowError::NotFound`] when they do not.
    pub(super) async fn of_caller(
        app: &App,
        whose: (EmergencyId, CallerProof),
        language: Language,
    ) -> Result<Self, FollowError> {
        let case = app.cases.find(&app.database, whose).await?;
        Ok(Self::now(case.leading(), app, language))
    }

    /// For the caller of `leading`, as it stands at this moment.
    pub(super) fn now(leading: &Emergency, app: &App, language: Language) -> Self {
        let now = app.now();
        let standing = app.overload.standing(leading, now.at);
        Self::of(leading, standing.as_ref(), app, &now, language)
    }
}
