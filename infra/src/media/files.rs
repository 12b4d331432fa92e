//! The bytes of media: a folder, or a bucket that speaks S3. Everything of one thing stands under
//! its id, so that all of it can be found and removed.

use std::{fmt, io, ops::Range, path::PathBuf, sync::Arc, time::Duration};

use bytes::{Bytes, BytesMut};
use domain::{
    StoreError,
    media::{MediaId, Part},
};
use futures_util::{Stream, StreamExt as _, TryStreamExt as _, stream};
use object_store::{
    BackoffConfig, ClientOptions, GetOptions, ObjectStore, ObjectStoreExt as _, PutPayload,
    RetryConfig, aws::AmazonS3Builder, buffered::BufWriter, local::LocalFileSystem, path::Path,
};
use secrecy::{ExposeSecret as _, SecretString};
use sha2::{Digest as _, Sha256};

/// The least that S3 takes as a part of something larger, but for the last one.
const PIECE: usize = 5 * 1024 * 1024;
/// How long a bucket may take to answer.
const PATIENCE: Duration = Duration::from_secs(30);
/// How often a bucket that did not answer is asked again, and for how long: then the client is told
/// to come back.
const RETRIES: usize = 3;
const RETRYING: Duration = Duration::from_secs(10);

/// A bucket that speaks S3.
#[derive(Clone, Debug)]
pub struct BucketOptions {
    /// What it is called.
    pub name: String,
    /// The address of the server; that of Amazon where it is absent.
    pub endpoint: Option<String>,
    /// Where it stands.
    pub region: String,
    /// By what this service signs in.
    pub access_key_id: String,
    /// And proves itself.
    pub secret_access_key: SecretString,
}

/// Where media are kept.
#[derive(Clone, Debug)]
pub enum FilesOptions {
    /// In this folder.
    Folder(PathBuf),
    /// In a bucket.
    Bucket(BucketOptions),
}

/// Media cannot be kept there.
#[derive(Debug, thiserror::Error)]
#[error("media cannot be kept there: {0}")]
pub struct InvalidFiles(String);

/// The bytes of media.
#[derive(Clone)]
pub struct MediaFiles {
    store: Arc<dyn ObjectStore>,
    folder: Option<PathBuf>,
}

/// What is kept of something under its id.
pub(super) mod name {
    /// All of it, as it came.
    pub(crate) const ORIGINAL: &str = "original";
    /// All of it, without metadata.
    pub(crate) const CLEAN: &str = "clean";
    /// A picture for a screen.
    pub(crate) const SCREEN: &str = "screen";
    /// A picture for a list.
    pub(crate) const THUMB: &str = "thumb";
    /// The names of what is whole.
    pub(crate) const ALL: [&str; 4] = [ORIGINAL, CLEAN, SCREEN, THUMB];
}

impl MediaFiles {
    /// Opens what `options` name; a folder is made where there is none.
    ///
    /// # Errors
    /// [`InvalidFiles`] says what is wrong with it.
    pub fn open(options: &FilesOptions) -> Result<Self, InvalidFiles> {
        let invalid = |error: &dyn fmt::Display| InvalidFiles(error.to_string());
        match options {
            FilesOptions::Folder(folder) => {
                std::fs::create_dir_all(folder).map_err(|error| invalid(&error))?;
                let store = LocalFileSystem::new_with_prefix(folder)
                    .map_err(|error| invalid(&error))?
                    .with_fsync(true);
                Ok(Self { store: Arc::new(store), folder: Some(folder.clone()) })
            }
            FilesOptions::Bucket(bucket) => {
                let plain = bucket.endpoint.as_ref().is_some_and(|url| url.starts_with("http://"));
                let mut builder = AmazonS3Builder::new()
                    .with_bucket_name(&bucket.name)
                    .with_region(&bucket.region)
                    .with_access_key_id(&bucket.access_key_id)
                    .with_secret_access_key(bucket.secret_access_key.expose_secret())
                    .with_client_options(ClientOptions::new().with_timeout(PATIENCE))
                    .with_retry(RetryConfig {
                        backoff: BackoffConfig::default(),
                        max_retries: RETRIES,
                        retry_timeout: RETRYING,
                    })
                    .with_allow_http(plain);
                if let Some(endpoint) = &bucket.endpoint {
                    builder = builder.with_endpoint(endpoint);
                }
                let store = builder.build().map_err(|error| invalid(&error))?;
                Ok(Self { store: Arc::new(store), folder: None })
            }
        }
    }

    /// Keeps `bytes` as the file `name` of something.
    ///
    /// # Errors
    /// [`StoreError`] when they cannot be kept.
    pub async fn put(&self, id: MediaId, name: &str, bytes: Bytes) -> Result<(), StoreError> {
        let payload = PutPayload::from_bytes(bytes);
        self.store.put(&path(id, name)?, payload).await.map(|_| ()).map_err(away)
    }

    /// All of what the file of a part holds.
    ///
    /// # Errors
    /// [`StoreError`] when it cannot be read.
    pub async fn part(&self, id: MediaId, part: &Part) -> Result<Bytes, StoreError> {
        let read = self.store.get(&path(id, &part.name)?).await.map_err(away)?;
        read.bytes().await.map_err(away)
    }

    /// The bytes in `range` of the file `name` of something.
    ///
    /// # Errors
    /// [`StoreError`] when they cannot be read.
    pub async fn range(
        &self,
        id: MediaId,
        name: &str,
        range: Range<u64>,
    ) -> Result<Bytes, StoreError> {
        self.store.get_range(&path(id, name)?, range).await.map_err(away)
    }

