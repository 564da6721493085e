//! The operations on templates.

use poem_openapi::OpenApi;
use poem_openapi::param::Path;

use super::{Draft, KindAnswer, KindList, NewTemplate, Preview, Template, TextRef, VariableAnswer, store};
use crate::http::{Answer, ApiError, ApiResult, Body, Can, Deleted, IfMatchGiven, Item, Versioned};
use crate::module::{Module, Tag};
use crate::notify::chosen::{self, Chosen, Source};
use crate::notify::kind::{Channel, NoticeKind};
use crate::notify::wording::{MESSAGE, Values, Wording, WordingFault, examples};
use crate::notify::{NotificationsRead, NotificationsWrite, settings};
use crate::tenancy::TenantTx;
use crate::value::{Locale, Text};

/// Templates of notices.
#[derive(Default)]
pub struct TemplatesApi;

#[OpenApi(tag = "Tag::Notifications")]
impl TemplatesApi {
    /// List the kinds of notices.
    ///
    /// Those of the modules that are enabled, with what their texts can say, and which texts there are.
    #[oai(path = "/notification-templates", method = "get", operation_id = "notification_templates_list")]
    async fn list(&self, caller: Can<NotificationsRead>) -> ApiResult<Answer<KindList>> {
        let own = caller.read(store::names()).await?;
        let modules = caller.platform().db().run(store::modules_of(caller.tenant())).await?;
        let of = |module: &Module| module.required || modules.iter().any(|name| name == module.name);
        let kinds = caller.modules().notices().filter(|(module, kind)| kind.of_organization && of(module));
        let mut items: Vec<KindAnswer> = kinds.map(|(_, kind)| answer(kind, &own)).collect();
        items.sort_by(|a, b| a.kind.cmp(&b.kind));
        Ok(Answer(KindList { items }))
    }

    /// Show the words that hold.
    ///
    /// The organization's own in this language, or else those that stand in for them.
    #[oai(
        path = "/notification-templates/:kind/:channel/:language",
        method = "get",
        operation_id = "notification_templates_get"
    )]
    async fn get(
        &self,
        caller: Can<NotificationsRead>,
        kind: Path<Text<60>>,
        channel: Path<Channel>,
        language: Path<Locale>,
    ) -> ApiResult<Item<Template>> {
        let kind = caller.read_all(async |tx| known(&caller, tx, &kind.0, channel.0, &language.0).await).await?;
        let (chosen, stored) = holding(&caller, kind, channel.0, &language.0).await?;
        Ok(Item(stored.unwrap_or_else(|| Template::of_default(kind, channel.0, chosen))))
    }

    /// Choose words.
    ///
    /// Refused where they name something that the kind does not have, or leave out a link that it must have. From then on
    /// they stand in the place of the default ones.
    #[oai(
        path = "/notification-templates/:kind/:channel/:language",
        method = "put",
        operation_id = "notification_templates_put"
    )]
    #[allow(clippy::too_many_arguments, reason = "an operation takes what its path has")]
    async fn put(
        &self,
        caller: Can<NotificationsWrite>,
        kind: Path<Text<60>>,
        channel: Path<Channel>,
        language: Path<Locale>,
        /// The ETag of the version that was read, where only that one may change; `"0"` where there was none.
        #[oai(name = "If-Match")]
        version: IfMatchGiven,
        body: Body<NewTemplate>,
    ) -> ApiResult<Item<Template>> {
        let (channel, language) = (channel.0, language.0.canonical());
        let wording = Wording { subject: body.0.subject.map(|own| own.to_string()), body: body.0.body.to_string() };
        let stored = caller
            .transaction(async |tx| {
                let kind = known(&caller, tx, &kind.0, channel, &language).await?;
                fits(kind, channel, &wording)?;
                tx.run(store::lock()).await?;
                let before = tx.run(store::find(kind.name, channel, language.clone())).await?.map(Template::from);
                before.unwrap_or_else(|| none_yet(kind, channel, &language)).expect_given(&version)?;
                let Wording { subject, body } = wording;
                let put = store::put(kind.name, channel, language, subject, body);
                tx.run(put).await?.ok_or_else(|| ApiError::from(store::TOO_MANY))
            })
            .await?;
        Ok(Item(stored.into()))
    }

    /// Go back to the default words.
    #[oai(
        path = "/notification-templates/:kind/:channel/:language",
        method = "delete",
        operation_id = "notification_templates_delete"
    )]
    async fn delete(
        &self,
        caller: Can<NotificationsWrite>,
        kind: Path<Text<60>>,
        channel: Path<Channel>,
        language: Path<Locale>,
        /// The ETag of the version that was read, where only that one may go.
        #[oai(name = "If-Match")]
        version: IfMatchGiven,
    ) -> ApiResult<Deleted> {
        let (channel, language) = (channel.0, language.0.canonical());
        caller
            .transaction(async |tx| {
                let kind = known(&caller, tx, &kind.0, channel, &language).await?;
                tx.run(store::lock()).await?;
                let before = tx.run(store::find(kind.name, channel, language.clone())).await?;
                Template::from(before.ok_or_else(ApiError::not_found)?).expect_given(&version)?;
                tx.run(store::delete(kind.name, channel, language)).await?;
                Ok(Deleted)
            })
            .await
    }

    /// Preview a notice.
    ///
    /// Shows words as their recipient would see them: those given, or else those that hold. Nothing is sent or stored.
    #[oai(
        path = "/notification-templates/:kind/:channel/:language/preview",
        method = "post",
        operation_id = "notification_templates_preview"
    )]
    async fn preview(
        &self,
        caller: Can<NotificationsRead>,
        kind: Path<Text<60>>,
        channel: Path<Channel>,
        language: Path<Locale>,
        body: Body<Draft>,
    ) -> ApiResult<Answer<Preview>> {
        // A key of idempotency is kept where that is.
        caller.admit().await?;
        let (channel, draft) = (channel.0, body.0);
        let kind = caller.read_all(async |tx| known(&caller, tx, &kind.0, channel, &language.0).await).await?;
        let (Chosen { mut wording, .. }, _) = holding(&caller, kind, channel, &language.0).await?;
        let is_new = draft.subject.is_some() || draft.body.is_some();
        if let Some(subject) = draft.subject {
            wording.subject = Some(subject.to_string());
        }
        if let Some(body) = draft.body {
            wording.body = body.to_string();
        }
        if is_new {
            fits(kind, channel, &wording)?;
        }
        let mut values = examples(kind);
        give(&mut values, draft.variables.unwrap_or_default())?;
        let rendered = wording.render(kind, channel, &values).map_err(refused)?;
        Ok(Answer(rendered.into()))
    }
}

