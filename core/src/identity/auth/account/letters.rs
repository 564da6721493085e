//! The letters about accounts, each to one address.

use super::one_time::OneTimeToken;
use crate::identity::notices;
use crate::mail::Mail;
use crate::notify::{Destination, Notice, NoticeKind};

fn letter(kind: &'static NoticeKind, to: String) -> Notice {
    Notice::new(kind, Destination::stored(to))
}

pub(super) fn verify(mail: &Mail, to: String, token: &OneTimeToken) -> Notice {
    letter(&notices::VERIFY_EMAIL, to).with("link", mail.link("verify-email", &token.text))
}

pub(super) fn reset(mail: &Mail, to: String, token: &OneTimeToken) -> Notice {
    letter(&notices::RESET_PASSWORD, to).with("link", mail.link("reset-password", &token.text))
}

pub(in crate::identity) fn password_changed(to: String) -> Notice {
    letter(&notices::PASSWORD_CHANGED, to)
}

pub(super) fn confirm_registration(mail: &Mail, to: String, token: &OneTimeToken) -> Notice {
    letter(&notices::CONFIRM_REGISTRATION, to).with("link", mail.link("confirm-registration", &token.text))
}

pub(super) fn already_registered(to: String) -> Notice {
    letter(&notices::ALREADY_REGISTERED, to)
}

pub(super) fn change(mail: &Mail, to: String, token: &OneTimeToken) -> Notice {
    letter(&notices::CHANGE_EMAIL, to).with("link", mail.link("confirm-email", &token.text))
}

/// To the present address, whichever the new one is.
pub(in crate::identity) fn change_asked(to: String) -> Notice {
    letter(&notices::CHANGE_EMAIL_ASKED, to)
}

pub(in crate::identity) fn address_changed(to: String) -> Notice {
    letter(&notices::EMAIL_CHANGED, to)
}
