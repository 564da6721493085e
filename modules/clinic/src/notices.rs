//! What people are told about appointments. Nothing of it says what an appointment is about: letters are read by others too.

use tenantry_core::notify::{DefaultText, NoticeKind, Purpose, Variable};

/// An appointment is near.
pub static APPOINTMENT_REMINDER: NoticeKind = NoticeKind {
    name: "appointment-reminder",
    title: "An appointment is near",
    purpose: Purpose::Transactional,
    of_organization: true,
    variables: &[
        Variable::line("name", "Whose appointment it is.", "Ada Lovelace"),
        Variable::line("when", "When it is.", "21 November 2026, 14:00"),
        Variable::line("place", "Where it is.", "Hill Clinic, second floor"),
        Variable::line("phone", "Whom to call to move it.", "+44 20 7946 0018"),
    ],
    defaults: &[
        DefaultText::email(
            "en",
            "Your appointment on {{ when }}",
            "Hello {{ name }},\n\nwe expect you on {{ when }}{% if place %}, {{ place }}{% endif %}.\n\n\
             {% if phone %}If you cannot come, please call {{ phone }}.\n\n{% endif %}{{ organization }}\n",
        ),
        DefaultText::email(
            "de",
            "Ihr Termin am {{ when }}",
            "Guten Tag, {{ name }},\n\nwir erwarten Sie am {{ when }}{% if place %}, {{ place }}{% endif %}.\n\n\
             {% if phone %}Wenn Sie nicht kommen können, rufen Sie bitte {{ phone }} an.\n\n{% endif %}{{ organization }}\n",
        ),
        DefaultText::sms(
            "en",
            "{{ organization }}: your appointment is on {{ when }}{% if phone %}. To move it: {{ phone }}{% endif %}.",
        ),
        DefaultText::sms(
            "de",
            "{{ organization }}: Ihr Termin ist am {{ when }}{% if phone %}. Verschieben: {{ phone }}{% endif %}.",
        ),
    ],
};

/// A time has become free that somebody waits for.
pub static SLOT_OFFERED: NoticeKind = NoticeKind {
    name: "slot-offered",
    title: "An earlier appointment has become free",
    purpose: Purpose::Transactional,
    of_organization: true,
    variables: &[
        Variable::line("name", "Who waits for it.", "Ada Lovelace"),
        Variable::line("when", "When it is.", "2026-11-21, 14:00"),
        Variable::line("until", "Until when it is held.", "2026-11-19, 16:00"),
        Variable::line("place", "Where it is.", "Hill Clinic, second floor"),
    ],
    defaults: &[
        DefaultText::email(
            "en",
            "A time has become free on {{ when }}",
            "Hello {{ name }},\n\na time that you wait for has become free: {{ when }}{% if place %}, {{ place }}{% endif %}.\n\n\
             We hold it for you until {{ until }}. Please tell us by then whether you take it.\n\n{{ organization }}\n",
        ),
        DefaultText::email(
            "de",
            "Ein Termin am {{ when }} ist frei geworden",
            "Guten Tag, {{ name }},\n\nein Termin, auf den Sie warten, ist frei geworden: {{ when }}{% if place %}, {{ place }}{% endif %}.\n\n\
             Wir halten ihn bis {{ until }} für Sie frei. Bitte sagen Sie uns bis dahin, ob Sie ihn nehmen.\n\n{{ organization }}\n",
        ),
        DefaultText::sms(
            "en",
            "{{ organization }}: a time is free on {{ when }}. We hold it for you until {{ until }}: please tell us.",
        ),
        DefaultText::sms(
            "de",
            "{{ organization }}: Am {{ when }} ist ein Termin frei. Wir halten ihn bis {{ until }} für Sie: bitte melden.",
        ),
    ],
};

/// Somebody has opened a chart by their own word. It says nothing of the patient: letters are read by others too.
pub static EMERGENCY_ACCESS: NoticeKind = NoticeKind {
    name: "emergency-access",
    title: "Somebody opened a chart in an emergency",
    purpose: Purpose::Transactional,
    of_organization: true,
    variables: &[
        Variable::line("practitioner", "Who opened it.", "Dr. Grace Hopper"),
        Variable::line("access", "The id of the emergency access.", "0192d3a4-5b6c-7d8e-9fa0-b1c2d3e4f506"),
    ],
    defaults: &[
        DefaultText::email(
            "en",
            "An emergency access waits for its review",
            "Hello,\n\n{{ practitioner }} has opened the chart of a patient whom they do not treat, for an hour.\n\n\
             Have somebody else review whether there was an emergency. The access: {{ access }}\n\n{{ organization }}\n",
        ),
        DefaultText::email(
            "de",
            "Ein Notfallzugriff wartet auf seine Prüfung",
            "Guten Tag,\n\n{{ practitioner }} hat für eine Stunde die Akte einer nicht von ihr oder ihm behandelten Person \
             geöffnet.\n\nBitte lassen Sie jemand anderen prüfen, ob es ein Notfall war. Der Zugriff: {{ access }}\n\n\
             {{ organization }}\n",
        ),
    ],
};
