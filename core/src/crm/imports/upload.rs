//! Keeping a file as it arrives: each piece by a short statement of its own, so that a slow client holds nothing.

use uuid::Uuid;

use super::cutter::Cutter;
use super::{Import, ImportId, ImportState, store};
use crate::crm::ImportsWrite;
use crate::custom;
use crate::http::{ApiError, ApiResult, Can, Upload};

/// Imports of an organization that are under way at once.
const MOST: i64 = 10;

/// Takes the file of an import, which begins to run once all of it is there.
///
/// # Errors
/// 409 where it has one already, or where another file comes in its place; what is wrong with the file.
pub(super) async fn receive(caller: &Can<ImportsWrite>, id: ImportId, file: Upload) -> ApiResult<Import> {
    let upload = Uuid::new_v4();
    let import = begin(caller, id, upload).await?;
    let taken = take(caller, import, upload, file).await;
    if taken.is_err() {
        give_up(caller, id, upload).await?;
    }
    taken
}

async fn take(caller: &Can<ImportsWrite>, import: Import, upload: Uuid, mut file: Upload) -> ApiResult<Import> {
    let id = import.id;
    let own = match import.mapping.iter().next() {
        Some(_) => Vec::new(),
        None => caller.read(custom::fields(import.resource.customized())).await?,
    };
    let mut cutter = Cutter::new(import.resource, import.mapping, own);
    while let Some(bytes) = file.next().await? {
        cutter.push(&bytes)?;
        keep(caller, id, upload, &mut cutter).await?;
    }
    let (header, rows) = cutter.end()?;
    keep(caller, id, upload, &mut cutter).await?;
    caller
        .transaction(async |tx| {
            let import = tx.run(store::lock(caller.reach(), id)).await?.ok_or_else(ApiError::not_found)?;
            if import.state != ImportState::Uploading || import.upload != Some(upload) {
                return Err(replaced());
            }
            Ok(tx.run(store::start(caller.reach(), id, header, rows)).await?)
        })
        .await
}

async fn begin(caller: &Can<ImportsWrite>, id: ImportId, upload: Uuid) -> ApiResult<Import> {
    caller
        .transaction(async |tx| {
            let import = tx.run(store::lock(caller.reach(), id)).await?.ok_or_else(ApiError::not_found)?;
            // Whoever made it may have lost the right since, and somebody else may send its file.
            if !caller.allows(import.resource.permission()) {
                return Err(ApiError::forbidden(import.resource.permission()));
            }
            if !matches!(import.state, ImportState::Waiting | ImportState::Uploading) {
                let detail = "This import has its file already, or is over. Make another one.";
                return Err(ApiError::conflict("import_has_file", detail));
            }
            let open = tx.run(store::open(caller.reach(), MOST + 1)).await?;
            let others = open.iter().filter(|other| other.id != id).count();
            if i64::try_from(others).is_ok_and(|others| others >= MOST) {
                let detail = "Ten imports are under way. Wait until one is over, or cancel one.";
                return Err(ApiError::conflict("too_many_imports", detail));
            }
            tx.run(store::forget_file(id)).await?;
            Ok(tx.run(store::begin(caller.reach(), id, upload)).await?)
        })
        .await
}

/// Forgets a file that was refused, so that another one can be sent and nobody waits for this one.
async fn give_up(caller: &Can<ImportsWrite>, id: ImportId, upload: Uuid) -> ApiResult<()> {
    caller
        .transaction(async |tx| {
            let import = tx.run(store::lock(caller.reach(), id)).await?;
            if import.is_some_and(|import| import.state == ImportState::Uploading && import.upload == Some(upload)) {
                tx.run(store::forget_file(id)).await?;
                tx.run(store::wait(caller.reach(), id)).await?;
            }
            Ok(())
        })
        .await
}

async fn keep(caller: &Can<ImportsWrite>, id: ImportId, upload: Uuid, cutter: &mut Cutter) -> ApiResult<()> {
    while let Some(piece) = cutter.piece() {
        if !caller.write(store::keep(caller.reach(), id, upload, piece)).await? {
            return Err(replaced());
        }
    }
    Ok(())
}

fn replaced() -> ApiError {
    ApiError::conflict("import_replaced", "The import was cancelled, or its file is being sent by another request.")
}
