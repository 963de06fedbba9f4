//! `/mcp`: the API as tools for programs that speak the Model Context Protocol.
//!
//! A tool is an operation of version 2, called on the router that serves it: who asks, what they
//! may see, what is read and what is answered are the API's own. No session is kept, so that any
//! node may answer any request.

mod calls;
mod documentation;
mod tools;

use std::sync::{Arc, OnceLock};

use axum::Router;
use axum::body::Body;
use axum::extract::Request;
use axum::http::request::Parts;
use axum::routing::{MethodRouter, get, post};
use domain::limits;
use rmcp::model::{
    CallToolRequestParams, CallToolResponse, Implementation, ListToolsResult,
    PaginatedRequestParams, ServerCapabilities, ServerConfig,
};
use rmcp::service::RequestContext;
use rmcp::transport::streamable_http_server::session::never::NeverSessionManager;
use rmcp::transport::streamable_http_server::{StreamableHttpServerConfig, StreamableHttpService};
use rmcp::{ErrorData, RoleServer, ServerHandler};
use tower::ServiceExt;
use utoipa::openapi::OpenApi;
use web::Web;
use web::refusal::Refusal;

use self::tools::Tool;
use crate::auth::Caller;
use crate::v2;

/// What a client is told of all the tools together.
const INSTRUCTIONS: &str = "The messages, call recordings, on-call rotations and To Dos of a \
    telephone answering service. `get_me` tells whom the Application Key stands for and the \
    numbers of its accounts. Answers are those of the API: `{\"data\": …}`. Instants are UTC; \
    days and times of day are those of the account's zone.";

/// What answers at `/mcp`, with the tools that the document describes.
pub(crate) fn door(document: &OpenApi) -> MethodRouter<Web> {
    let tools: Arc<[Tool]> = tools::of(document).into_iter().chain(documentation::tool()).collect();
    let service: Arc<OnceLock<Service>> = Arc::default();
    post(move |caller: Result<Caller, Refusal>, request: Request| {
        let web = caller.map(|caller| caller.web);
        let service = web.map(|web| service.get_or_init(|| serving(tools.clone(), web)).clone());
        async move {
            match service {
                Ok(service) => service.handle(request).await.map(Body::new),
                Err(refusal) => calls::turned_away(refusal),
            }
        }
    })
}

type Service = StreamableHttpService<ToolServer, NeverSessionManager>;

fn serving(tools: Arc<[Tool]>, web: Web) -> Service {
    let routes = Router::new().nest("/api/v2", v2::routes().into());
    let routes =
        routes.route(documentation::PATH, get(documentation::answer)).fallback(web::unknown);
    let server = ToolServer { tools, api: web::surrounded(routes, web) };
    // Which hosts there are is the tenants' affair, and an Origin opens nothing without a key.
    let config = StreamableHttpServerConfig::default()
        .with_legacy_session_mode(false)
        .with_json_response(true)
        .with_max_request_body_bytes(limits::JSON_BYTES)
        .disable_allowed_hosts();
    Service::new(move || Ok(server.clone()), Arc::default(), config)
}

/// The tools, and the router that they are called on.
#[derive(Clone, Debug)]
struct ToolServer {
    tools: Arc<[Tool]>,
    api: Router,
}

impl ToolServer {
    fn tool(&self, name: &str) -> Option<&Tool> {
        self.tools.iter().find(|tool| tool.told.name == name)
    }
}

impl ServerHandler for ToolServer {
    fn get_info(&self) -> ServerConfig {
        let name = Implementation::new("liberty", env!("CARGO_PKG_VERSION")).with_title("Liberty");
        ServerConfig::new(ServerCapabilities::builder().enable_tools().build())
            .with_server_info(name)
            .with_instructions(INSTRUCTIONS)
    }

    async fn list_tools(
        &self,
        _: Option<PaginatedRequestParams>,
        _: RequestContext<RoleServer>,
    ) -> Result<ListToolsResult, ErrorData> {
        let told = self.tools.iter().map(|tool| tool.told.clone());
        Ok(ListToolsResult::with_all_items(told.collect()))
    }

    fn get_tool(&self, name: &str) -> Option<rmcp::model::Tool> {
        self.tool(name).map(|tool| tool.told.clone())
    }

    async fn call_tool(
        &self,
        call: CallToolRequestParams,
        context: RequestContext<RoleServer>,
    ) -> Result<CallToolResponse, ErrorData> {
        let Some(tool) = self.tool(&call.name) else {
            let text = format!("There is no tool {:?}.", call.name);
            return Err(ErrorData::invalid_params(text, None));
        };
        let Some(parts) = context.extensions.get::<Parts>() else {
            return Err(ErrorData::internal_error("The request was lost.", None));
        };
        let response = match calls::request(tool, call.arguments.unwrap_or_default(), parts) {
            Ok(request) => {
                let Ok(response) = self.api.clone().oneshot(request).await;
                response
            }
            Err(invalid) => calls::refused(invalid),
        };
        Ok(calls::told(response).await.into())
    }
}
