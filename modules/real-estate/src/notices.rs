//! What people are told about viewings.

use tenantry_core::notify::{DefaultText, NoticeKind, Purpose, Variable};

/// A viewing is settled.
pub static VIEWING_CONFIRMED: NoticeKind = NoticeKind {
    name: "viewing-confirmed",
    title: "A viewing is confirmed",
    purpose: Purpose::Transactional,
    of_organization: true,
    variables: &[
        Variable::line("name", "Who comes to see it.", "Ada Lovelace"),
        Variable::line("property", "What is to be seen.", "Flat with a garden"),
        Variable::line("address", "Where it is.", "12 St James's Square, London"),
        Variable::line("when", "When the viewing is.", "21 November 2026, 14:00"),
        Variable::line("agent", "Who shows it.", "Charles Babbage"),
    ],
    defaults: &[
        DefaultText::email(
            "en",
            "Your viewing on {{ when }}",
            "Hello {{ name }},\n\nyour viewing is confirmed:\n\n{{ property }}\n{{ address }}\n{{ when }}\n\n\
             {% if agent %}{{ agent }} will meet you there.\n\n{% endif %}{{ organization }}\n",
        ),
        DefaultText::email(
            "de",
            "Ihre Besichtigung am {{ when }}",
            "Guten Tag, {{ name }},\n\nIhre Besichtigung ist bestätigt:\n\n{{ property }}\n{{ address }}\n{{ when }}\n\n\
             {% if agent %}{{ agent }} erwartet Sie dort.\n\n{% endif %}{{ organization }}\n",
        ),
        DefaultText::sms("en", "{{ organization }}: viewing confirmed, {{ when }}, {{ address }}."),
        DefaultText::sms("de", "{{ organization }}: Besichtigung bestätigt, {{ when }}, {{ address }}."),
    ],
};

/// A viewing does not take place. It does not say why: that is the agency's to tell.
pub static VIEWING_CANCELLED: NoticeKind = NoticeKind {
    name: "viewing-cancelled",
    title: "A viewing is cancelled",
    purpose: Purpose::Transactional,
    of_organization: true,
    variables: &[
        Variable::line("name", "Who would have come to see it.", "Ada Lovelace"),
        Variable::line("property", "What would have been to be seen.", "Flat with a garden"),
        Variable::line("address", "Where it is.", "12 St James's Square, London"),
        Variable::line("when", "When the viewing would have been.", "21 November 2026, 14:00"),
    ],
    defaults: &[
        DefaultText::email(
            "en",
            "Your viewing on {{ when }} is cancelled",
            "Hello {{ name }},\n\nyour viewing does not take place:\n\n{{ property }}\n{{ address }}\n{{ when }}\n\n\
             We are sorry, and happy to find another one with you.\n\n{{ organization }}\n",
        ),
        DefaultText::email(
            "de",
            "Ihre Besichtigung am {{ when }} entfällt",
            "Guten Tag, {{ name }},\n\nIhre Besichtigung findet nicht statt:\n\n{{ property }}\n{{ address }}\n{{ when }}\n\n\
             Es tut uns leid. Gern finden wir mit Ihnen eine andere.\n\n{{ organization }}\n",
        ),
        DefaultText::sms("en", "{{ organization }}: your viewing is cancelled, {{ when }}, {{ address }}."),
        DefaultText::sms("de", "{{ organization }}: Ihre Besichtigung entfällt, {{ when }}, {{ address }}."),
    ],
};
