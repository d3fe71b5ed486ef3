"""SendGrid: the contacts of Marketing Campaigns. Who left or bounced stands in other files, the suppressions."""

from __future__ import annotations

from newsletter.subscribers.formats.format import Format

SENDGRID = Format(
    name="sendgrid",
    title="SendGrid",
    recognises=lambda words: {"email", "contact_id", "alternate_emails"} <= words,
    fields={
        "email": "email",
        "created_at": "joined_at",
        **dict.fromkeys(
            ("alternate_emails", "updated_at", "contact_id", "external_id", "anonymous_id", "phone_number_id"), "-"
        ),
    },
    remark=lambda _name: (
        "SendGrid's contacts do not say who left or bounced. Import its suppression files as well, best of all first: "
        "newsletter suppressions import FILE"
    ),
)
