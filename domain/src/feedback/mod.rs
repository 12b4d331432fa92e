//! Feedback of citizens and businesses: reports and their way to an answer.
