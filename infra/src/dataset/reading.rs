//! What reading a file of open data gives: records, and what is doubtful about them.

/// A row that could not be taken, or was taken with a remark.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Doubt {
    /// The line in the file, counted from 1 with the heading; for JSON the record's number.
    pub line: u64,
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
        self.doubts.push(Doubt { line, message: message.into(), refused: true });
    }

    /// Keeps the row at `line` but says what is odd about it.
    pub fn remark(&mut self, line: u64, message: impl Into<String>) {
        self.doubts.push(Doubt { line, message: message.into(), refused: false });
    }
}
