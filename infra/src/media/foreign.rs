//! Files that are two things at once: a picture for the one who looks, a program for the one who
//! runs it.

/// How far from its beginning readers of PDF and HTML look for theirs.
const NEAR_BEGINNING: usize = 1024;
/// How far from its end the directory of an archive can begin (APPNOTE.TXT, 4.3.16).
const NEAR_END: usize = 65_557;
/// The same, as a number of bytes of a file.
pub(super) const NEAR_END_OF_FILE: u64 = 65_557;

/// With what the record begins that ends an archive (APPNOTE.TXT, 4.3.16).
const END: &[u8] = b"PK\x05\x06";
/// With what another kind of archive begins.
const RAR: &[u8] = b"Rar!\x1a\x07";

/// Whether something else is hidden in `bytes`, which hold an image in their first `image` bytes.
pub(super) fn hides_something(bytes: &[u8], image: usize) -> bool {
    let (head, _) = bytes.split_at(bytes.len().min(NEAR_BEGINNING));
    let (_, behind) = bytes.split_at(image.min(bytes.len()));
    is_page(head)
        || contains(head, b"%pdf-")
        || is_page(behind)
        || is_archive(bytes)
        || runs(behind)
}

/// Whether `bytes` end as an archive does.
pub(super) fn is_archive(bytes: &[u8]) -> bool {
    let (_, tail) = bytes.split_at(bytes.len().saturating_sub(NEAR_END));
    tail.windows(END.len() + 8).any(ends_archive)
        || tail.windows(RAR.len()).any(|window| window == RAR)
}

/// Whether an archive of one volume ends with `record`. Its mark alone stands in one photo of many
/// thousands by chance: the numbers of the volumes, and those of the files, have to agree, too.
fn ends_archive(record: &[u8]) -> bool {
    record.strip_prefix(END).is_some_and(|numbers| {
        numbers.starts_with(&[0; 4]) && numbers.get(4..6) == numbers.get(6..8)
    })
}

/// Whether a browser or a server could take `bytes` for a page or a script.
fn is_page(bytes: &[u8]) -> bool {
    let marks: [&[u8]; 5] = [b"<script", b"<html", b"<!doctype", b"<?php", b"<svg"];
    marks.iter().any(|mark| contains(bytes, mark))
}

/// Whether `bytes` begin as a program does.
fn runs(bytes: &[u8]) -> bool {
    bytes.starts_with(b"MZ") || bytes.starts_with(b"\x7fELF") || bytes.starts_with(b"#!/")
}

/// Whether `mark`, in small letters, stands somewhere in `bytes`.
fn contains(bytes: &[u8], mark: &[u8]) -> bool {
    bytes.windows(mark.len()).any(|window| window.eq_ignore_ascii_case(mark))
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    const IMAGE: &[u8] = b"\xff\xd8\xff\xe0 the image \xff\xd9";

    #[rstest]
    #[case::nothing(b"", false)]
    #[case::a_film_behind_it(b"\0\0\0\x18ftypmp42 and so on", false)]
    #[case::an_archive(b"PK\x03\x04 file PK\x01\x02 PK\x05\x06\0\0\0\0\x01\0\x01\0", true)]
    #[case::one_with_more_behind_it(b"PK\x05\x06\0\0\0\0\x02\x01\x02\x01 and so on", true)]
    #[case::another_archive(b"Rar!\x1a\x07\x01\0", true)]
    #[case::its_mark_by_chance(b"noise PK\x05\x06 noise and noise", false)]
    #[case::in_other_letters(b"pk\x05\x06\0\0\0\0\x01\0\x01\0 rar!\x1a\x07", false)]
    #[case::a_page(b"<HTML><SCRIPT>alert(1)</SCRIPT>", true)]
    #[case::a_server_script(b"<?php system($_GET['c']); ?>", true)]
    #[case::a_program(b"MZ\x90\0", true)]
    fn what_stands_behind_an_image(#[case] behind: &[u8], #[case] expected: bool) {
        let both = [IMAGE, behind].concat();
        assert_eq!(hides_something(&both, IMAGE.len()), expected);
    }

    #[test]
    fn what_stands_in_its_first_bytes() {
        assert!(hides_something(b"\xff\xd8\xff\xfe\0\x40%PDF-1.7 obj", 16));
        let metadata = b"\xff\xd8\xff\xe1\0\x40<x:xmpmeta xmlns:x='adobe:ns:meta/'>";
        assert!(!hides_something(metadata, metadata.len()));
    }
}
