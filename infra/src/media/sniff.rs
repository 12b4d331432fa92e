//! What something is, by its first bytes.

use domain::media::Format;

/// The format of what begins with `head`, if it is one that is taken.
#[must_use]
pub fn sniff(head: &[u8]) -> Option<Format> {
    if let Some(format) = brand(head) {
        return Some(format);
    }
    match infer::get(head)?.mime_type() {
        "image/jpeg" => Some(Format::Jpeg),
        "image/png" => Some(Format::Png),
        "image/webp" if head.starts_with(b"RIFF") => Some(Format::WebP),
        "image/heif" => Some(Format::Heic),
        "video/webm" => Some(Format::WebM),
        "audio/ogg" | "audio/opus" => Some(Format::Ogg),
        "audio/aac" => Some(Format::Aac),
        "audio/amr" => Some(Format::Amr),
        _ => None,
    }
}

/// The format of a file in boxes (ISO 14496-12), by its major brand.
fn brand(head: &[u8]) -> Option<Format> {
    if head.get(4..8)? != b"ftyp" {
        return None;
    }
    match head.get(8..12)? {
        b"qt  " => Some(Format::Mov),
        b"M4A " | b"M4B " => Some(Format::M4a),
        b"isom" | b"iso2" | b"iso3" | b"iso4" | b"iso5" | b"iso6" | b"mp41" | b"mp42" | b"avc1"
        | b"M4V " | b"MSNV" => Some(Format::Mp4),
        [b'3', b'g', b'p' | b'2', _] => Some(Format::ThreeGp),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case::jpeg(b"\xff\xd8\xff\xe0\0\x10JFIF", Some(Format::Jpeg))]
    #[case::png(b"\x89PNG\r\n\x1a\n", Some(Format::Png))]
    #[case::webp(b"RIFF\0\0\0\0WEBPVP8 ", Some(Format::WebP))]
    #[case::webp_in_name_only(b"\0\0\0\0\0\0\0\0WEBPVP8 ", None)]
    #[case::mp4(b"\0\0\0\x18ftypisom\0\0\0\0", Some(Format::Mp4))]
    #[case::mov(b"\0\0\0\x14ftypqt  \0\0\0\0", Some(Format::Mov))]
    #[case::three_gp(b"\0\0\0\x14ftyp3gp4\0\0\0\0", Some(Format::ThreeGp))]
    #[case::sound(b"\0\0\0\x18ftypM4A \0\0\0\0", Some(Format::M4a))]
    #[case::amr(b"#!AMR\n\x3c\0\0\0\0\0", Some(Format::Amr))]
    #[case::svg(b"<svg xmlns='http://www.w3.org/2000/svg'><script>", None)]
    #[case::zip(b"PK\x03\x04\x14\0\0\0\x08\0", None)]
    #[case::gif(b"GIF89a", None)]
    #[case::nothing(b"", None)]
    fn only_the_content_counts(#[case] head: &[u8], #[case] expected: Option<Format>) {
        assert_eq!(sniff(head), expected);
    }
}
