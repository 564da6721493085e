//! The operations on what a contact has said about notices.

use poem_openapi::OpenApi;
use poem_openapi::param::Path;
use time::{Duration, OffsetDateTime};

use super::{ContactConsents, NewContactConsent};
use crate::crm::contacts::{ContactId, store as contacts};
use crate::crm::{ContactsRead, ContactsWrite};
use crate::http::{Answer, ApiError, ApiResult, Body, Can};
use crate::module::Tag;
use crate::notify::Channel;
use crate::notify::consents::{ConsentPurpose, store as consents};
use crate::tenancy::{Reach, TenantTx};

/// How far a client's clock may be ahead of ours.
const AHEAD: Duration = Duration::minutes(1);

/// What contacts have said about notices.
#[derive(Default)]
pub struct ContactConsentsApi;

#[OpenApi(tag = "Tag::Contacts")]
impl ContactConsentsApi {
    /// Show what a contact has said about notices.
    ///
    /// For each e-mail address and telephone number that the contact has now. It is said about the address, and is what notices obey,
    /// whichever way it was said: here, by `PUT /notification-consents`, or with an unsubscribe link. An address that the contact
    /// gets later starts with nothing said: no advertising goes there, and what is under way does. One that the contact gets back
    /// has what was said about it before.
    #[oai(path = "/contacts/:id/consents", method = "get", operation_id = "contacts_consents_get")]
    async fn get(&self, caller: Can<ContactsRead>, id: Path<ContactId>) -> ApiResult<Answer<ContactConsents>> {
        caller.read_all(async |tx| show(tx, caller.reach(), id.0).await).await.map(Answer)
    }

    /// Write down that a contact consents to notices, or refuses them.
    ///
    /// It holds for each e-mail address (or telephone number) that the contact has now; 409 where there is none. Said again, the
    /// first source and time stay. Where something else was said at a later time than `at`, that stands.
    #[oai(path = "/contacts/:id/consents/:channel/:purpose", method = "put", operation_id = "contacts_consents_put")]
    async fn put(
        &self,
        caller: Can<ContactsWrite>,
        id: Path<ContactId>,
        /// How notices are sent.
        channel: Path<Channel>,
        /// Why they are.
        purpose: Path<ConsentPurpose>,
        body: Body<NewContactConsent>,
    ) -> ApiResult<Answer<ContactConsents>> {
        let NewContactConsent { given, source, at } = body.0;
        if at.is_some_and(|at| OffsetDateTime::from(at) > OffsetDateTime::now_utc() + AHEAD) {
            return Err(ApiError::invalid().at("/at", "a time that is not in the future"));
        }
        let said = caller.transaction(async |tx| {
            let contact = tx.run(contacts::find(caller.reach(), id.0)).await?.ok_or_else(ApiError::not_found)?;
            let addresses = contact.destinations(channel.0);
            if addresses.is_empty() {
                return Err(ApiError::conflict("no_address", nowhere(channel.0)));
            }
            tx.run(consents::say(addresses, channel.0, purpose.0.into(), given, source, at)).await?;
            show(tx, caller.reach(), id.0).await
        });
        said.await.map(Answer)
    }
}

const fn nowhere(channel: Channel) -> &'static str {
    match channel {
        Channel::Email => "The contact has no e-mail address. Add one first.",
        Channel::Sms => "The contact has no telephone number with its country. Add one first.",
    }
}

async fn show(tx: &mut TenantTx, reach: Reach, id: ContactId) -> ApiResult<ContactConsents> {
    let contact = tx.run(contacts::find(reach, id)).await?.ok_or_else(ApiError::not_found)?;
    let mut addresses = contact.destinations(Channel::Email);
    addresses.extend(contact.destinations(Channel::Sms));
    let said = tx.run(consents::of(addresses)).await?;
    Ok(ContactConsents::new(&contact, said))
}
