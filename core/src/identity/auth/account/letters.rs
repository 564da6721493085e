//! The letters about accounts.

use super::one_time::OneTimeToken;
use crate::mail::{Letter, Mail};

pub(super) fn verify(mail: &Mail, to: String, token: &OneTimeToken) -> Letter {
    let link = mail.link("verify-email", &token.text);
    Letter {
        to,
        subject: "Please confirm your e-mail address".to_owned(),
        text: format!(
            "Hello,\n\nplease confirm that this is your address, within a day:\n\n{link}\n\n\
             If you have not registered, ignore this letter.\n"
        ),
    }
}

pub(super) fn reset(mail: &Mail, to: String, token: &OneTimeToken) -> Letter {
    let link = mail.link("reset-password", &token.text);
    Letter {
        to,
        subject: "Choose a new password".to_owned(),
        text: format!(
            "Hello,\n\nsomebody, probably you, has asked for a new password. To choose one, within 30 minutes:\n\n{link}\n\n\
             If it was not you, ignore this letter; your password stays as it is.\n"
        ),
    }
}

pub(in crate::identity) fn password_changed(to: String) -> Letter {
    Letter {
        to,
        subject: "Your password was changed".to_owned(),
        text: "Hello,\n\nthe password of your account was changed just now, and you were signed out elsewhere.\n\n\
               If it was not you, ask for a new password at once.\n"
            .to_owned(),
    }
}

pub(super) fn confirm_registration(mail: &Mail, to: String, token: &OneTimeToken) -> Letter {
    let link = mail.link("confirm-registration", &token.text);
    Letter {
        to,
        subject: "Please confirm your registration".to_owned(),
        text: format!(
            "Hello,\n\nto finish your registration, within a day, open this and give the password that you chose:\n\n\
             {link}\n\nIf you have not registered, ignore this letter.\n"
        ),
    }
}

pub(super) fn already_registered(to: String) -> Letter {
    Letter {
        to,
        subject: "You are registered already".to_owned(),
        text:
            "Hello,\n\nsomebody, probably you, has tried to register with this address, which has an account already. \
               Sign in instead, or ask for a new password.\n\nIf it was not you, there is nothing to do.\n"
                .to_owned(),
    }
}

pub(super) fn change(mail: &Mail, to: String, token: &OneTimeToken) -> Letter {
    let link = mail.link("confirm-email", &token.text);
    Letter {
        to,
        subject: "Please confirm your new e-mail address".to_owned(),
        text: format!(
            "Hello,\n\nto sign in with this address from now on, open this within a day:\n\n{link}\n\n\
             If you have not asked for that, ignore this letter.\n"
        ),
    }
}

/// To the present address, whichever the new one is.
pub(in crate::identity) fn change_asked(to: String) -> Letter {
    Letter {
        to,
        subject: "Somebody asks for another e-mail address".to_owned(),
        text: "Hello,\n\nsomebody, probably you, has asked to give your account another e-mail address. That will be so once \
               a letter to the new address is answered; until then nothing has changed.\n\n\
               If it was not you, somebody knows your password: change it now, or ask for a new one. That stops the change.\n"
            .to_owned(),
    }
}

pub(in crate::identity) fn address_changed(to: String) -> Letter {
    Letter {
        to,
        subject: "Your e-mail address was changed".to_owned(),
        text: "Hello,\n\nyour account has another address from now on; this one does not sign in any more.\n\n\
               If it was not you, tell whoever runs this service at once.\n"
            .to_owned(),
    }
}
