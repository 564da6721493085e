//! What the descriptor says of views: what happens to them is heard, and can be undone.

use crate::crm::{ViewsManage, ViewsRead, ViewsWrite};
use crate::events::{EventSource, Undoable};
use crate::permission::Permission as _;
use crate::sql;

pub(in crate::crm) const VIEWS: EventSource = EventSource {
    name: "view",
    resource: "views",
    read: &ViewsRead::INFO,
    undo: Some(Undoable {
        table: sql!("views"),
        columns: sql!("id, user_id, place, resource, name, query, shared, version, created_at, updated_at"),
        writes: &[&ViewsWrite::INFO, &ViewsManage::INFO],
        refers: &[],
        unique: &[],
        kept_by: &[],
        bound: None,
        follow: None,
        settable: &[],
    }),
};
