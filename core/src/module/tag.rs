//! The headings under which the document shows the operations of core.

use poem_openapi::Tags;

/// A heading of core's operations. A module has its own.
#[derive(Tags)]
pub enum Tag {
    /// People, sessions and tokens.
    #[oai(rename = "Sign-in")]
    SignIn,
    /// The organization that the token is for.
    Organization,
    /// Who belongs to the organization, and what they may do.
    Members,
    /// People whom the organization knows.
    Contacts,
    /// Whom those people work for.
    Companies,
    /// What may be sold, and the stages that it goes through.
    Deals,
    /// What somebody has to do.
    Tasks,
    /// What happened with somebody: notes, calls, meetings, e-mails.
    Activities,
    /// Work that several people do together.
    Projects,
    /// What can be booked, when, and who has it.
    Calendar,
    /// What lists are asked for again and again.
    Views,
    /// Files whose rows become records.
    Imports,
    /// All kinds of records at once.
    Search,
    /// How the organization stands, and what stands out.
    Reports,
    /// Who changed what.
    #[oai(rename = "Audit and events")]
    Events,
    /// What people are told by letter and text message, in which words, and who wants none.
    Notifications,
    /// For those who run the platform, with accounts of their own.
    Operators,
}
