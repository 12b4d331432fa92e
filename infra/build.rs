//! The migrations are compiled in: a changed one has to rebuild this crate.

fn main() {
    println!("cargo:rerun-if-changed=../migrations");
}