    /// How many bytes the file `name` of something has.
    ///
    /// # Errors
    /// [`StoreError`] when it cannot be read.
    pub async fn size(&self, id: MediaId, name: &str) -> Result<u64, StoreError> {
        Ok(self.store.head(&path(id, name)?).await.map_err(away)?.size)
    }

    /// The bytes in `range` of the file `name` of something, as they come.
    ///
    /// # Errors
    /// [`StoreError`] when it cannot be read.
    pub async fn stream(
        &self,
        id: MediaId,
        name: &str,
        range: Range<u64>,
    ) -> Result<impl Stream<Item = io::Result<Bytes>> + use<>, StoreError> {
        let options = GetOptions::new().with_range(Some(range));
        let read = self.store.get_opts(&path(id, name)?, options).await.map_err(away)?;
        Ok(read.into_stream().map_err(io::Error::other))
    }

    /// All of what `parts` hold, one after the other.
    pub(super) async fn joined(&self, id: MediaId, parts: &[Part]) -> Result<Bytes, StoreError> {
        let length = parts.iter().map(|part| part.length).sum::<u64>();
        let mut all = BytesMut::with_capacity(usize::try_from(length).unwrap_or(0));
        for part in parts {
            all.extend_from_slice(&self.part(id, part).await?);
        }
        Ok(all.freeze())
    }

    /// Makes of `parts` the file `name`, part by part, and says its SHA-256.
    pub(super) async fn join(
        &self,
        id: MediaId,
        name: &str,
        parts: &[Part],
    ) -> Result<[u8; 32], StoreError> {
        let mut sum = Sha256::new();
        let pieces = stream::iter(parts).then(|part| self.part(id, part));
        let hashed = pieces.inspect_ok(|piece| sum.update(piece));
        self.write(id, name, hashed).await?;
        Ok(sum.finalize().into())
    }

    /// Makes the file `name` of `pieces` as they come. Where they break off, nothing is kept.
    pub(super) async fn write(
        &self,
        id: MediaId,
        name: &str,
        pieces: impl Stream<Item = Result<Bytes, StoreError>>,
    ) -> Result<(), StoreError> {
        use tokio::io::AsyncWriteExt as _;
        let store = Arc::clone(&self.store);
        let writer = BufWriter::with_capacity(store, path(id, name)?, PIECE);
        let mut writer = writer.with_max_concurrency(1);
        let mut pieces = std::pin::pin!(pieces);
        while let Some(piece) = pieces.next().await {
            let written = match piece {
                Ok(piece) => writer.put(piece).await.map_err(away),
                Err(error) => Err(error),
            };
            if let Err(error) = written {
                writer.abort().await.ok();
                return Err(error);
            }
        }
        writer.shutdown().await.map_err(|error| StoreError::Unavailable(error.to_string()))
    }

    /// Puts what is left without metadata in the place of what came.
    ///
    /// # Errors
    /// [`StoreError`] when it cannot be done; then it has to be tried again.
    pub async fn bare(&self, id: MediaId) -> Result<(), StoreError> {
        let (clean, original) = (path(id, name::CLEAN)?, path(id, name::ORIGINAL)?);
        self.store.copy(&clean, &original).await.map_err(away)
    }

    /// Removes the files of `parts`, which nobody knows of any more.
    ///
    /// # Errors
    /// [`StoreError`] when they cannot be removed.
    pub async fn remove(&self, id: MediaId, parts: &[Part]) -> Result<(), StoreError> {
        for part in parts {
            self.remove_at(&path(id, &part.name)?).await?;
        }
        Ok(())
    }

    /// Removes every part of something that is whole, also of those that nobody wrote down: a process may
    /// have died in between.
    ///
    /// # Errors
    /// [`StoreError`] when they cannot be removed.
    pub async fn remove_parts(&self, id: MediaId) -> Result<(), StoreError> {
        let prefix = Path::from(id.to_string());
        let found: Vec<_> = self.store.list(Some(&prefix)).try_collect().await.map_err(away)?;
        let is_part = |file: &&Path| file.filename().is_some_and(|name| !name::ALL.contains(&name));
        for file in found.iter().map(|file| &file.location).filter(is_part) {
            self.remove_at(file).await?;
        }
        Ok(())
    }

    /// Removes everything of something.
    ///
    /// # Errors
    /// [`StoreError`] when it cannot be removed; then it has to be tried again.
    pub async fn remove_all(&self, id: MediaId) -> Result<(), StoreError> {
        let prefix = Path::from(id.to_string());
        let found: Vec<_> = self.store.list(Some(&prefix)).try_collect().await.map_err(away)?;
        for file in found {
            self.remove_at(&file.location).await?;
        }
        // With the folder goes what was being written when a process died.
        let folder = self.folder.as_ref().map(|folder| folder.join(id.to_string()));
        let removed = folder.map_or(Ok(()), std::fs::remove_dir_all);
        match removed {
            Err(error) if error.kind() != io::ErrorKind::NotFound => {
                Err(StoreError::Unavailable(error.to_string()))
            }
            _ => Ok(()),
        }
    }

    async fn remove_at(&self, path: &Path) -> Result<(), StoreError> {
        match self.store.delete(path).await {
            Ok(()) | Err(object_store::Error::NotFound { .. }) => Ok(()),
            Err(error) => Err(away(error)),
        }
    }
}

fn path(id: MediaId, name: &str) -> Result<Path, StoreError> {
    Path::parse(format!("{id}/{name}")).map_err(|error| StoreError::Failed(error.to_string()))
}

#[expect(clippy::needless_pass_by_value, reason = "it is what map_err hands over")]
fn away(error: object_store::Error) -> StoreError {
    match error {
        object_store::Error::NotFound { .. } => StoreError::Failed(error.to_string()),
        _ => StoreError::Unavailable(error.to_string()),
    }
}