fn answer(kind: &'static NoticeKind, own: &[store::Named]) -> KindAnswer {
    let mut texts: Vec<TextRef> = own.iter().filter(|own| own.kind == kind.name).map(TextRef::from).collect();
    for default in kind.defaults {
        let is_own = texts.iter().any(|own| own.channel == default.channel && own.language == default.language);
        if !is_own {
            let language = default.language.to_owned();
            texts.push(TextRef { channel: default.channel, language, source: Source::Default });
        }
    }
    texts.sort_by(|a, b| (a.channel.as_str(), &a.language).cmp(&(b.channel.as_str(), &b.language)));
    let variables = kind.variables().map(VariableAnswer::from).collect();
    KindAnswer { kind: kind.name.to_owned(), title: kind.title.to_owned(), purpose: kind.purpose, variables, texts }
}

/// The kind of this name, as far as the organization has it, once the caller was let in.
async fn known<P: crate::permission::Permission>(
    caller: &Can<P>,
    tx: &mut TenantTx,
    name: &Text<60>,
    channel: Channel,
    language: &Locale,
) -> ApiResult<&'static NoticeKind> {
    // Whoever is not let in does not learn what there is.
    tx.run(settings::store::find()).await?;
    let found = caller.modules().notices().find(|(_, kind)| kind.name == name.as_str());
    let found = found.filter(|(_, kind)| kind.of_organization && kind.has(channel) && language.is_plain());
    let (module, kind) = found.ok_or_else(ApiError::not_found)?;
    if !module.required && !caller.has_module(module.name).await? {
        return Err(ApiError::not_found());
    }
    Ok(kind)
}

/// The words that hold, and the organization's own where it is those.
async fn holding(
    caller: &Can<NotificationsRead>,
    kind: &'static NoticeKind,
    channel: Channel,
    language: &Locale,
) -> ApiResult<(Chosen, Option<Template>)> {
    let (settings, mut stored) = caller
        .read_all(async |tx| {
            Ok((tx.run(settings::store::find()).await?, tx.run(store::of_kind(kind.name, channel)).await?))
        })
        .await?;
    let own = stored.iter().map(chosen::Own::from).collect();
    let chosen = chosen::choose(kind, channel, language, &settings.language, own).ok_or_else(ApiError::not_found)?;
    let at = stored.iter().position(|own| chosen.source == Source::Organization && own.language == chosen.language);
    let stored = at.map(|at| Template::from(stored.swap_remove(at)));
    Ok((chosen, stored))
}

/// Whether these words can be stored and sent.
fn fits(kind: &NoticeKind, channel: Channel, wording: &Wording) -> ApiResult<()> {
    match (channel, &wording.subject) {
        (Channel::Email, None) => return Err(ApiError::invalid().at("/subject", "a letter needs a subject")),
        (Channel::Sms, Some(_)) => return Err(ApiError::invalid().at("/subject", "a text message has no subject")),
        _ => {}
    }
    if channel == Channel::Sms && wording.body.chars().count() > MESSAGE {
        return Err(ApiError::invalid().at("/body", format!("a text message has at most {MESSAGE} characters")));
    }
    wording.check(kind, channel).map_err(refused)
}

fn refused(fault: WordingFault) -> ApiError {
    match fault {
        WordingFault::Subject(fault) => ApiError::invalid().at("/subject", fault.to_string()),
        WordingFault::Body(fault) => ApiError::invalid().at("/body", fault.to_string()),
    }
}

fn give(values: &mut Values, given: Vec<super::DraftValue>) -> ApiResult<()> {
    if given.len() > 50 {
        return Err(ApiError::invalid().at("/variables", "at most 50"));
    }
    for (n, super::DraftValue { name, value }) in given.into_iter().enumerate() {
        let place = values.get_mut(name.as_str());
        let place = place
            .ok_or_else(|| ApiError::invalid().at(format!("/variables/{n}/name"), "the kind has no such variable"))?;
        *place = value.to_string();
    }
    Ok(())
}

fn none_yet(kind: &NoticeKind, channel: Channel, language: &Locale) -> Template {
    let wording = Wording { subject: None, body: String::new() };
    Template::of_default(kind, channel, Chosen { language: language.clone(), source: Source::Default, wording })
}
