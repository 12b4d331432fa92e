//! What reading a file of open data gives: records, and what is doubtful about them.

/// A row that could not be taken, or was taken with a remark.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Doubt {
    /// The line in the file, counted from 1 with the heading; for JSON the record's number.
    pub line: u64,
    /// The key of the record that was taken, where the message is about one.
    pub about: Option<String>,
    /// What is wrong with it, for the operator.
    pub message: String,
    /// Whether the row was left out.
    pub refused: bool,
}

/// The records of a file, in its order, beside what was doubtful in it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reading<T> {
    /// What could be read.
    pub records: Vec<T>,
    /// What the operator should look at.
    pub doubts: Vec<Doubt>,
}

impl<T> Default for Reading<T> {
    fn default() -> Self {
        Self { records: Vec::new(), doubts: Vec::new() }
    }
}

impl<T> Reading<T> {
    /// These records, about which nothing is doubtful.
    #[must_use]
    pub const fn sound(records: Vec<T>) -> Self {
        Self { records, doubts: Vec::new() }
    }

    /// Leaves out the row at `line` and says why.
    pub fn refuse(&mut self, line: u64, message: impl Into<String>) {
        self.doubts.push(Doubt { line, about: None, message: message.into(), refused: true });
    }

    /// Keeps the row at `line`, the record called `about`, but says what is odd about it: in the
    /// same words for each, so that they can be counted.
    pub fn remark(&mut self, line: u64, about: impl Into<String>, message: impl Into<String>) {
        let (about, message) = (Some(about.into()), message.into());
        self.doubts.push(Doubt { line, about, message, refused: false });
    }
}
