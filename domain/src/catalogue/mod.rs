//! The administrative procedures of the province, and the search over them.
