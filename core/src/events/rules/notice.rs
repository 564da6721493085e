//! The notice that a rule has run.

use crate::notify::{DefaultText, NoticeKind, Purpose, Variable};

/// A rule has run, and wants a member to know.
pub static RULE_RAN: NoticeKind = NoticeKind {
    name: "rule-ran",
    title: "A rule has run",
    purpose: Purpose::Transactional,
    of_organization: true,
    variables: &[
        Variable::line("rule", "What the rule is called.", "Large inquiries"),
        Variable::prose("text", "What whoever made the rule wants to be said.", "Please call back today."),
        Variable::line("event", "The type of what has happened.", "contact.created"),
        Variable::line("record", "The id of the record that it happened to.", "0199e0c4-5b6c-7d8e-9fa0-b1c2d3e4f506"),
    ],
    defaults: &[
        DefaultText::email(
            "en",
            "{{ organization }}: {{ rule }}",
            "Hello,\n\n{{ text }}\n\nThe rule “{{ rule }}” of {{ organization }} has run because of {{ event }}\
             {% if record %}, record {{ record }}{% endif %}.\n",
        ),
        DefaultText::email(
            "de",
            "{{ organization }}: {{ rule }}",
            "Guten Tag,\n\n{{ text }}\n\nDie Regel „{{ rule }}“ von {{ organization }} ist gelaufen, wegen {{ event }}\
             {% if record %}, Eintrag {{ record }}{% endif %}.\n",
        ),
    ],
};
