//! The house rules that neither the compiler nor clippy knows.

use std::{
    collections::BTreeSet,
    fs, io,
    path::{Path, PathBuf},
};

const CRATES: [&str; 4] = ["domain", "infra", "api", "tests"];

/// A file of the tree.
struct Source {
    path: String,
    text: String,
}

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

/// Everything below `folder`, files and folders.
fn walk(folder: &Path) -> io::Result<Vec<PathBuf>> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() {
            found.extend(walk(&path)?);
        }
        found.push(path);
    }
    Ok(found)
}

/// The source files of the crates, named from the root of the tree.
fn sources() -> io::Result<Vec<Source>> {
    let mut sources = Vec::new();
    for crate_name in CRATES {
        for path in walk(&root().join(crate_name))? {
            if path.extension().is_some_and(|extension| extension == "rs") {
                let text = fs::read_to_string(&path)?;
                let path = path.strip_prefix(root()).unwrap_or(&path).display().to_string();
                sources.push(Source { path, text });
            }
        }
    }
    Ok(sources)
}

/// Whoever writes `needle`, apart from the files that may. The tilde in a needle, dropped here,
/// keeps this file from finding itself.
fn writers_of(needle: &str, may: &[&str]) -> io::Result<Vec<String>> {
    let needle = needle.replace('~', "");
    let writes =
        |source: &Source| source.text.contains(&needle) && !may.contains(&source.path.as_str());
    Ok(sources()?.into_iter().filter(writes).map(|source| source.path).collect())
}

#[test]
fn files_stay_short() {
    let mut lengths: Vec<(usize, String)> = sources()
        .unwrap()
        .into_iter()
        .map(|source| (source.text.lines().count(), source.path))
        .collect();
    lengths.sort();
    let at = |percent: usize| &lengths[lengths.len() * percent / 100];
    let longest = lengths.last().unwrap();
    assert!(at(50).0 <= 120, "half of the files are longer than 120 lines: {:?}", at(50));
    assert!(at(90).0 <= 300, "one file in ten is longer than 300 lines: {:?}", at(90));
    assert!(longest.0 <= 500, "a file is longer than 500 lines: {longest:?}");
}

#[test]
fn handlers_read_as_a_sentence() {
    let routes = ["#[get(", "#[post(", "#[put(", "#[patch(", "#[delete("];
    for source in sources().unwrap() {
        let mut lines = source.text.lines();
        while lines.by_ref().any(|line| routes.iter().any(|route| line.starts_with(route))) {
            let handler = lines.by_ref().skip_while(|line| !line.contains("fn "));
            let length = handler.take_while(|line| *line != "}").count() + 1;
            assert!(length <= 25, "a handler of {length} lines in {}", source.path);
        }
    }
}

#[test]
fn lints_are_expected_with_a_reason_never_allowed() {
    assert_eq!(writers_of("#[al~low(", &[]).unwrap(), [""; 0]);
    assert_eq!(writers_of("#![al~low(", &[]).unwrap(), [""; 0]);
}

#[test]
fn the_tree_has_one_macro() {
    assert_eq!(writers_of("macro_~rules!", &["infra/src/connection.rs"]).unwrap(), [""; 0]);
}

#[test]
fn nothing_is_left_for_later() {
    for leftover in ["to~do!", "unimple~mented!", "TO~DO", "FIX~ME", "XX~X", "dbg~!("] {
        assert_eq!(writers_of(leftover, &[]).unwrap(), [""; 0], "{leftover}");
    }
}

#[test]
fn time_and_chance_are_arguments() {
    let clock = ["infra/src/clock.rs"];
    let entropy = ["infra/src/entropy.rs"];
    assert_eq!(writers_of("Utc::no~w", &clock).unwrap(), [""; 0]);
    assert_eq!(writers_of("SystemTime::no~w", &clock).unwrap(), [""; 0]);
    assert_eq!(writers_of("now~_v7", &entropy).unwrap(), [""; 0]);
    assert_eq!(writers_of("new~_v7", &entropy).unwrap(), [""; 0]);
    assert_eq!(writers_of("new~_v4", &entropy).unwrap(), [""; 0]);
    assert_eq!(writers_of("getrandom::fi~ll", &entropy).unwrap(), [""; 0]);
}

#[test]
fn folders_are_nouns_of_the_domain() {
    for crate_name in CRATES {
        for path in walk(&root().join(crate_name)).unwrap() {
            let name = path.file_stem().and_then(|name| name.to_str()).unwrap();
            let vague = ["handlers", "models", "services", "utils", "util", "helpers", "common"];
            assert!(!vague.contains(&name), "{} says nothing", path.display());
        }
    }
}

#[test]
fn types_are_named_by_what_they_are() {
    for source in sources().unwrap() {
        for line in source.text.lines().map(|line| line.trim().trim_start_matches("pub ")) {
            let mut words = line.split(|c: char| !c.is_alphanumeric() && c != '_');
            let declares = matches!(words.next(), Some("struct" | "enum" | "trait" | "type"));
            let name = words.next().unwrap_or_default();
            let vague = ["Manager", "Helper", "Util", "Utils", "Dto", "Impl"];
            let vague = declares && vague.iter().any(|suffix| name.ends_with(suffix));
            assert!(!vague, "{name} in {} says nothing", source.path);
        }
    }
}

#[test]
fn both_stores_have_the_same_migrations() {
    let migrations = |store: &str| {
        let folder = root().join("migrations").join(store);
        let files = walk(&folder).unwrap().into_iter().filter(|path| path.is_file());
        let named = |path: PathBuf| path.strip_prefix(&folder).unwrap().to_owned();
        files.map(named).collect::<BTreeSet<_>>()
    };
    let names = migrations("sqlite");
    assert_eq!(names, migrations("postgres"));
    assert!(names.iter().all(|name| names.contains(&name.with_file_name("down.sql"))));
    assert!(names.iter().all(|name| names.contains(&name.with_file_name("up.sql"))));
}
