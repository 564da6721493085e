//! The kinds of notices that every organization has.

use super::kind::{DefaultText, NoticeKind, Purpose, Variable};

/// A task is due.
pub static TASK_DUE: NoticeKind = NoticeKind {
    name: "task-due",
    title: "A task is due",
    purpose: Purpose::Transactional,
    of_organization: true,
    variables: &[
        Variable::line("name", "Who is to do it.", "Ada Lovelace"),
        Variable::line("task", "What is to be done.", "Call Charles about the engine"),
        Variable::line(
            "due",
            "When it is due, on the organization's clock; empty where that is left open.",
            "21 November 2026, 14:00",
        ),
    ],
    defaults: &[
        DefaultText::email(
            "en",
            "Due: {{ task }}",
            "Hello {{ name }},\n\nthis is due{% if due %} {{ due }}{% endif %}:\n\n{{ task }}\n\n{{ organization }}\n",
        ),
        DefaultText::email(
            "de",
            "Fällig: {{ task }}",
            "Guten Tag, {{ name }},\n\ndies ist fällig{% if due %}, {{ due }}{% endif %}:\n\n{{ task }}\n\n{{ organization }}\n",
        ),
        DefaultText::sms("en", "{{ organization }}: {{ task }} is due{% if due %} {{ due }}{% endif %}."),
        DefaultText::sms("de", "{{ organization }}: {{ task }} ist fällig{% if due %}, {{ due }}{% endif %}."),
    ],
};

/// News of the organization, for those who want them.
pub static ANNOUNCEMENT: NoticeKind = NoticeKind {
    name: "announcement",
    title: "News of the organization",
    purpose: Purpose::Marketing,
    of_organization: true,
    variables: &[
        Variable::line("name", "Whom it is for.", "Ada Lovelace"),
        Variable::line("headline", "What it is about.", "We have moved"),
        Variable::prose("text", "The news.", "From Monday on you find us at 12 St James's Square."),
    ],
    defaults: &[
        DefaultText::email(
            "en",
            "{{ headline }}",
            "Hello{% if name %} {{ name }}{% endif %},\n\n{{ text }}\n\n{{ organization }}\n",
        ),
        DefaultText::email(
            "de",
            "{{ headline }}",
            "Guten Tag{% if name %}, {{ name }}{% endif %},\n\n{{ text }}\n\n{{ organization }}\n",
        ),
        DefaultText::sms("en", "{{ organization }}: {{ headline }}"),
        DefaultText::sms("de", "{{ organization }}: {{ headline }}"),
    ],
};
