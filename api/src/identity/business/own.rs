//! What the caller is to businesses, as it goes into their archive.

use chrono::{DateTime, Utc};
use domain::identity::business::{ApiKey, Business, Member};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use super::{account::BusinessView, keys::KeyView};

/// A business that the person acts for.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct MembershipView {
    #[serde(flatten)]
    business: BusinessView,
    /// Since when they act for it.
    since: DateTime<Utc>,
    /// Whether they registered it.
    registered: bool,
}

impl From<(Business, Member)> for MembershipView {
    fn from((business, member): (Business, Member)) -> Self {
        Self {
            since: member.since,
            registered: business.registered_by == Some(member.citizen),
            business: BusinessView::new(business, Some(member.role)),
        }
    }
}

/// A key that the person made, without what proves it.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct OwnKeyView {
    /// The id of the business that it is for.
    business_id: Uuid,
    #[serde(flatten)]
    key: KeyView,
}

impl From<ApiKey> for OwnKeyView {
    fn from(key: ApiKey) -> Self {
        Self { business_id: key.business.uuid(), key: key.into() }
    }
}
