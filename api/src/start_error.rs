//! Why the application does not start.

use domain::{StoreError, feedback::CategoriesError};
use infra::{
    database::{InvalidDatabaseUrl, OpenError},
    dataset::ImportError,
    directory::InvalidFeed,
    dossier::InvalidUpstream,
    identity::{InvalidOidc, KeyringError, MasterKeyError, TokenError},
    media::InvalidFiles,
    notification::InvalidInboundKey,
};

/// Why the application does not start.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// The store's address is wrong.
    #[error(transparent)]
    Url(#[from] InvalidDatabaseUrl),
    /// The store cannot be opened.
    #[error(transparent)]
    Open(#[from] OpenError),
    /// The store cannot be read.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The data this program ships with cannot be loaded.
    #[error("the shipped data cannot be loaded: {0}")]
    Data(#[from] ImportError),
    /// The shipped categories of feedback contradict themselves.
    #[error(transparent)]
    Categories(#[from] CategoriesError),
    /// The shipped list of passwords is damaged.
    #[error("the list of known passwords cannot be read: {0}")]
    KnownPasswords(#[from] std::io::Error),
    /// The master key is missing or wrong.
    #[error(transparent)]
    MasterKey(#[from] MasterKeyError),
    /// The keys in the store cannot be opened.
    #[error(transparent)]
    Keyring(#[from] KeyringError),
    /// The signing key is of no use.
    #[error(transparent)]
    Token(#[from] TokenError),
    /// The provider of identities is none.
    #[error(transparent)]
    Oidc(#[from] InvalidOidc),
    /// The system that keeps dossiers cannot be asked.
    #[error(transparent)]
    Upstream(#[from] InvalidUpstream),
    /// The key of the SMS gateway is none.
    #[error(transparent)]
    Inbound(#[from] InvalidInboundKey),
    /// A calendar of notices cannot be fetched.
    #[error(transparent)]
    Feed(#[from] InvalidFeed),
    /// Media cannot be kept where they should be.
    #[error("{0}. Correct `media_bucket` and what belongs to it, or `var`")]
    Files(#[from] InvalidFiles),
    /// The folder for this process's files cannot be made.
    #[error("the folder {path} cannot be made: {reason}. Correct `var` or its rights")]
    Var {
        /// The folder.
        path: String,
        /// Why.
        reason: String,
    },
}
