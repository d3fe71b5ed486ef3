"""Every key of newsletter.toml, with its type and default; docs/settings.md explains them, `newsletter schema settings` prints them.

A validator's message has the form `what is wrong | what to do`.
"""

from __future__ import annotations

import base64
import re
from enum import StrEnum
from functools import cached_property
from ipaddress import ip_network
from typing import TYPE_CHECKING, Annotated
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from pydantic import AfterValidator, BeforeValidator, Field, WrapValidator

from newsletter.settings.attributes import Attribute, AttributeType
from newsletter.settings.clients import ClientShares
from newsletter.settings.section import FieldName, Language, Line, Name, NonEmptyLine, Section
from newsletter.settings.segment_faults import checked
from newsletter.settings.segments import Segment
from newsletter.settings.sharing import Sharing
from newsletter.settings.theme import ThemeSection

if TYPE_CHECKING:
    from collections.abc import Collection

    from pydantic import ValidationInfo

__all__ = ["Attribute", "AttributeType", "Language", "Segment", "Settings"]


def _known_zone(name: str) -> str:
    try:
        ZoneInfo(name)
    except (ValueError, OSError, KeyError):  # ZoneInfoNotFoundError is a KeyError
        raise ValueError(
            f"there is no time zone `{name}` | Use a name such as Europe/Berlin or America/Los_Angeles."
        ) from None
    return name


def _web_address(url: str) -> str:
    parts = urlsplit(url)
    if parts.scheme not in {"http", "https"} or not parts.hostname or parts.query or parts.fragment:
        raise ValueError("this is not a web address | Write one such as https://news.example.org.")
    return url.rstrip("/")


def _mail_address(address: str) -> str:
    from email_validator import EmailNotValidError, validate_email

    try:
        validate_email(address, check_deliverability=False, test_environment=True)
    except EmailNotValidError as why:
        raise ValueError(f"this is not an email address ({why}) | Write one such as letters@example.org.") from None
    return address


def _mailbox_address(address: str) -> str:
    # RFC 5321: 64 characters before the @, of which `+` and our token take 34
    if len(address.rpartition("@")[0]) > 30 or "+" in address:
        raise ValueError(
            "it is too long before the @, or has a + already: we add `+` and 33 characters to it | Use a shorter one, such "
            "as news@example.org."
        )
    return address


def _hours(text: str) -> str:
    match = re.fullmatch(r"([01]\d|2[0-3]):([0-5]\d)\s*-\s*([01]\d|2[0-4]):([0-5]\d)", text)
    begin, end = (f"{match[1]}:{match[2]}", f"{match[3]}:{match[4]}") if match else ("", "")
    if match and begin > end:
        raise ValueError(
            "hours over midnight are not possible | Write hours of one day, such as 06:00-22:00; mail leaves in these only."
        )
    if not match or begin == end or end > "24:00":
        raise ValueError("these are not hours of a day | Write them as 08:00-20:00.")
    return f"{begin}-{end}"


def _verification_key(text: str) -> str:
    """What SendGrid shows beside its webhook: a key of the curve P-256 (RFC 5480), in base64."""
    if not text:
        return text
    try:
        key = base64.b64decode(text, validate=True)
    except ValueError:
        key = b""
    if not (key.startswith(_P256) and len(key) == len(_P256) + 64):
        raise ValueError(
            "this is not the verification key of an event webhook | Copy it whole from SendGrid, Settings > Mail Settings > "
            "Event Webhooks; it begins with MFkw and is one line."
        )
    return text


def _unless_empty(value: object) -> object:
    """A variable of the environment that is set to nothing takes a value back."""
    return None if value == "" else value


def _listed(value: object) -> object:
    return [value] if isinstance(value, str) else value


#: how a public key of the curve P-256 begins
_P256 = bytes.fromhex("3059301306072a8648ce3d020106082a8648ce3d03010703420004")

Zone = Annotated[str, AfterValidator(_known_zone)]
Url = Annotated[str, AfterValidator(_web_address)]
Address = Annotated[str, AfterValidator(_mail_address)]
Hours = Annotated[str, AfterValidator(_hours)]
VerificationKey = Annotated[Line, AfterValidator(_verification_key)]
MailboxAddress = Annotated[Address, AfterValidator(_mailbox_address)]
Lines = Annotated[tuple[NonEmptyLine, ...], BeforeValidator(_listed)]


