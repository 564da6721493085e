//! A caller who may come with a ticket in the query in place of a token in the header.

use std::sync::Arc;

use http::header;
use poem::{Request, RequestBody};
use poem_openapi::__private::UrlQuery;
use poem_openapi::{ApiExtractor, ApiExtractorType, ExtractParamOptions};

use super::extract::{allowed, caller_of, platform};
use super::{Can, caller};
use crate::http::ApiError;
use crate::identity::ticket;
use crate::permission::Permission;

/// The parameter in the query.
const TICKET: &str = "ticket";

/// As [`Can`], by a token, an API key or a ticket. For what browsers open without letting anybody set a header, and for
/// nothing else: the operation declares the parameter `ticket`.
pub struct Ticketed<P>(pub Can<P>);

impl<'a, P: Permission> ApiExtractor<'a> for Ticketed<P> {
    const TYPES: &'static [ApiExtractorType] = &[ApiExtractorType::SecurityScheme];
    type ParamType = ();
    type ParamRawType = ();

    fn security_schemes() -> Vec<&'static str> {
        vec![P::INFO.name]
    }

    async fn from_request(request: &'a Request, _: &mut RequestBody, _: ExtractParamOptions<()>) -> poem::Result<Self> {
        let query = request.extensions().get::<UrlQuery>();
        let shown = query.and_then(|query| query.0.iter().find(|(name, _)| name == TICKET));
        let caller = match shown {
            None => caller(request).await?,
            Some(_) if request.headers().contains_key(header::AUTHORIZATION) => {
                return Err(ApiError::malformed("Send a ticket, or the header Authorization, and not both.").into());
            }
            Some((_, text)) => {
                let platform = platform(request)?;
                let claims = platform.db().run(ticket::redeem(text)).await.map_err(ApiError::from)?;
                caller_of(request, platform, Arc::new(claims.ok_or_else(used)?))?
            }
        };
        Ok(Self(allowed(caller).await?))
    }
}

/// 401: the ticket is none, or none any more.
fn used() -> ApiError {
    ApiError::unauthenticated(
        "This ticket was used, or is older than 30 seconds. Get another one at POST /live/tickets.",
    )
}
