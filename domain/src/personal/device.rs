//! The devices on which a person can be woken.

use std::{fmt, str::FromStr};

use chrono::{DateTime, Utc};

use super::{ConsentLedger, ConsentPurpose, PersonalError, owner, record::agreed};
use crate::{
    Id, Moment, StoreError,
    identity::{Citizen, CitizenId, CitizenRepository, DeviceName},
};

/// The id of a device, which may be its own choice.
pub type DeviceId = Id<Device>;

/// What a device runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Platform {
    /// Android.
    Android,
    /// iOS.
    Ios,
    /// A browser.
    Web,
}

impl Platform {
    const ALL: [Self; 3] = [Self::Android, Self::Ios, Self::Web];

    /// The name on the wire and in the store.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Android => "android",
            Self::Ios => "ios",
            Self::Web => "web",
        }
    }
}

impl fmt::Display for Platform {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.as_str())
    }
}

impl FromStr for Platform {
    type Err = UnknownPlatform;

    fn from_str(text: &str) -> Result<Self, UnknownPlatform> {
        Self::ALL.into_iter().find(|platform| platform.as_str() == text).ok_or(UnknownPlatform)
    }
}

/// There is no such platform.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("no such platform")]
pub struct UnknownPlatform;

/// By what a device is woken: a secret of whoever gave it out.
#[derive(Clone, PartialEq, Eq)]
pub struct PushToken(String);

impl PushToken {
    /// The longest token, in bytes.
    const LONGEST: usize = 4_096;

    /// The token in `text`, if it can be one: printable ASCII.
    #[must_use]
    pub fn read(text: &str) -> Option<Self> {
        let fits = (1..=Self::LONGEST).contains(&text.len())
            && text.bytes().all(|byte| byte.is_ascii_graphic());
        fits.then(|| Self(text.to_owned()))
    }

    /// The token itself, for the gateway alone.
    #[must_use]
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for PushToken {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("PushToken(..)")
    }
}

/// A device of a person.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Device {
    /// Its id.
    pub id: DeviceId,
    /// Whose it is.
    pub citizen: CitizenId,
    /// What it runs.
    pub platform: Platform,
    /// What it calls itself.
    pub name: Option<DeviceName>,
    /// By what it is woken; absent where it is not to be.
    pub push_token: Option<PushToken>,
    /// When it was first told of.
    pub registered_at: DateTime<Utc>,
    /// When it was last told of.
    pub seen_at: DateTime<Utc>,
}

impl Device {
    /// The most devices of one person: those not told of for longest fall away.
    pub const MOST: usize = 20;
}

/// Where devices are kept.
pub trait DeviceRepository {
    /// Keeps `device`, in place of what was known of it, and takes its token from any other: a
    /// token wakes one device. `false`, and nothing is changed, when the id is somebody else's.
    ///
    /// # Errors
    /// [`StoreError`] when the store cannot take it.
    fn put_device(&mut self, device: &Device) -> Result<bool, StoreError>;

    /// The devices of `citizen`, the last seen first.
    ///
    /// # Errors
    /// [`StoreError`] when the store cannot answer.
    fn devices(&mut self, citizen: CitizenId) -> Result<Vec<Device>, StoreError>;

    /// Removes a device of `citizen`, and answers whether there was one.
    ///
    /// # Errors
    /// [`StoreError`] when the store cannot take it.
    fn remove_device(&mut self, citizen: CitizenId, id: DeviceId) -> Result<bool, StoreError>;
}

/// Keeps a device of `citizen`. Told again under its id, it is the same device.
///
/// # Errors
/// [`PersonalError::ConsentMissing`] when it has a token and they did not agree to be woken;
/// [`PersonalError::IdTaken`] when the id is somebody else's.
pub fn register_device(
    tx: &mut (impl DeviceRepository + ConsentLedger + CitizenRepository),
    now: &Moment,
    citizen: &Citizen,
    (id, platform, name): (Option<DeviceId>, Platform, Option<DeviceName>),
    push_token: Option<PushToken>,
) -> Result<Device, PersonalError> {
    owner(tx, citizen)?;
    if push_token.is_some() {
        agreed(tx, citizen, ConsentPurpose::Push)?;
    }
    let known = tx.devices(citizen.id)?;
    let before = known.iter().find(|device| Some(device.id) == id);
    let device = Device {
        id: id.unwrap_or_else(|| now.new_id()),
        citizen: citizen.id,
        platform,
        name,
        push_token,
        registered_at: before.map_or(now.at, |before| before.registered_at),
        seen_at: now.at,
    };
    if !tx.put_device(&device)? {
        return Err(PersonalError::IdTaken);
    }
    let others = known.iter().filter(|other| other.id != device.id);
    for surplus in others.skip(Device::MOST - 1) {
        tx.remove_device(citizen.id, surplus.id)?;
    }
    Ok(device)
}

/// The devices of `citizen`, the last seen first.
///
/// # Errors
/// [`PersonalError::Erased`] when the account is gone.
pub fn devices_of(
    tx: &mut (impl DeviceRepository + CitizenRepository),
    citizen: &Citizen,
) -> Result<Vec<Device>, PersonalError> {
    owner(tx, citizen)?;
    Ok(tx.devices(citizen.id)?)
}

/// Forgets a device of `citizen`.
///
/// # Errors
/// [`PersonalError::NotFound`] when it is not theirs.
pub fn remove_device(
    tx: &mut impl DeviceRepository,
    citizen: &Citizen,
    id: DeviceId,
) -> Result<(), PersonalError> {
    if tx.remove_device(citizen.id, id)? { Ok(()) } else { Err(PersonalError::NotFound) }
}