class NewsletterSection(Section):
    name: NonEmptyLine = Field(description="What readers know the newsletter by.")
    base_url: Url = Field(description="What readers' links point to: where `newsletter serve` is reached from outside.")
    language: Language = "en"
    timezone: Zone = "UTC"


class SenderSection(Section):
    name: NonEmptyLine = Field(description="The name in the From line.")
    address: Address = Field(description="The address in the From line.")
    reply_to: Address | None = None
    organisation: Line = ""
    tagline: Line = ""
    postal_address: NonEmptyLine = Field(description="A postal address; the law of many countries demands it.")
    phone: Lines = ()
    website: Url | None = None


class Tls(StrEnum):
    NONE = "none"
    STARTTLS = "starttls"
    IMPLICIT = "implicit"


class SendGridSection(Section):
    host: Url = "https://api.sendgrid.com"
    sandbox: bool = False
    recipients_per_request: int = Field(default=1000, ge=1, le=1000)
    requests_in_flight: int = Field(default=8, ge=1, le=64)
    timeout: int = Field(
        default=30, ge=1, le=600, description="Seconds to wait for SendGrid in each step of a request."
    )


class OutboxSection(Section):
    embed_images: bool = True


class SmtpSection(Section):
    host: NonEmptyLine = "127.0.0.1"
    port: int = Field(default=25, ge=1, le=65535)
    tls: Tls = Tls.NONE
    connections: int = Field(default=4, ge=1, le=64)
    messages_per_connection: int = Field(
        default=100, ge=1, le=100_000, description="After so many a new connection is made: servers close longer ones."
    )
    timeout: int = Field(default=60, ge=1, le=600, description="Seconds to wait for an answer of the server.")
    pipelining: bool = Field(default=True, description="Send commands ahead where the server offers it (RFC 2920).")
    embed_images: bool = False
    ca_file: NonEmptyLine | None = Field(
        default=None, description="Certificates to trust for this server, instead of the system's own list."
    )
    rehearsal: bool = Field(
        default=False, description="True for a server that keeps all mail, such as a test server: nobody gets any."
    )


class EspSection(Section):
    name: Name = "outbox"
    fallback: Annotated[Name | None, BeforeValidator(_unless_empty)] = Field(
        default=None,
        description="A second sender, used when the first cannot be reached or asks to slow down for long.",
    )
    fallback_after_minutes: int = Field(default=15, ge=0, le=1440)
    outbox: OutboxSection = OutboxSection()
    sendgrid: SendGridSection = SendGridSection()
    smtp: SmtpSection = SmtpSection()


class Day(StrEnum):
    MON = "mon"
    TUE = "tue"
    WED = "wed"
    THU = "thu"
    FRI = "fri"
    SAT = "sat"
    SUN = "sun"


def _some_day(days: tuple[Day, ...]) -> tuple[Day, ...]:
    # not by a length: a day that is written wrong would be told a second time, as none at all
    if not days:
        raise ValueError("there is no day in it | Name one at least, or leave the key out.")
    return days


Days = Annotated[tuple[Day, ...], AfterValidator(_some_day)]


class SendingSection(Section):
    """How fast, and when. `days` and `hours` are in the newsletter's time zone."""

    per_second: float | None = Field(default=None, gt=0, description="Readers a second at most.")
    per_hour: int | None = Field(default=None, ge=1, description="Readers an hour at most.")
    days: Days = Field(default=tuple(Day), description="Days on which mail may leave.")
    hours: Hours | None = Field(default=None, description='Hours in which mail may leave, such as "08:00-20:00".')
    stop_at_refused_percent: float = Field(
        default=5,
        ge=0,
        le=100,
        description="Stop when more of the last 1,000 readers were refused, 20 at least; 0: never.",
    )
    retry_minutes: int = Field(
        default=30, ge=0, le=1440, description="How long a provider that is away or busy is tried again before a pause."
    )


class ScheduleSection(Section):
    """Mailings that begin at a planned time: `newsletter schedule`."""

    start_within_minutes: int = Field(
        default=720,
        ge=1,
        le=10_080,
        description="A mailing that has not begun so long after its time is missed: the machine slept, or it was held.",
    )


class OperatorSection(Section):
    """Who looks after the machine."""

    address: Annotated[Address | None, BeforeValidator(_unless_empty)] = Field(
        default=None, description="Who is told by mail when `newsletter run-due` fails, or a mailing is held or missed."
    )


