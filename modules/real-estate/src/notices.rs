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
