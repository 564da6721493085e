//! The letters about accounts and invitations: what they can say, and how they read by default.

use crate::notify::{DefaultText, NoticeKind, Purpose, Variable};

/// All of them, for the descriptor.
pub(super) const NOTICES: &[&NoticeKind] = &[
    &INVITATION,
    &VERIFY_EMAIL,
    &RESET_PASSWORD,
    &PASSWORD_CHANGED,
    &CONFIRM_REGISTRATION,
    &ALREADY_REGISTERED,
    &CHANGE_EMAIL,
    &CHANGE_EMAIL_ASKED,
    &EMAIL_CHANGED,
];

const fn letter(
    name: &'static str,
    title: &'static str,
    variables: &'static [Variable],
    defaults: &'static [DefaultText],
) -> NoticeKind {
    NoticeKind { name, title, purpose: Purpose::Security, of_organization: false, variables, defaults }
}

const LINK: &[Variable] = &[Variable::link("link", "The page that finishes it, with a token that works once.")];

/// The same whether or not the address has an account.
pub(super) static INVITATION: NoticeKind = NoticeKind {
    of_organization: true,
    ..letter(
        "invitation",
        "Somebody is invited to the organization",
        LINK,
        &[
            DefaultText::email(
                "en",
                "You are invited to {{ organization }}",
                "Hello,\n\nyou are invited to join {{ organization }}. To accept, within 7 days:\n\n{{ link }}\n\n\
                 If you do not know why, ignore this letter.\n",
            ),
            DefaultText::email(
                "de",
                "Einladung zu {{ organization }}",
                "Guten Tag,\n\nSie sind eingeladen, {{ organization }} beizutreten. Zum Annehmen, innerhalb von 7 Tagen:\n\n\
                 {{ link }}\n\nWenn Sie nicht wissen, warum, beachten Sie diesen Brief nicht weiter.\n",
            ),
        ],
    )
};

pub(super) static VERIFY_EMAIL: NoticeKind = letter(
    "verify-email",
    "An e-mail address is to be confirmed",
    LINK,
    &[
        DefaultText::email(
            "en",
            "Please confirm your e-mail address",
            "Hello,\n\nplease confirm that this is your address, within a day:\n\n{{ link }}\n\n\
             If you have not registered, ignore this letter.\n",
        ),
        DefaultText::email(
            "de",
            "Bitte bestätigen Sie Ihre E-Mail-Adresse",
            "Guten Tag,\n\nbitte bestätigen Sie innerhalb eines Tages, dass dies Ihre Adresse ist:\n\n{{ link }}\n\n\
             Wenn Sie sich nicht registriert haben, beachten Sie diesen Brief nicht weiter.\n",
        ),
    ],
);

pub(super) static RESET_PASSWORD: NoticeKind = letter(
    "reset-password",
    "Somebody has forgotten a password",
    LINK,
    &[
        DefaultText::email(
            "en",
            "Choose a new password",
            "Hello,\n\nsomebody, probably you, has asked for a new password. To choose one, within 30 minutes:\n\n{{ link }}\n\n\
             If it was not you, ignore this letter; your password stays as it is.\n",
        ),
        DefaultText::email(
            "de",
            "Wählen Sie ein neues Passwort",
            "Guten Tag,\n\njemand, vermutlich Sie, hat um ein neues Passwort gebeten. Um es zu wählen, innerhalb von 30 Minuten:\
             \n\n{{ link }}\n\nWenn Sie es nicht waren, beachten Sie diesen Brief nicht weiter; Ihr Passwort bleibt, wie es ist.\n",
        ),
    ],
);

pub(super) static PASSWORD_CHANGED: NoticeKind = letter(
    "password-changed",
    "A password was changed",
    &[],
    &[
        DefaultText::email(
            "en",
            "Your password was changed",
            "Hello,\n\nthe password of your account was changed just now, and you were signed out elsewhere.\n\n\
             If it was not you, ask for a new password at once.\n",
        ),
        DefaultText::email(
            "de",
            "Ihr Passwort wurde geändert",
            "Guten Tag,\n\ndas Passwort Ihres Kontos wurde gerade geändert, und Sie wurden überall sonst abgemeldet.\n\n\
             Wenn Sie es nicht waren, fordern Sie sofort ein neues Passwort an.\n",
        ),
    ],
);

