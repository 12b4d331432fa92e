//! The description of the interface: for programs, for people, and for telling what a path takes.

use actix_web::{
    HttpRequest, HttpResponse,
    dev::ResourceDef,
    http::header::{ALLOW, HeaderValue},
    web::{self, Data},
};
use infra::snapshot::Prepared;
use utoipa::openapi::{OpenApi, path::PathItem};
use utoipa_swagger_ui::{Config, SwaggerUi};

use super::measure;
use crate::{
    lookup::{Freshness, json, send},
    problem::{ApiError, Code, FieldCode, Language},
};

/// The OpenAPI document, serialised once, and the methods that each path takes.
pub(crate) struct Document {
    json: Prepared,
    paths: Vec<(ResourceDef, String)>,
}

impl Document {
    pub(crate) fn new(openapi: &OpenApi) -> Self {
        let json = Prepared::new(json(openapi));
        let paths = openapi
            .paths
            .paths
            .iter()
            .map(|(path, item)| (ResourceDef::new(path.as_str()), methods(item)))
            .collect();
        Self { json, paths }
    }

    /// The methods that `path` takes, as for `Allow`; nothing where there is no such path.
    fn allowed(&self, path: &str) -> Option<&str> {
        let (_, methods) = self.paths.iter().find(|(pattern, _)| pattern.is_match(path))?;
        Some(methods)
    }
}

fn methods(item: &PathItem) -> String {
    let methods = [
        (item.get.is_some(), "GET, HEAD"),
        (item.post.is_some(), "POST"),
        (item.put.is_some(), "PUT"),
        (item.patch.is_some(), "PATCH"),
        (item.delete.is_some(), "DELETE"),
    ];
    let taken: Vec<_> = methods.iter().filter(|(taken, _)| *taken).map(|(_, name)| *name).collect();
    taken.join(", ")
}

/// The pages that are not part of the interface they describe.
pub(crate) fn pages(config: &mut web::ServiceConfig) {
    let reference = SwaggerUi::new("/docs/{_:.*}").config(Config::from("/openapi.json"));
    config
        .route("/metrics", web::get().to(measure::metrics))
        .route("/openapi.json", web::get().to(openapi_json))
        .service(web::redirect("/docs", "/docs/"))
        .service(reference);
}

async fn openapi_json(request: HttpRequest, document: Data<Document>) -> HttpResponse {
    send(&request, &document.json, Freshness::Data)
}

/// Whatever matched no route: an unknown path, or a known one with another method.
pub(crate) async fn no_such_route(
    request: HttpRequest,
    document: Data<Document>,
) -> Result<HttpResponse, ApiError> {
    let Some(methods) = document.allowed(request.path()) else {
        return Err(ApiError::new(Code::NotFound));
    };
    let allow = HeaderValue::from_str(methods).map_err(|_| ApiError::new(Code::Internal))?;
    Err(ApiError::new(Code::MethodNotAllowed).with_header(ALLOW, allow))
}

/// Adds the closed table of problems to the document.
pub(crate) fn describe_problems(mut document: OpenApi) -> OpenApi {
    let problems = Code::ALL.iter().map(|code| {
        let (status, title) = (code.status().as_u16(), code.title(Language::English));
        format!("| `{}` | {status} | {title} |", code.as_str())
    });
    let fields = FieldCode::ALL
        .iter()
        .map(|code| format!("| `{}` | {} |", code.as_str(), code.detail(Language::English)));
    let heading = ["", "", "## Problems", "", "| code | status | meaning |", "|---|---|---|"];
    let subheading = ["", "## Problems of a field", "", "| code | meaning |", "|---|---|"];
    let lines: Vec<String> = (heading.into_iter().map(str::to_owned))
        .chain(problems)
        .chain(subheading.into_iter().map(str::to_owned))
        .chain(fields)
        .collect();
    document.info.description.get_or_insert_default().push_str(&lines.join("\n"));
    document
}
