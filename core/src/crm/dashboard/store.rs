//! The statement of the dashboard: the parts that the caller may see, each under the caller's reach.

use serde::de::DeserializeOwned;
use tokio_postgres::types::Json;
use uuid::Uuid;

use super::period::{Period, next};
use super::tasks::TaskReport;
use super::{Dashboard, NewRecords, activity, closed, made, pipeline, tasks};
use crate::crm::activities::Activity;
use crate::crm::calendar::{ByClock, Calendar};
use crate::crm::companies::Company;
use crate::crm::contacts::Contact;
use crate::crm::deals::Deal;
use crate::crm::pipelines::PipelineId;
use crate::crm::tasks::Task;
use crate::sql;
use crate::tenancy::{Columns, DbError, FromRow, Reach, Statement, Unowned, reached};
use crate::value::TimeZone;

/// Which parts the caller may see.
pub(super) struct Parts {
    pub(super) deals: bool,
    pub(super) activities: bool,
    pub(super) tasks: bool,
    pub(super) contacts: bool,
    pub(super) companies: bool,
}

/// What the statement gives back, each part as JSON.
struct Line {
    zone: TimeZone,
    fits: bool,
    pipeline: Option<Vec<pipeline::Line>>,
    closed: Option<Vec<closed::Line>>,
    activity: Option<Vec<activity::Line>>,
    tasks: Option<TaskReport>,
    contacts: Option<NewRecords>,
    companies: Option<NewRecords>,
}

impl FromRow for Line {
    const COLUMNS: &'static str = "";

    fn from_columns(columns: &mut Columns<'_>) -> Result<Self, DbError> {
        Ok(Self {
            zone: columns.take()?,
            fits: columns.take()?,
            pipeline: json(columns)?,
            closed: json(columns)?,
            activity: json(columns)?,
            tasks: json(columns)?,
            contacts: json(columns)?,
            companies: json(columns)?,
        })
    }
}

fn json<T: DeserializeOwned + 'static>(columns: &mut Columns<'_>) -> Result<Option<T>, DbError> {
    Ok(columns.take::<Option<Json<T>>>()?.map(|json| json.0))
}

// Numbers and sums of what the caller reaches, and no record.
impl Unowned for Line {}

/// The dashboard, or the zone that it has to be asked by.
pub(super) fn dashboard(
    reach: Reach,
    parts: Parts,
    person: Uuid,
    pipeline: Option<PipelineId>,
    period: Period,
    calendar: &Calendar,
) -> Statement<ByClock<Dashboard>> {
    let given = |allowed: bool, part| if allowed { part } else { sql!("NULL::jsonb") };
    let comma = sql!(",");
    let within = reached(reach).with::<Deal>().with::<Activity>().with::<Task>().with::<Contact>().with::<Company>();
    let query = within.parts([
        sql!(
            ", asked AS MATERIALIZED (SELECT $2::timestamptz AS now, $3::timestamptz AS before, $4::timestamptz AS since, ",
            "$5::timestamptz AS until, $6::timestamptz AS tomorrow, $7::timestamptz AS in_a_week, $8::timestamptz[] AS steps, ",
            "$9::uuid AS person, $10::uuid AS pipeline FROM notification_settings n WHERE $1::text IS NULL OR n.time_zone = $1 ",
            "LIMIT 1) SELECT n.time_zone, EXISTS (SELECT 1 FROM asked),"
        ),
        given(parts.deals, pipeline::SQL),
        comma,
        given(parts.deals, closed::SQL),
        comma,
        given(parts.activities, activity::SQL),
        comma,
        given(parts.tasks, tasks::SQL),
        comma,
        given(parts.contacts, made::CONTACTS),
        comma,
        given(parts.companies, made::COMPANIES),
        sql!("FROM notification_settings n LIMIT 1"),
    ]);
    let today = calendar.today();
    let query = query
        .bind(calendar.must_be())
        .bind(calendar.now())
        .bind(calendar.start(period.before.into()))
        .bind(calendar.start(period.from.into()))
        .bind(period.end(calendar))
        .bind(calendar.start(next(today, 1)))
        .bind(calendar.start(next(today, 8)))
        .bind(period.step_starts(calendar))
        .bind(person)
        .bind(pipeline);
    let zone = calendar.zone();
    query.one::<Line>().map(move |line| if line.fits { Ok(whole(line, parts, &period, zone)) } else { Err(line.zone) })
}

fn whole(line: Line, parts: Parts, period: &Period, zone: String) -> Dashboard {
    let Line { pipeline, closed, activity, tasks, contacts, companies, .. } = line;
    Dashboard {
        from: period.from,
        until: period.until,
        before: period.before,
        zone,
        // Where there is nothing to sum, there is no line.
        pipeline: parts.deals.then(|| pipeline::value(pipeline.unwrap_or_default())),
        closed: parts.deals.then(|| closed::outcomes(closed.unwrap_or_default())),
        activity: parts.activities.then(|| activity::report(activity.unwrap_or_default(), period)),
        tasks,
        contacts,
        companies,
    }
}
