//! The two languages the service speaks.

use actix_web::http::header::{ACCEPT_LANGUAGE, HeaderMap};

/// A language the service speaks.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Language {
    /// Tiếng Việt: what everybody gets who does not ask for something else.
    #[default]
    Vietnamese,
    /// English.
    English,
}

impl Language {
    /// The language that `Accept-Language` (RFC 9110, 12.5.4) prefers among the two.
    #[must_use]
    pub fn of(headers: &HeaderMap) -> Self {
        headers
            .get(ACCEPT_LANGUAGE)
            .and_then(|value| value.to_str().ok())
            .map_or_else(Self::default, Self::preferred)
    }

    fn preferred(accept: &str) -> Self {
        let weight = |language: &str| {
            accept
                .split(',')
                .take(20)
                .filter_map(|range| {
                    let mut parts = range.split(';').map(str::trim);
                    let tag = parts.next()?.to_ascii_lowercase();
                    let quality = parts.find_map(|part| part.strip_prefix("q=")).unwrap_or("1");
                    let fits = tag.split('-').next() == Some(language);
                    fits.then(|| quality.parse::<f32>().unwrap_or(0.0))
                })
                .fold(0.0, f32::max)
        };
        if weight("en") > weight("vi") { Self::English } else { Self::Vietnamese }
    }

    /// The tag for `Content-Language` (RFC 5646).
    #[must_use]
    pub const fn tag(self) -> &'static str {
        match self {
            Self::Vietnamese => "vi",
            Self::English => "en",
        }
    }

    /// Picks the text in this language.
    #[must_use]
    pub const fn pick<'t>(self, vietnamese: &'t str, english: &'t str) -> &'t str {
        match self {
            Self::Vietnamese => vietnamese,
            Self::English => english,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn vietnamese_unless_english_is_preferred() {
        for (accept, language) in [
            ("", Language::Vietnamese),
            ("fr", Language::Vietnamese),
            ("en", Language::English),
            ("en-GB,en;q=0.8,vi;q=0.9", Language::English),
            ("vi-VN,vi;q=0.9,en;q=0.8", Language::Vietnamese),
            ("en;q=0.3, vi;q=0.7", Language::Vietnamese),
            ("en;q=x", Language::Vietnamese),
        ] {
            assert_eq!(Language::preferred(accept), language, "{accept}");
        }
    }
}
