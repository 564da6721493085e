//! The one statement of a timeline.

use time::OffsetDateTime;
use uuid::Uuid;

use super::{NewestFirst, TimelineEntry, TimelineKind};
use crate::crm::activities::{Activity, ActivityKind};
use crate::crm::tasks::Task;
use crate::crm::{ActivitiesRead, TasksRead};
use crate::events::Change;
use crate::events::audit::ActorType;
use crate::http::{ApiError, ApiResult, Can, Cursor, Limit, Page, Paging};
use crate::permission::{Permission as _, Reads};
use crate::row;
use crate::tenancy::{Fragment, Owned, Query, Statement, reached, statement};

/// The SQL of the timeline of records of a table, `about` the column by which activities and tasks name them, where they do: then
/// the records have owners.
///
/// It joins whatever there is to the record, so a record of which nothing is told is a row without values, and one that is not
/// there is none. Each part is read off its index, no further than the page.
#[macro_export]
macro_rules! timeline_sql {
    ($table:literal) => { $crate::timeline_sql!(@ $table, $table, "") };
    ($table:literal about $column:literal) => {
        $crate::timeline_sql!(@ concat!($table, "_in_reach"), $table, concat!(
            "UNION ALL (SELECT id, happened_at, 'activity', owner_id, subject, kind, left(body, 500), NULL, NULL, NULL ",
            "FROM activities_in_reach WHERE $5 AND ", $column, " = $1::uuid ",
            "AND (happened_at, id) < ($2::text::timestamptz, $3::uuid) ORDER BY happened_at DESC, id DESC LIMIT $4) ",
            "UNION ALL (SELECT id, created_at, 'task_created', owner_id, title, NULL, NULL, NULL, NULL, NULL ",
            "FROM tasks_in_reach WHERE $6 AND ", $column, " = $1::uuid ",
            "AND (created_at, id) < ($2::text::timestamptz, $3::uuid) ORDER BY created_at DESC, id DESC LIMIT $4) ",
            "UNION ALL (SELECT id, done_at, 'task_done', done_by, title, NULL, NULL, NULL, NULL, NULL ",
            "FROM tasks_in_reach WHERE $6 AND ", $column, " = $1::uuid ",
            "AND (done_at, id) < ($2::text::timestamptz, $3::uuid) ORDER BY done_at DESC, id DESC LIMIT $4) "
        ))
    };
    (@ $rows:expr, $table:literal, $more:expr) => {
        $crate::sql!(
            "SELECT entry.id, at, kind, user_id, title, activity, words, change, actor, changed ",
            "FROM (SELECT 1 FROM ", $rows, " WHERE id = $1::uuid) AS subject LEFT JOIN (",
            "(SELECT id, at, 'change', user_id, NULL, NULL, NULL, change, kind, ",
            "array(SELECT k FROM jsonb_object_keys(CASE WHEN change = 'updated' THEN after END) AS k ",
            "WHERE k <> 'version' AND k <> 'updated_at' ORDER BY k) FROM journal ",
            "WHERE record = $1::uuid::text AND resource = '", $table, "' AND change <> 'denied' ",
            "AND (at, id) < ($2::text::timestamptz, $3::uuid) ORDER BY at DESC, id DESC LIMIT $4) ",
            $more,
            ") AS entry (id, at, kind, user_id, title, activity, words, change, actor, changed) ON true ",
            "ORDER BY at DESC, entry.id DESC LIMIT $4"
        )
    };
}

/// A page of the timeline of a record that has an owner; `sql` is made by [`timeline_sql!`](crate::timeline_sql) for its table.
/// What is about it and out of the caller's reach, or of a kind that the caller may not see, is left out.
///
/// # Errors
/// 404 where there is no such record in the caller's reach; 400 for a cursor that is none.
pub async fn page<T: Owned, P: Reads>(
    caller: &Can<P>,
    sql: Fragment,
    id: Uuid,
    limit: Option<Limit>,
    cursor: Option<Cursor>,
) -> ApiResult<Page<TimelineEntry>> {
    let query = reached(caller.reach()).with::<T>().with::<Activity>().with::<Task>().statement(sql);
    let seen = [caller.allows(&ActivitiesRead::INFO), caller.allows(&TasksRead::INFO)];
    read(caller, T::RESOURCE.table, query, &seen, id, limit, cursor).await
}

/// The same of a record of a table without owners, which is named once more.
///
/// # Errors
/// As [`page`].
pub async fn page_of_any<P: Reads>(
    caller: &Can<P>,
    table: Fragment,
    sql: Fragment,
    id: Uuid,
    limit: Option<Limit>,
    cursor: Option<Cursor>,
) -> ApiResult<Page<TimelineEntry>> {
    read(caller, table, statement(sql), &[], id, limit, cursor).await
}

async fn read<P: Reads>(
    caller: &Can<P>,
    table: Fragment,
    query: Query,
    seen: &[bool],
    id: Uuid,
    limit: Option<Limit>,
    cursor: Option<Cursor>,
) -> ApiResult<Page<TimelineEntry>> {
    // In this order there is no other list of the records.
    let paging = Paging::new(caller, table.as_str(), NewestFirst, limit, cursor)?;
    let page = paging.page_of(|after, most| {
        // Behind all that there can be.
        let (at, last) = after.unwrap_or((None, Uuid::max()));
        let at = at.unwrap_or_else(|| "infinity".to_owned());
        let query = query.bind(id).bind(at).bind(last).bind(most);
        entries(seen.iter().fold(query, |query, seen| query.bind(*seen)))
    });
    caller.read(page).await?.ok_or_else(ApiError::not_found)
}

/// None where there is no such record.
fn entries(query: Query) -> Statement<Option<Vec<TimelineEntry>>> {
    query.many::<Stored>().map(|rows| (!rows.is_empty()).then(|| rows.into_iter().filter_map(Stored::entry).collect()))
}

/// An entry, or that there is none.
struct Stored {
    id: Option<Uuid>,
    at: Option<OffsetDateTime>,
    kind: Option<TimelineKind>,
    user_id: Option<Uuid>,
    title: Option<String>,
    activity: Option<ActivityKind>,
    text: Option<String>,
    change: Option<Change>,
    actor: Option<ActorType>,
    changed: Option<Vec<String>>,
}
row!(Stored { id, at, kind, user_id, title, activity, text, change, actor, changed });

impl Stored {
    fn entry(self) -> Option<TimelineEntry> {
        let Self { id, at, kind, user_id, title, activity, text, change, actor, changed } = self;
        let (id, at, kind) = (id?, at?, kind?);
        let changed = changed.unwrap_or_default();
        Some(TimelineEntry { id, at, kind, user_id, title, activity, text, change, actor, changed })
    }
}
