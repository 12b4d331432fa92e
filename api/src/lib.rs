//! The HTTP layer: routes, extractors, wire types, problems, configuration.
