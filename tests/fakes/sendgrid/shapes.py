"""Which parameters a request may have and of which JSON type. Says where something else stands; knows no limits."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    #: where, and what is wrong there
    Complaint = tuple[str, str]
    Shape = Callable[[object, str], Iterator[Complaint]]


def _kind(wanted: type, word: str) -> Shape:
    def check(value: object, field: str) -> Iterator[Complaint]:
        if type(value) is not wanted:  # not isinstance: true is no number
            yield field, f"This parameter must be {word}."

    return check


TEXT, FLAG, NUMBER = _kind(str, "a string"), _kind(bool, "true or false"), _kind(int, "an integer")


def record(fields: Mapping[str, Shape], *, needed: tuple[str, ...] = ()) -> Shape:
    def check(value: object, field: str) -> Iterator[Complaint]:
        if not isinstance(value, dict):
            yield field, "This parameter must be an object."
            return
        for name, inner in value.items():
            if name in fields:
                yield from fields[name](inner, _within(field, name))
            else:
                yield _within(field, name), "This is not a known parameter."
        for name in needed:
            if name not in value:
                yield _within(field, name), f"The {name} parameter is required."

    return check


def each(shape: Shape) -> Shape:
    def check(value: object, field: str) -> Iterator[Complaint]:
        if not isinstance(value, list):
            yield field, "This parameter must be an array."
            return
        for at, inner in enumerate(value):
            yield from shape(inner, _within(field, str(at)))

    return check


def named(shape: Shape) -> Shape:
    """An object whose names are free."""

    def check(value: object, field: str) -> Iterator[Complaint]:
        if not isinstance(value, dict):
            yield field, "This parameter must be an object."
            return
        for name, inner in value.items():
            yield from shape(inner, _within(field, name))

    return check


def anything(value: object, field: str) -> Iterator[Complaint]:
    """Data for templates."""
    del value, field
    return iter(())


def _within(field: str, name: str) -> str:
    return f"{field}.{name}" if field else name


def _switch(**more: Shape) -> Shape:
    return record({"enable": FLAG, **more})


PERSON = record({"email": TEXT, "name": TEXT}, needed=("email",))
_PERSONALIZATION = record(
    {
        **dict.fromkeys(("to", "cc", "bcc"), each(PERSON)),
        "from": PERSON,
        "subject": TEXT,
        **dict.fromkeys(("headers", "substitutions", "custom_args"), named(TEXT)),
        "dynamic_template_data": named(anything),
        "send_at": NUMBER,
    },
    needed=("to",),
)
_ATTACHMENT = record(
    dict.fromkeys(("content", "type", "filename", "disposition", "content_id"), TEXT), needed=("content", "filename")
)
_BYPASSES = (
    "bypass_list_management",
    "bypass_spam_management",
    "bypass_bounce_management",
    "bypass_unsubscribe_management",
)
_MAIL_SETTINGS = record(
    {
        **dict.fromkeys((*_BYPASSES, "sandbox_mode"), _switch()),
        "footer": _switch(text=TEXT, html=TEXT),
    }
)
_CAMPAIGN = dict.fromkeys(("utm_source", "utm_medium", "utm_term", "utm_content", "utm_campaign"), TEXT)
_TRACKING_SETTINGS = record(
    {
        "click_tracking": _switch(enable_text=FLAG),
        "open_tracking": _switch(substitution_tag=TEXT),
        "subscription_tracking": _switch(text=TEXT, html=TEXT, substitution_tag=TEXT),
        "ganalytics": _switch(**_CAMPAIGN),
    }
)
REQUEST = record(
    {
        "personalizations": each(_PERSONALIZATION),
        "from": PERSON,
        "reply_to": PERSON,
        "reply_to_list": each(PERSON),
        "subject": TEXT,
        "content": each(record({"type": TEXT, "value": TEXT}, needed=("type", "value"))),
        "attachments": each(_ATTACHMENT),
        **dict.fromkeys(("headers", "custom_args", "sections"), named(TEXT)),
        "categories": each(TEXT),
        "send_at": NUMBER,
        **dict.fromkeys(("template_id", "batch_id", "ip_pool_name"), TEXT),
        "asm": record({"group_id": NUMBER, "groups_to_display": each(NUMBER)}, needed=("group_id",)),
        "mail_settings": _MAIL_SETTINGS,
        "tracking_settings": _TRACKING_SETTINGS,
    },
    needed=("personalizations", "from"),
)
