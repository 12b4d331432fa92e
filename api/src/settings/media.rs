//! Where media are kept, and how much of them is taken.

use domain::media::Quota;
use infra::media::{Bounds, BucketOptions, FilesOptions};
use secrecy::SecretString;

use super::{Limits, Settings};

const MIB: u64 = 1024 * 1024;

impl Settings {
    /// Where media are kept: in a bucket where one is named, else in `var`.
    #[must_use]
    pub fn media_files(&self) -> FilesOptions {
        match &self.media_bucket {
            None => FilesOptions::Folder(self.var.join("media")),
            Some(name) => FilesOptions::Bucket(BucketOptions {
                name: name.clone(),
                endpoint: self.media_bucket_endpoint.clone(),
                region: self.media_bucket_region.clone(),
                access_key_id: self.media_bucket_access_key_id.clone().unwrap_or_default(),
                secret_access_key: self
                    .media_bucket_secret_access_key
                    .clone()
                    .unwrap_or_else(|| SecretString::from("")),
            }),
        }
    }

    /// How large they may be.
    #[must_use]
    pub fn media_bounds(&self) -> Bounds {
        Bounds {
            photo: u64::from(self.media_photo_mib) * MIB,
            video: u64::from(self.media_video_mib) * MIB,
            audio: u64::from(self.media_audio_mib) * MIB,
            pixels: u64::from(self.media_megapixels) * 1_000_000,
        }
    }

    /// How much somebody may have uploaded and not linked.
    #[must_use]
    pub fn media_quota(&self) -> Quota {
        match self.limits {
            Limits::On => Quota {
                number: self.media_unlinked.into(),
                bytes: u64::from(self.media_unlinked_mib) * MIB,
            },
            Limits::Off => Quota { number: u64::MAX, bytes: u64::MAX },
        }
    }
}
