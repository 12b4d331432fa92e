//! How well reports are answered: figures of many reports, told only where they are many.
//!
//! From fewer than [`FEWEST`](super::FEWEST) no share, no time and no rating is told, only how many
//! there are: two reports judge nobody.

mod counted;
mod own;
mod period;
mod statistics;
mod tally;

pub use counted::Counted;
pub use own::{OwnFigures, own_figures};
pub(super) use period::midnight;
pub use period::{LONGEST, Period};
pub use statistics::{
    Asked, By, FigureRepository, Group, Selection, Statistics, public_statistics, statistics,
};
pub use tally::{Days, Figures, Mean, Share, Tally};