class TrackingSection(Section):
    """Off unless asked for, and then only for readers who agreed to it."""

    opens: bool = False
    clicks: bool = False


class EventsSection(Section):
    """What the provider reports back."""

    public_key: VerificationKey = Field(
        default="", description="The verification key of SendGrid's signed event webhook."
    )
    oldest_minutes: int = Field(
        default=1500,
        ge=1,
        le=10_080,
        description="A report that was signed longer ago is refused. SendGrid tries again for a day.",
    )
    keep_days: int = Field(default=90, ge=1, le=3650, description="How long reports are kept as they came.")
    #: soft bounces are looked for among those of 120 days (store/events/bounces.py)
    keep_events_days: int = Field(default=400, ge=150, le=36_500, description="How long single events are kept.")


class MailboxSection(Section):
    """A mailbox of ours that takes bounces and mails that ask to leave: user and password from the environment."""

    address: MailboxAddress | None = Field(
        default=None, description="Its address; what comes to name+anything@ must arrive there too."
    )
    host: Line = Field(default="", description="Its IMAP server.")
    pipe: bool = Field(default=False, description="A mail server hands its mails to `newsletter mailbox take` instead.")
    port: int = Field(default=993, ge=1, le=65535)
    tls: Tls = Tls.IMPLICIT
    folder: NonEmptyLine = "INBOX"


def _network(text: str) -> str:
    try:
        ip_network(text)
    except ValueError:
        raise ValueError(
            "this is neither an IP address nor a network | Write one such as 127.0.0.1 or 10.0.0.0/8."
        ) from None
    return text


Networks = Annotated[tuple[Annotated[NonEmptyLine, AfterValidator(_network)], ...], BeforeValidator(_listed)]


class WebSection(Section):
    """The pages and the API: `newsletter serve`."""

    trusted_proxies: Networks = Field(
        default=("127.0.0.1", "::1"), description="Who in front of it may say where a request came from."
    )
    metrics_for: Networks = Field(
        default=("127.0.0.1", "::1"), description="From where /metrics may be read without a key."
    )
    api_per_minute: int = Field(default=120, ge=1, description="Requests to the API a minute, for each key.")


def _outlives_the_link(days: int, others: ValidationInfo) -> int:
    confirm_days = others.data.get("confirm_days", 0)
    if 0 < days < confirm_days:
        raise ValueError(
            f"a confirmation mail says that its link works {confirm_days} days, and its reader would be forgotten before | "
            f"Give forget_days {confirm_days} or more, or make confirm_days less."
        )
    return days


class SignupSection(Section):
    """Joining by a page."""

    ask_name: bool = Field(default=True, description="Offer a field for the first name.")
    privacy_url: Url | None = Field(default=None, description="Your privacy policy, linked beside the form.")
    confirm_days: int = Field(default=7, ge=1, le=60, description="How long the link of a confirmation mail works.")
    forget_days: Annotated[int, AfterValidator(_outlives_the_link)] = Field(
        default=30,
        ge=0,
        le=3650,
        validate_default=True,
        description="Who never confirms is forgotten after so many days, no fewer than confirm_days; 0: never.",
    )
    welcome: bool = Field(default=False, description="Send a welcome mail to who confirmed.")
    per_hour: int = Field(default=20, ge=1, description="Requests by one network address in an hour.")


class DatabaseSection(Section):
    url: NonEmptyLine = "sqlite:///newsletter.db"
    erasures: NonEmptyLine = Field(
        default="erasures.txt",
        description="Keyed hashes of the people who were erased, so that a restored backup does not bring them back.",
    )
    audit_heads: NonEmptyLine = Field(
        default="audit-heads.txt",
        description="Where the audit log ended, day by day, so that `newsletter log verify` finds a shortened one.",
    )


class ConsentSection(Section):
    keep_ip: bool = Field(default=False, description="Keep the IP address from which somebody agreed.")
    keep_user_agent: bool = Field(default=False, description="Keep which browser somebody agreed with.")


class LevelOrOff(StrEnum):
    """What a check counts as in this workspace."""

    ERROR = "error"
    WARNING = "warning"
    INFORMATION = "information"
    OFF = "off"


