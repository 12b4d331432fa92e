//! Who may call what, as a document: the scopes of the routes beside the table of rights.

use std::fmt::Write as _;

use domain::identity::{Role, policy::Rule};
use utoipa::openapi::{OpenApi, path::Operation};

/// What stands above the tables.
const HEADING: &str = "\
# Who may do what

Printed by `scripts/generate` from the table in `domain/src/identity/policy.rs` and the scopes of the
routes; a test holds every cell against the running service.

- **own**: what is the caller's own. **agency**: what the caller's agency and every agency below it in
  the tree answer for; from the agency of the province, everything. **province**: everything, from the
  agency of the province alone.
- The agency that answers for a thing: of an emergency the one that has it, of a report the one that
  has to answer, of a business that of its commune, of a staff member and of what they did (the audit
  log) the one they work at. An agency's area lies in that of the agency above it, so whoever reaches
  an agency reaches its area.
- The tree is asked at each request. Whoever moves an agency gives and takes at once, on every
  replica, streams that are open included.
- Without a token, or with one that proves nothing, the answer is 401; with another role, or from
  elsewhere than the province where that alone may, it is 403; for what the caller does not reach it is
  404, and lists leave it out. A body that names an agency out of reach is answered 403: that the agency
  is there is no secret.
- A machine is the system of a business by its key (`ctn_k_`). Of dossiers tell only the systems that an
  operator admitted (`cthainguyen sources`), whose keys open nothing else.
- The token of an emergency (`ctn_e_`) or of a report (`ctn_f_`) lets its holder follow that one thing,
  signed in or not; that of an upload (`ctn_m_`) continue, link and see it.
";

/// The document.
pub(crate) fn matrix(document: &OpenApi) -> String {
    let roles: Vec<&str> = Role::ALL.iter().map(|role| role.as_str()).collect();
    let mut text = format!("{HEADING}\n| | {} |\n|---|", roles.join(" | "));
    text.push_str(&"---|".repeat(roles.len()));
    text.push('\n');
    let (mut by_thing, mut open) = (String::new(), String::new());
    for (name, operation) in operations(document) {
        // Writing to a String cannot fail.
        let _ = match scopes(operation) {
            None => writeln!(open, "- `{name}`"),
            Some(scopes) => match scopes.iter().find_map(|scope| Rule::named(scope)) {
                Some(rule) => writeln!(text, "| `{name}` | {} |", cells(&rule).join(" | ")),
                None => writeln!(by_thing, "- `{name}`"),
            },
        };
    }
    format!(
        "{text}\nWith the token of the thing, or as its owner:\n\n{by_thing}\n\
         For anybody, signed in or not:\n\n{open}"
    )
}

fn cells(rule: &Rule) -> Vec<&'static str> {
    let reach = rule.reach.as_str();
    Role::ALL.iter().map(|role| if rule.roles.contains(role) { reach } else { "" }).collect()
}

/// Every operation, by method and path.
fn operations(document: &OpenApi) -> impl Iterator<Item = (String, &Operation)> {
    document.paths.paths.iter().flat_map(|(path, item)| {
        let methods = [
            ("GET", &item.get),
            ("POST", &item.post),
            ("PUT", &item.put),
            ("PATCH", &item.patch),
            ("DELETE", &item.delete),
            ("OPTIONS", &item.options),
        ];
        methods.into_iter().filter_map(move |(method, operation)| {
            operation.as_ref().map(|operation| (format!("{method} {path}"), operation))
        })
    })
}

/// The scopes of each way to call an operation; none where it can be called without a token.
fn scopes(operation: &Operation) -> Option<Vec<String>> {
    let ways = serde_json::to_value(operation.security.as_ref()?).ok()?;
    let scopes = ways.as_array()?.iter().map(|way| way.get("bearer"));
    let scopes: Vec<_> = scopes.collect::<Option<_>>()?;
    Some(scopes.iter().filter_map(|scope| scope[0].as_str().map(str::to_owned)).collect())
}
