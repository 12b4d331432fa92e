//! Where the store is.

use std::{fmt, path::PathBuf, str::FromStr};

/// The address of a store. Its scheme chooses the store.
#[derive(Clone, PartialEq, Eq)]
pub enum DatabaseUrl {
    /// `sqlite:PATH`: a file on this machine.
    Sqlite(PathBuf),
    /// `postgres://..` or `postgresql://..`: a PostgreSQL server.
    Postgres(String),
}

/// The text is no address of a store.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "DATABASE_URL is neither sqlite:PATH nor postgres://USER:PASSWORD@HOST:PORT/DATABASE; \
     write for example sqlite:var/cthainguyen.db"
)]
pub struct InvalidDatabaseUrl;

impl FromStr for DatabaseUrl {
    type Err = InvalidDatabaseUrl;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        if text.starts_with("postgres://") || text.starts_with("postgresql://") {
            return Ok(Self::Postgres(text.to_owned()));
        }
        let path = text.strip_prefix("sqlite:").ok_or(InvalidDatabaseUrl)?;
        let path = path.strip_prefix("//").unwrap_or(path);
        let names_a_file = !path.is_empty() && !path.contains([':', '?', '\0']);
        if names_a_file { Ok(Self::Sqlite(path.into())) } else { Err(InvalidDatabaseUrl) }
    }
}

/// The password is never shown.
impl fmt::Display for DatabaseUrl {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Sqlite(path) => write!(formatter, "sqlite:{}", path.display()),
            Self::Postgres(url) => match url.split_once('@') {
                Some((_, host)) => write!(
                    formatter,
                    "postgres://***@{}",
                    host.split('?').next().unwrap_or_default()
                ),
                None => formatter.write_str(url.split('?').next().unwrap_or_default()),
            },
        }
    }
}

impl fmt::Debug for DatabaseUrl {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, formatter)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_scheme_chooses_and_the_password_stays_hidden() {
        let url: DatabaseUrl = "postgres://me:hush@db:5432/app?sslmode=require".parse().unwrap();
        assert_eq!(url.to_string(), "postgres://***@db:5432/app");
        assert_eq!("sqlite:var/x.db".parse(), Ok(DatabaseUrl::Sqlite("var/x.db".into())));
        assert_eq!("sqlite:///tmp/x.db".parse(), Ok(DatabaseUrl::Sqlite("/tmp/x.db".into())));
        for wrong in ["", "sqlite:", "mysql://x", "var/x.db", "sqlite::memory:"] {
            assert_eq!(wrong.parse::<DatabaseUrl>(), Err(InvalidDatabaseUrl), "{wrong}");
        }
    }
}
