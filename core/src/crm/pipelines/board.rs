//! A pipeline as a board: all its columns, their sums and first cards, in one statement.

use poem_openapi::Object;
use poem_openapi::registry::MetaSchema;
use serde::Serialize;
use serde_json::Value;
use time::OffsetDateTime;

use super::{PipelineId, Stage, Total};
use crate::crm::deals::Deal;
use crate::tenancy::{Columns, DbError, Fragment, FromRow, Reach, Statement, Unowned, reached};
use crate::value::{Currency, Moment, Sum};
use crate::{scalar, sql};

/// How many deals a column of the board shows: 0 to 50, 20 where nothing is said.
#[derive(Clone, Copy, Debug, Serialize)]
#[serde(transparent)]
pub struct Cards(u8);

impl Cards {
    const MAX: u8 = 50;

    /// Reads a number.
    ///
    /// # Errors
    /// What is expected instead.
    pub fn parse(text: &str) -> Result<Self, String> {
        match text.parse() {
            Ok(cards @ 0..=Self::MAX) => Ok(Self(cards)),
            _ => Err(format!("expected a number from 0 to {}", Self::MAX)),
        }
    }
}

impl Default for Cards {
    fn default() -> Self {
        Self(20)
    }
}

scalar!(Cards, "cards", {
    MetaSchema {
        minimum: Some(0.0),
        maximum: Some(f64::from(Cards::MAX)),
        default: Some(Value::from(20)),
        ..MetaSchema::new_with_format("integer", "int32")
    }
});

/// A pipeline with its deals.
#[derive(Debug, Serialize, Object)]
pub struct Board {
    /// Its stages, from left to right.
    pub columns: Vec<BoardColumn>,
}

/// A stage with its deals, as far as the caller reaches them.
#[derive(Debug, Serialize, Object)]
pub struct BoardColumn {
    /// The stage.
    pub stage: Stage,
    /// How many deals are there.
    pub count: i64,
    /// What they come to, by currency.
    pub totals: Vec<Total>,
    /// The first of them, what came last first.
    pub deals: Vec<Deal>,
}

/// One of a stage's deals, or none; with the first of them comes the stage with its sums.
struct Card {
    column: Option<BoardColumn>,
    deal: Option<Deal>,
}

/// How many columns of [`BOARD`] say something of a stage.
const OF_A_STAGE: usize = 13;

impl FromRow for Card {
    const COLUMNS: &'static str = "";

    fn from_columns(columns: &mut Columns<'_>) -> Result<Self, DbError> {
        let column = if columns.take()? {
            let stage = Stage::from_columns(columns)?;
            Some(column(stage, columns.take()?, columns.take()?, columns.take()?))
        } else {
            columns.skip(OF_A_STAGE)?;
            None
        };
        Ok(Self { column, deal: if columns.take()? { Some(Deal::from_columns(columns)?) } else { None } })
    }
}

// Its deal was read from what the caller reaches.
impl Unowned for Card {}

/// The columns of a deal, in the order in which it is read.
macro_rules! deal_columns {
    ($custom:literal) => {
        concat!(
            "d.id, d.title, d.pipeline_id, d.stage_id, d.status, d.amount, d.currency, d.expected_close, d.contact_id, ",
            "d.company_id, d.lost_reason, d.notes, d.tags, ",
            $custom,
            ", d.owner_id, d.stage_since, d.closed_at, d.created_at, d.updated_at, d.version"
        )
    };
}