pub(super) static CONFIRM_REGISTRATION: NoticeKind = letter(
    "confirm-registration",
    "A registration is to be confirmed",
    LINK,
    &[
        DefaultText::email(
            "en",
            "Please confirm your registration",
            "Hello,\n\nto finish your registration, within a day, open this and give the password that you chose:\n\n\
             {{ link }}\n\nIf you have not registered, ignore this letter.\n",
        ),
        DefaultText::email(
            "de",
            "Bitte bestätigen Sie Ihre Registrierung",
            "Guten Tag,\n\num Ihre Registrierung innerhalb eines Tages abzuschließen, öffnen Sie dies und geben Sie das Passwort \
             ein, das Sie gewählt haben:\n\n{{ link }}\n\n\
             Wenn Sie sich nicht registriert haben, beachten Sie diesen Brief nicht weiter.\n",
        ),
    ],
);

pub(super) static ALREADY_REGISTERED: NoticeKind = letter(
    "already-registered",
    "Somebody registers with an address that has an account",
    &[],
    &[
        DefaultText::email(
            "en",
            "You are registered already",
            "Hello,\n\nsomebody, probably you, has tried to register with this address, which has an account already. \
             Sign in instead, or ask for a new password.\n\nIf it was not you, there is nothing to do.\n",
        ),
        DefaultText::email(
            "de",
            "Sie sind schon registriert",
            "Guten Tag,\n\njemand, vermutlich Sie, wollte sich mit dieser Adresse registrieren, die schon ein Konto hat. \
             Melden Sie sich an, oder fordern Sie ein neues Passwort an.\n\nWenn Sie es nicht waren, ist nichts zu tun.\n",
        ),
    ],
);

pub(super) static CHANGE_EMAIL: NoticeKind = letter(
    "change-email",
    "A new e-mail address is to be confirmed",
    LINK,
    &[
        DefaultText::email(
            "en",
            "Please confirm your new e-mail address",
            "Hello,\n\nto sign in with this address from now on, open this within a day:\n\n{{ link }}\n\n\
             If you have not asked for that, ignore this letter.\n",
        ),
        DefaultText::email(
            "de",
            "Bitte bestätigen Sie Ihre neue E-Mail-Adresse",
            "Guten Tag,\n\num sich ab jetzt mit dieser Adresse anzumelden, öffnen Sie dies innerhalb eines Tages:\n\n{{ link }}\n\n\
             Wenn Sie nicht darum gebeten haben, beachten Sie diesen Brief nicht weiter.\n",
        ),
    ],
);

/// To the present address, whichever the new one is.
pub(super) static CHANGE_EMAIL_ASKED: NoticeKind = letter(
    "change-email-asked",
    "Somebody asks for another e-mail address",
    &[],
    &[
        DefaultText::email(
            "en",
            "Somebody asks for another e-mail address",
            "Hello,\n\nsomebody, probably you, has asked to give your account another e-mail address. That will be so once \
             a letter to the new address is answered; until then nothing has changed.\n\n\
             If it was not you, somebody knows your password: change it now, or ask for a new one. That stops the change.\n",
        ),
        DefaultText::email(
            "de",
            "Jemand bittet um eine andere E-Mail-Adresse",
            "Guten Tag,\n\njemand, vermutlich Sie, möchte Ihrem Konto eine andere E-Mail-Adresse geben. Das gilt, sobald ein Brief \
             an die neue Adresse beantwortet ist; bis dahin hat sich nichts geändert.\n\n\
             Wenn Sie es nicht waren, kennt jemand Ihr Passwort: Ändern Sie es jetzt, oder fordern Sie ein neues an. \
             Das hält die Änderung auf.\n",
        ),
    ],
);

pub(super) static EMAIL_CHANGED: NoticeKind = letter(
    "email-changed",
    "An e-mail address was changed",
    &[],
    &[
        DefaultText::email(
            "en",
            "Your e-mail address was changed",
            "Hello,\n\nyour account has another address from now on; this one does not sign in any more.\n\n\
             If it was not you, tell whoever runs this service at once.\n",
        ),
        DefaultText::email(
            "de",
            "Ihre E-Mail-Adresse wurde geändert",
            "Guten Tag,\n\nIhr Konto hat ab jetzt eine andere Adresse; mit dieser meldet man sich nicht mehr an.\n\n\
             Wenn Sie es nicht waren, sagen Sie es sofort dem Betreiber dieses Dienstes.\n",
        ),
    ],
);
