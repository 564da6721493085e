//! Reading a list from its beginning to its end, a batch at a time.

use std::time::{Duration, Instant};

use bytes::Bytes;
use futures_util::{StreamExt as _, stream};
use poem_openapi::types::Type;
use serde::Serialize;

use super::lines::Lines;
use super::seats::Seat;
use super::{Export, ExportFormat};
use crate::custom;
use crate::http::{ApiError, ApiResult, Can, Listing, Place, Unpaged};
use crate::permission::Reads;
use crate::tenancy::{List, Reach};

/// Records a batch. One is in memory at a time, with its lines.
const BATCH: usize = 500;
/// For so long an export may go on.
const LONGEST: Duration = Duration::from_secs(3600);

/// A list that is being read.
struct Walk<L: Listing, P> {
    caller: Can<P>,
    list: fn(Reach) -> List<L::Record>,
    asked: Unpaged<L>,
    lines: Lines,
    after: Option<Place>,
    is_over: bool,
    began: Instant,
    _seat: Seat,
}

/// Exports what is asked for of a list. Its first batch is read before there is an answer, so that what keeps it from being read is a
/// problem.
///
/// # Errors
/// 429 where the organization has enough exports under way; those of reading a list.
pub(crate) async fn export<L, P>(
    caller: Can<P>,
    list: fn(Reach) -> List<L::Record>,
    asked: Unpaged<L>,
    format: Option<ExportFormat>,
) -> ApiResult<Export>
where
    L: Listing,
    L::Record: Serialize + Type,
    P: Reads,
{
    let format = format.unwrap_or(ExportFormat::Csv);
    let seat = caller.platform().exports().begin(caller.tenant())?;
    let lines = Lines::of::<L::Record>(format);
    let mut first = lines.head()?;
    let began = Instant::now();
    let mut walk = Walk { caller, list, asked, lines, after: None, is_over: false, began, _seat: seat };
    first.extend(walk.next().await?);
    let rest = stream::unfold(Some(walk), |walk| async {
        let mut walk = walk.filter(|walk| !walk.is_over)?;
        match walk.next().await {
            Ok(lines) => Some((Ok(lines.into()), Some(walk))),
            // The body breaks off, so that nobody takes it for the whole.
            Err(error) => {
                tracing::warn!(error = %error, "an export broke off");
                Some((Err(std::io::Error::other("the export broke off")), None))
            }
        }
    });
    let content = stream::once(async { Ok(Bytes::from(first)) }).chain(rest).boxed();
    Ok(Export { name: L::NAME, format, content })
}

impl<L, P> Walk<L, P>
where
    L: Listing,
    L::Record: Serialize,
    P: Reads,
{
    async fn next(&mut self) -> ApiResult<Vec<u8>> {
        if self.began.elapsed() > LONGEST {
            return Err(ApiError::unavailable(Duration::from_secs(1)));
        }
        let (asked, caller) = (&self.asked, &self.caller);
        let list = (self.list)(caller.reach());
        let place = (self.after.take(), i64::try_from(BATCH).unwrap_or(i64::MAX));
        let (records, order) = match asked.own() {
            None => {
                let (batch, order) = asked.batch(caller, list, &[], place)?;
                (caller.read(batch).await?, order)
            }
            Some(kind) => {
                let read = caller.read_all(async |tx| {
                    let fields = tx.run(custom::fields(kind)).await?;
                    let (batch, order) = asked.batch(caller, list, &fields, place)?;
                    Ok((tx.run(batch).await?, order))
                });
                read.await?
            }
        };
        self.is_over = records.len() < BATCH;
        self.after = records.last().map(order.position);
        self.lines.write(&records)
    }
}
