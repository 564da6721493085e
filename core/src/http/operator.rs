//! An operator as a caller: made by an operator's token alone, checked against the database at each request.

use aws_lc_rs::hmac;
use poem::{Request, RequestBody};
use poem_openapi::{ApiExtractor, ApiExtractorType, ExtractParamOptions};
use uuid::Uuid;

use super::ApiError;
use super::caller::{Origin, bearer, platform};
use super::cursor::Lister;
use super::once::{Guard, Once, Who};
use super::server::ClientAddr;
use crate::operator::audit::Doer;
use crate::platform::{Platform, PlatformTx};
use crate::row;
use crate::sql;
use crate::tenancy::{Statement, select};

/// Somebody who is signed in as an operator. It opens no organization's door; only what stands in the schema
/// `platform` is there for it.
pub struct Operator {
    platform: Platform,
    id: Uuid,
    session: Uuid,
    doer: Doer,
    origin: Origin,
    once: Option<Once>,
}

/// The name by which [`Operator`] enters the document.
pub const OPERATOR: &str = "operator";

impl Operator {
    /// The operator.
    pub fn id(&self) -> Uuid {
        self.id
    }

    /// The session of the token.
    pub fn session(&self) -> Uuid {
        self.session
    }

    /// Who acts, for the audit.
    pub(crate) fn doer(&self) -> Doer {
        self.doer
    }

    /// Runs a statement on the schema `platform`.
    pub(crate) async fn run<T>(&self, statement: Statement<T>) -> Result<T, ApiError> {
        match &self.once {
            None => Ok(self.platform.db().run(statement).await?),
            Some(_) => self.transaction(async |tx| Ok(tx.run(statement).await?)).await,
        }
    }

    /// Runs several statements on the schema `platform` as one transaction; it is committed where `work` ends well,
    /// and only then.
    pub(crate) async fn transaction<T, F>(&self, work: F) -> Result<T, ApiError>
    where
        F: AsyncFnOnce(&PlatformTx<'_>) -> Result<T, ApiError>,
    {
        let acting = async |tx: &PlatformTx<'_>| {
            tx.act(self.origin.operator(self.id, self.session)).await?;
            work(tx).await
        };
        match &self.once {
            None => self.platform.db().transaction(acting).await,
            Some(once) => once.on_platform(&self.platform, Guard::Asked, acting).await,
        }
    }

    pub(crate) fn platform(&self) -> &Platform {
        &self.platform
    }
}

/// All operators see the same lists, of all organizations.
impl Lister for Operator {
    fn cursor_key(&self) -> &hmac::Key {
        self.platform.cursor_key()
    }

    fn list_owner(&self) -> Uuid {
        Uuid::nil()
    }
}

/// The operator of a live session, one query for each request: what ends it holds from the next one on.
struct Live {
    operator_id: Uuid,
}
row!(Live { operator_id });

fn live(session: Uuid) -> Statement<Option<Live>> {
    select::<Live>(sql!(
        "FROM operator_sessions JOIN operators o ON o.id = operator_id WHERE operator_sessions.id = $1 ",
        "AND ended_at IS NULL AND expires_at > now() AND o.disabled_at IS NULL"
    ))
    .bind(session)
    .optional()
}

async fn operator(request: &Request) -> Result<Operator, ApiError> {
    let platform = platform(request)?;
    let refused = || ApiError::unauthenticated("The operator's token is not valid or has expired. Sign in again.");
    let session = platform.operator_tokens().open(bearer(request)?).ok_or_else(refused)?;
    let Live { operator_id: id } = platform.db().run(live(session)).await?.ok_or_else(refused)?;
    let address = request.data::<ClientAddr>().map(|client| client.0);
    let once = Once::of(request, &platform, None, &Who::Operator(id));
    let (doer, origin) = (Doer { operator: Some(id), user: None, address }, Origin::of(request));
    Ok(Operator { platform, id, session, doer, origin, once })
}

impl<'a> ApiExtractor<'a> for Operator {
    const TYPES: &'static [ApiExtractorType] = &[ApiExtractorType::SecurityScheme];
    type ParamType = ();
    type ParamRawType = ();

    fn security_schemes() -> Vec<&'static str> {
        vec![OPERATOR]
    }

    async fn from_request(request: &'a Request, _: &mut RequestBody, _: ExtractParamOptions<()>) -> poem::Result<Self> {
        Ok(operator(request).await?)
    }
}