/// Behind what the caller reaches of deals. A test asks PostgreSQL how it goes about it: sums are made from indexes alone, one
/// column behind the other. A stage stands beside its first card only: it is as wide as a deal.
#[doc(hidden)]
pub const BOARD: Fragment = sql!(
    ", columns AS MATERIALIZED (SELECT s.id, s.pipeline_id, s.name, s.position, s.kind, s.probability, s.required, s.created_at, ",
    "s.updated_at, s.version, w.since, t.currencies, t.counts, t.amounts FROM stages s ",
    "CROSS JOIN LATERAL (SELECT CASE WHEN s.kind = 'open' THEN '-infinity'::timestamptz ELSE $2 END AS since) w ",
    "CROSS JOIN LATERAL (SELECT coalesce(array_agg(g.currency ORDER BY g.currency), '{}') AS currencies, ",
    "coalesce(array_agg(g.count ORDER BY g.currency), '{}') AS counts, ",
    "coalesce(array_agg(g.amount ORDER BY g.currency), '{}') AS amounts FROM (",
    "SELECT d.currency, count(*) AS count, sum(d.amount) AS amount FROM deals_in_reach d ",
    "WHERE s.kind = 'open' AND d.status = 'open' AND d.stage_id = s.id GROUP BY d.currency UNION ALL ",
    "SELECT d.currency, count(*), sum(d.amount) FROM deals_in_reach d ",
    "WHERE s.kind <> 'open' AND d.stage_id = s.id AND d.stage_since >= $2 GROUP BY d.currency) g) t WHERE s.pipeline_id = $1) ",
    "SELECT c.id IS NOT NULL, ",
    "c.id, c.pipeline_id, c.name, c.position, c.kind, c.probability, c.required, c.created_at, c.updated_at, c.version, ",
    "c.currencies, c.counts, c.amounts, d.id IS NOT NULL, ",
    deal_columns!("d.custom"),
    " FROM (SELECT o.id AS place, o.position, d.nth, ",
    deal_columns!("d.custom"),
    " FROM columns o LEFT JOIN LATERAL (",
    "SELECT row_number() OVER (ORDER BY d.stage_since DESC, d.id DESC) AS nth, ",
    // Values of fields that were deleted are hidden, as everywhere.
    deal_columns!("d.custom - ARRAY(SELECT g.key FROM custom_fields_gone g WHERE g.resource = 'deals') AS custom"),
    " FROM deals_in_reach d WHERE d.stage_id = o.id AND d.stage_since >= o.since ",
    "ORDER BY d.stage_since DESC, d.id DESC LIMIT $3) d ON true) d ",
    "LEFT JOIN columns c ON c.id = d.place AND coalesce(d.nth, 1) = 1 ORDER BY d.position, d.place, d.nth"
);

/// The board of a pipeline; none where there is no such pipeline.
pub(super) fn board(
    reach: Reach,
    id: PipelineId,
    cards: Cards,
    closed_since: Option<Moment>,
) -> Statement<Option<Board>> {
    let since = closed_since.map_or_else(|| OffsetDateTime::now_utc() - CLOSED_DAYS, OffsetDateTime::from);
    let board = reached(reach).with::<Deal>().statement(BOARD);
    board.bind(id).bind(since).bind(i64::from(cards.0)).many::<Card>().map(|cards| {
        let mut columns: Vec<BoardColumn> = Vec::new();
        for Card { column, deal } in cards {
            columns.extend(column);
            if let Some(column) = columns.last_mut() {
                column.deals.extend(deal);
            }
        }
        // Every pipeline has stages.
        (!columns.is_empty()).then_some(Board { columns })
    })
}

/// How long the board shows what was closed, unless it is asked for more.
const CLOSED_DAYS: time::Duration = time::Duration::days(30);

fn column(stage: Stage, currencies: Vec<Option<Currency>>, counts: Vec<i64>, amounts: Vec<Option<Sum>>) -> BoardColumn {
    let totals: Vec<Total> = currencies
        .into_iter()
        .zip(counts)
        .zip(amounts)
        .map(|((currency, count), amount)| {
            let weighted = amount.map(|amount| amount.percent(stage.probability));
            Total { currency, count, amount, weighted }
        })
        .collect();
    BoardColumn { stage, count: totals.iter().map(|total| total.count).sum(), totals, deals: Vec::new() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_columns_are_those_of_a_deal() {
        let hidden = "custom - ARRAY(SELECT g.key FROM custom_fields_gone g WHERE g.resource = 'deals')";
        assert_eq!(
            deal_columns!("custom").replace("d.", "").replace(", custom,", &format!(", {hidden},")),
            Deal::COLUMNS
        );
    }
}
