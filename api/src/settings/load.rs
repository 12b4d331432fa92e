//! Reading the configuration, and printing it.

use std::{collections::BTreeMap, path::Path};

use config::{Config, ConfigError, File, FileFormat, Value};

use super::Settings;

const DEFAULT: &str = include_str!("default.toml");
/// The file that is read where none is named, if it is there.
const FILE: &str = "cthainguyen.toml";
/// Keys whose values are never printed, and which may be read from a file of their own.
const SECRETS: [&str; 8] = [
    "database_url",
    "dossier_upstream_headers",
    "escalation_duty_phones",
    "metrics_token",
    "oidc_client_secret",
    "sms_http_headers",
    "sms_http_key",
    "sms_inbound_key",
];
/// Keys that hold a list: in a variable its items stand between commas.
const LISTS: [&str; 14] = [
    "cors_origins",
    "dossier_local_states",
    "dossier_saturday_units",
    "dossier_upstream_headers",
    "escalation_duty_phones",
    "escalation_high_s",
    "escalation_low_s",
    "escalation_normal_s",
    "features_off",
    "notice_calendars",
    "oidc_app_redirects",
    "oidc_scopes",
    "sms_http_headers",
    "trusted_proxies",
];

/// Why the configuration cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum SettingsError {
    /// A key or value is wrong.
    #[error("the configuration is not valid: {0}")]
    Invalid(#[from] ConfigError),
    /// A file that was named cannot be read.
    #[error("{path} cannot be read: {source}")]
    Unreadable {
        /// The file.
        path: String,
        /// Why.
        source: std::io::Error,
    },
}

impl Settings {
    /// The configuration from the compiled-in default, `file` (or the usual one, if it is there)
    /// and the environment.
    ///
    /// # Errors
    /// [`SettingsError`] names the key or file that is wrong.
    pub fn load(
        file: Option<&Path>,
        environment: impl Iterator<Item = (String, String)>,
    ) -> Result<Self, SettingsError> {
        Ok(effective(file, environment)?.try_deserialize()?)
    }

    /// The effective configuration, one key a line, secrets masked.
    ///
    /// # Errors
    /// [`SettingsError`] as for [`Settings::load`].
    pub fn print(
        file: Option<&Path>,
        environment: impl Iterator<Item = (String, String)>,
    ) -> Result<String, SettingsError> {
        let effective = effective(file, environment)?;
        effective.clone().try_deserialize::<Self>()?;
        let values: BTreeMap<String, Value> = effective.try_deserialize()?;
        let lines = values.into_iter().map(|(key, value)| {
            if SECRETS.contains(&key.as_str()) {
                format!("{key} = \"***\"\n")
            } else {
                format!("{key} = {}\n", toml_value(&value))
            }
        });
        Ok(lines.collect())
    }
}

fn effective(
    file: Option<&Path>,
    environment: impl Iterator<Item = (String, String)>,
) -> Result<Config, SettingsError> {
    let mut builder = Config::builder().add_source(File::from_str(DEFAULT, FileFormat::Toml));
    builder = match file {
        Some(path) => builder.add_source(File::from(path).format(FileFormat::Toml)),
        None => builder.add_source(File::new(FILE, FileFormat::Toml).required(false)),
    };
    for (name, value) in environment {
        if let Some((key, value)) = variable(&name, value)? {
            builder = builder.set_override(key, value)?;
        }
    }
    Ok(builder.build()?)
}

/// The key and value that an environment variable sets; nothing when it is none of ours.
fn variable(name: &str, value: String) -> Result<Option<(String, Value)>, SettingsError> {
    let key = match name.strip_prefix("CTN_") {
        Some(key) => key.to_lowercase(),
        None if name.starts_with("DATABASE_URL") => name.to_lowercase(),
        None => return Ok(None),
    };
    let secret = key.strip_suffix("_file").filter(|secret| SECRETS.contains(secret));
    let (key, value) = match secret {
        Some(secret) => {
            let content = std::fs::read_to_string(&value)
                .map_err(|source| SettingsError::Unreadable { path: value, source })?;
            (secret.to_owned(), content.trim().to_owned())
        }
        None => (key, value),
    };
    let value = if LISTS.contains(&key.as_str()) {
        let items = value.split(',').map(str::trim).filter(|item| !item.is_empty());
        Value::from(items.map(str::to_owned).collect::<Vec<_>>())
    } else {
        value.into()
    };
    Ok(Some((key, value)))
}

fn toml_value(value: &Value) -> String {
    match &value.kind {
        config::ValueKind::String(text) => format!("{text:?}"),
        config::ValueKind::Array(items) => {
            let items: Vec<_> = items.iter().map(toml_value).collect();
            format!("[{}]", items.join(", "))
        }
        other => other.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use secrecy::ExposeSecret as _;

    use super::*;

    fn with(variables: &[(&str, &str)]) -> Result<Settings, SettingsError> {
        let owned: Vec<_> =
            variables.iter().map(|&(name, value)| (name.to_owned(), value.to_owned())).collect();
        Settings::load(None, owned.into_iter())
    }

    #[test]
    fn the_environment_overrides_the_default() {
        let settings =
            with(&[("CTN_LISTEN", "127.0.0.1:9"), ("DATABASE_URL", "sqlite:x.db"), ("HOME", "/")])
                .unwrap();
        assert_eq!(settings.listen.port(), 9);
        assert_eq!(settings.database_url.unwrap().expose_secret(), "sqlite:x.db");
        assert_eq!(with(&[]).unwrap().database_connections, 16);
    }

    #[test]
    fn an_unknown_key_is_an_error() {
        let error = with(&[("CTN_LISTENN", "127.0.0.1:9")]).unwrap_err();
        assert!(error.to_string().contains("listenn"), "{error}");
    }

    #[test]
    fn a_secret_may_stand_in_a_file_and_is_never_printed() {
        let folder = std::env::temp_dir().join("cthainguyen-settings-test");
        std::fs::write(&folder, "postgres://me:hush@db/app\n").unwrap();
        let named = vec![("DATABASE_URL_FILE".to_owned(), folder.display().to_string())];
        let settings = Settings::load(None, named.clone().into_iter()).unwrap();
        assert_eq!(settings.database_url.unwrap().expose_secret(), "postgres://me:hush@db/app");
        let printed = Settings::print(None, named.into_iter()).unwrap();
        assert!(!printed.contains("hush") && printed.contains("database_url = \"***\""));
    }
}