class PolicySection(Section):
    required: tuple[Name, ...] = ("general", "emergency", "no-guarantee", "delivery")
    approvals: int = Field(default=0, ge=0, description="How many people must sign an issue off before it is sent.")
    approver_roles: Annotated[tuple[Name, ...], BeforeValidator(_listed)] = Field(
        default=(), description="Roles of which somebody must be among them, each."
    )
    author_may_approve: bool = Field(default=False, description="Whoever wrote an issue may sign it off too.")
    approval_days: int = Field(default=30, ge=0, le=3650, description="How long a sign-off holds; 0: for ever.")
    audience_change: int = Field(
        default=30,
        ge=0,
        description="Stop when an audience differs by more than so many percent from the last one of its kind; 0: never.",
    )
    topics: dict[str, tuple[Name, ...]] = Field(default_factory=dict)
    words: dict[Name, tuple[NonEmptyLine, ...]] = Field(default_factory=dict)
    levels: dict[Name, LevelOrOff] = Field(default_factory=dict)


class ChecksSection(Section):
    rules: tuple[NonEmptyLine, ...] = Field(
        default=(), description="Python files of the workspace with rules of its own (docs/adding-a-check.md)."
    )
    spam_filter: bool = Field(default=True, description="Ask SpamAssassin where it is installed.")


class Marks(StrEnum):
    """How a citation is shown in the text."""

    SUPERSCRIPT = "superscript"
    BRACKET = "bracket"


class ReferencesSection(Section):
    folder: NonEmptyLine = Field(
        default="references", description="The workspace's library: CSL-JSON files that every issue can cite from."
    )
    marks: Marks = Field(default=Marks.SUPERSCRIPT, description="How a citation is shown in the text.")
    recent_years: int = Field(default=5, ge=1, le=100, description="A paper is called recent for so many years.")
    retraction_watch: NonEmptyLine | None = Field(
        default=None, description="A Retraction Watch CSV that you got yourself; cited papers are looked up in it."
    )
    doi_url: Url = Field(default="https://doi.org", description="Where DOIs are looked up.")
    pubmed_url: Url = Field(
        default="https://pmc.ncbi.nlm.nih.gov/api/ctxp/v1/pubmed/", description="Where PubMed numbers are looked up."
    )
    mailto: Address | None = Field(
        default=None, description="Whom the look-up services may write to; else the address for replies."
    )


class ProseSection(Section):
    spelling: bool = Field(default=True, description="Check the spelling of English issues.")
    glossary: NonEmptyLine = Field(default="glossary.txt", description="The workspace's own words, one on a line.")
    grade: float = Field(default=8.0, ge=1, le=20, description="The school grade that the text should be readable at.")


class ClaimsSection(Section):
    profile: Name | None = Field(default=None, description="Shipped rules about claims: regenerative-us.")
    rules: NonEmptyLine = Field(default="claims.yaml", description="The workspace's own rules about claims.")


class Settings(Section):
    """The whole of newsletter.toml."""

    newsletter: NewsletterSection
    sender: SenderSection
    esp: EspSection = EspSection()
    sending: SendingSection = SendingSection()
    schedule: ScheduleSection = ScheduleSection()
    operator: OperatorSection = OperatorSection()
    tracking: TrackingSection = TrackingSection()
    events: EventsSection = EventsSection()
    mailbox: MailboxSection = MailboxSection()
    web: WebSection = WebSection()
    signup: SignupSection = SignupSection()
    database: DatabaseSection = DatabaseSection()
    consent: ConsentSection = ConsentSection()
    policy: PolicySection = PolicySection()
    checks: ChecksSection = ChecksSection()
    references: ReferencesSection = ReferencesSection()
    prose: ProseSection = ProseSection()
    claims: ClaimsSection = ClaimsSection()
    theme: ThemeSection = ThemeSection()
    clients: ClientShares = Field(
        default_factory=dict, description="Which mail programs the readers use: shares by name, such as gmail = 40."
    )
    attributes: dict[FieldName, Attribute] = Field(default_factory=dict)
    segments: Annotated[dict[Name, Segment], WrapValidator(checked)] = Field(
        default_factory=dict, description="Parts of the readers, by name (docs/segments.md)."
    )

    def can_share_a_reader(self, names: Collection[str]) -> bool:
        """Whether somebody can be in all of these segments, as far as can be told. Other names are lists."""
        return self.sharing.possible(names)

    @cached_property
    def sharing(self) -> Sharing:
        """Which segments can have a reader in common; worked out as it is asked for."""
        return Sharing(self.segments)
