"""The tables (DESIGN of the ledger: docs/ledger.md). Migrations make them; tests hold the two together.

A delivery has no state of its own: its outcome is its row in `delivery_outcomes` if there is one, else the state of its
chunk. So a million deliveries are accounted for with a thousand updates.
"""

from __future__ import annotations

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    Column,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
    UniqueConstraint,
    false,
    literal_column,
    text,
)

from newsletter.store.types import UtcDateTime

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(column_0_N_label)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s",
        "pk": "pk_%(table_name)s",
    }
)

#: SQLite only counts up by itself in a plain INTEGER
_Number = BigInteger().with_variant(Integer, "sqlite")


def _number() -> Column[int]:
    return Column("number", _Number, primary_key=True, autoincrement=True)


#: what the database must know of its workspace: the fingerprint of the suppression key
facts = Table(
    "facts",
    metadata,
    Column("name", String(60), primary_key=True),
    Column("value", Text, nullable=False),
)

lists = Table(
    "lists",
    metadata,
    _number(),
    Column("name", String(60), nullable=False, unique=True),
    Column("title", Text, nullable=False),
    #: what readers are told about it
    Column("description", Text, nullable=False, default="", server_default=text("''")),
    #: `double`: somebody who joins by a page is pending until they confirm
    Column("opt_in", String(10), nullable=False, default="double", server_default="double"),
    Column("created_at", UtcDateTime, nullable=False),
    #: an archived list takes nobody in and is not mailed; what happened on it stays
    Column("archived_at", UtcDateTime),
    #: offered on the pages to whoever wants to join
    Column("public", Boolean, nullable=False, default=False, server_default=false()),
    #: who may read its issues on the pages: hidden | unlisted | public (model/subscriber.py:Archive)
    Column("archive", String(10), nullable=False, default="hidden", server_default=text("'hidden'")),
    sqlite_autoincrement=True,
)

#: an erased subscriber keeps its number and nothing else
subscribers = Table(
    "subscribers",
    metadata,
    _number(),
    Column("public_id", String(32), unique=True),
    #: keyed hash of the identity: the key that subscribers and suppressions are joined by
    Column("identity_hash", String(32), unique=True),
    Column("address", Text),
    Column("first_name", Text, nullable=False, default=""),
    Column("last_name", Text, nullable=False, default=""),
    Column("language", String(35), nullable=False, default=""),
    Column("timezone", String(60), nullable=False, default=""),
    Column("attributes", JSON, nullable=False, default=dict),
    #: whether this person agreed that opens and clicks are noted; consent_events say when
    Column("tracking", Boolean, nullable=False, default=False, server_default=false()),
    #: when they first joined, as an import states it; else when we first heard of them
    Column("joined_at", UtcDateTime),
    Column("created_at", UtcDateTime, nullable=False),
    Column("erased_at", UtcDateTime),
    # a number must never be given again: ledgers refer to it for ever
    sqlite_autoincrement=True,
)

subscriptions = Table(
    "subscriptions",
    metadata,
    Column("subscriber", _Number, ForeignKey("subscribers.number"), primary_key=True),
    Column("list", _Number, ForeignKey("lists.number"), primary_key=True),
    Column("status", String(20), nullable=False),
    Column("changed_at", UtcDateTime, nullable=False),
    Index("ix_subscriptions_list_status", "list", "status", "subscriber"),
)

#: `key` is the name case-folded and NFC: two spellings of a tag are one
tags = Table(
    "tags",
    metadata,
    _number(),
    Column("key", String(60), nullable=False, unique=True),
    Column("name", String(60), nullable=False),
    Column("created_at", UtcDateTime, nullable=False),
    sqlite_autoincrement=True,
)

subscriber_tags = Table(
    "subscriber_tags",
    metadata,
    Column("tag", _Number, ForeignKey("tags.number"), primary_key=True),
    Column("subscriber", _Number, ForeignKey("subscribers.number"), primary_key=True),
    Index("ix_subscriber_tags_subscriber", "subscriber"),
    sqlite_with_rowid=False,
)

#: the exact words that somebody agreed to, kept by hash
wordings = Table(
    "wordings",
    metadata,
    Column("hash", String(64), primary_key=True),
    Column("text", Text, nullable=False),
)

#: append-only
consent_events = Table(
    "consent_events",
    metadata,
    _number(),
    Column("subscriber", _Number, ForeignKey("subscribers.number"), nullable=False, index=True),
    #: None: everything, or tracking, which belongs to no list
    Column("list", _Number, ForeignKey("lists.number")),
    Column("action", String(20), nullable=False),
    Column("source", String(20), nullable=False),
    #: the exact words that the person was shown
    Column("wording", String(64), ForeignKey("wordings.hash")),
    #: what the consent rests on, as whoever recorded it states it
    Column("ground", String(64), ForeignKey("wordings.hash")),
    Column("mailing", _Number, ForeignKey("mailings.number")),
    #: only where settings allow, and gone when the person is erased
    Column("ip", String(45)),
    Column("user_agent", Text),
    #: when it happened, as far as is known
    Column("at", UtcDateTime, nullable=False),
    #: when we learned of it; None in events from before this was kept
    Column("recorded_at", UtcDateTime),
    sqlite_autoincrement=True,
)

#: outlives the subscriber; `identity` is None once its person was erased
suppressions = Table(
    "suppressions",
    metadata,
    Column("identity_hash", String(32), primary_key=True),
    Column("identity", Text),
    Column("reason", String(20), nullable=False),
    Column("source", Text, nullable=False),
    Column("at", UtcDateTime, nullable=False),
)

#: append-only: every reason for which an identity was suppressed, and every lifting with its why
suppression_events = Table(
    "suppression_events",
    metadata,
    _number(),
    Column("identity_hash", String(32), nullable=False, index=True),
    #: added | lifted
    Column("action", String(10), nullable=False),
    Column("reason", String(20), nullable=False),
    Column("source", Text, nullable=False),
    Column("at", UtcDateTime, nullable=False),
    sqlite_autoincrement=True,
)

#: the bytes that go: stored once, never rendered again
rendered = Table(
    "rendered",
    metadata,
    Column("fingerprint", String(64), primary_key=True),
    Column("issue", String(200), nullable=False, index=True),
    Column("variant", String(60), nullable=False),
    Column("content", Text, nullable=False),
    Column("sources_digest", String(64), nullable=False),
    Column("created_at", UtcDateTime, nullable=False),
)

images = Table(
    "images",
    metadata,
    Column("name", String(80), primary_key=True),
    Column("media_type", String(40), nullable=False),
    Column("content", LargeBinary, nullable=False),
)

mailings = Table(
    "mailings",
    metadata,
    _number(),
    #: what tokens call it: random, so that a number given again after a backup was restored never shares its links
    Column("link_number", BigInteger, nullable=False, unique=True),
    Column("issue", String(200), nullable=False, index=True),
    #: of the variant for readers in no segment, which the archive shows
    Column("fingerprint", String(64), ForeignKey("rendered.fingerprint"), nullable=False),
    Column("state", String(20), nullable=False),
    Column("sender", String(40), nullable=False),
    Column("created_at", UtcDateTime, nullable=False),
    Column("started_at", UtcDateTime),
    Column("finished_at", UtcDateTime),
    Column("reason", Text, nullable=False, default=""),
    #: who paused it, where only a person may let it go on; empty: a later `send` may (model/mailing.py:PausedBy)
    Column("paused_by", String(20), nullable=False, default="", server_default=text("''")),
    #: `--again REASON`, and the serial that lifts the uniqueness of (issue, subscriber)
    Column("again", Text, nullable=False, default=""),
    Column("again_serial", Integer, nullable=False, default=0),
    Column("audience", Integer, nullable=False, default=0),
    #: names of the segments that narrowed it, and of the lists and segments left out; sorted, commas between
    Column("segments", Text, nullable=False, default="", server_default=text("''")),
    Column("excepted", Text, nullable=False, default="", server_default=text("''")),
    #: after this nothing of it is handed over any more
    Column("latest_at", UtcDateTime),
    #: whether it reaches people; a rehearsal does not. Not known of mailings from before this was kept
    Column("real", Boolean),
    #: what was signed off and goes, with its sources; not known of mailings from before this was kept
    Column("version", _Number),
    #: when it is planned to begin, None: at once; if it has not begun by `start_by`, it is missed
    Column("due_at", UtcDateTime),
    Column("start_by", UtcDateTime),
    #: what the clock shows where each reader is, such as 2026-12-01T09:00; empty: all at once
    Column("local_time", String(30), nullable=False, default="", server_default=text("''")),
    Column("scheduled_by", Text, nullable=False, default="", server_default=text("''")),
    #: why it did not begin although its time had come, for people
    Column("held", Text, nullable=False, default="", server_default=text("''")),
    #: the version goes even where its sources have moved on (`--approved-version`)
    Column("approved_version", Boolean, nullable=False, default=False, server_default=false()),
    #: many more or fewer readers than last time are meant
    Column("may_differ", Boolean, nullable=False, default=False, server_default=false()),
    #: the recurring schedule that it came from
    Column("recurrence", _Number),
    Column("lease_owner", Text, nullable=False, default=""),
    Column("lease_generation", Integer, nullable=False, default=0),
    Column("lease_until", UtcDateTime),
    sqlite_autoincrement=True,
)

mailing_lists = Table(
    "mailing_lists",
    metadata,
    Column("mailing", _Number, ForeignKey("mailings.number"), primary_key=True),
    Column("list", _Number, ForeignKey("lists.number"), primary_key=True),
)

#: what each variant of a mailing's issue is; the one for readers in no segment is named ""
mailing_variants = Table(
    "mailing_variants",
    metadata,
    Column("mailing", _Number, ForeignKey("mailings.number"), primary_key=True),
    Column("variant", String(60), primary_key=True),
    Column("fingerprint", String(64), ForeignKey("rendered.fingerprint"), nullable=False),
)

#: findings of the checks that somebody let stand, and why
mailing_waivers = Table(
    "mailing_waivers",
    metadata,
    Column("mailing", _Number, ForeignKey("mailings.number"), primary_key=True),
    Column("code", String(60), primary_key=True),
    Column("kind", String(20), primary_key=True),
    Column("reason", Text, nullable=False),
    Column("count", Integer, nullable=False),
)

chunks = Table(
    "chunks",
    metadata,
    _number(),
    Column("mailing", _Number, ForeignKey("mailings.number"), nullable=False),
    Column("first", Integer, nullable=False),
    Column("last", Integer, nullable=False),
    Column("variant", String(60), nullable=False, default=""),
    Column("state", String(20), nullable=False),
    #: opens and clicks of its readers are noted: they agreed
    Column("tracked", Boolean, nullable=False, default=False, server_default=false()),
    #: by plan not handed over before
    Column("due_at", UtcDateTime),
    Column("tries", Integer, nullable=False, default=0),
    #: after a definite no not handed over before
    Column("not_before", UtcDateTime),
    #: the last attempt that these deliveries were in; the parts of a chunk that is cut keep it
    Column("attempt", String(32), nullable=False, default="", server_default=text("''")),
    Index("ix_chunks_mailing_state", "mailing", "state", "first"),
    sqlite_autoincrement=True,
)

#: never changed once written
deliveries = Table(
    "deliveries",
    metadata,
    Column("mailing", _Number, ForeignKey("mailings.number"), primary_key=True),
    Column("n", Integer, primary_key=True),
    Column("subscriber", _Number, ForeignKey("subscribers.number"), nullable=False),
    Column("variant", String(60), nullable=False, default=""),
    Column("tracked", Boolean, nullable=False, default=False, server_default=false()),
    #: by plan not handed over before; None: at once
    Column("due_at", UtcDateTime),
    Index("ix_deliveries_subscriber", "subscriber"),
    sqlite_with_rowid=False,
)

#: what is known of single deliveries, beside the state of their chunk
delivery_outcomes = Table(
    "delivery_outcomes",
    metadata,
    Column("mailing", _Number, ForeignKey("mailings.number"), primary_key=True),
    Column("n", Integer, primary_key=True),
    Column("outcome", String(20), nullable=False),
    Column("reason", Text, nullable=False),
    Column("at", UtcDateTime, nullable=False),
    #: the attempt that it came of; empty for who was excluded
    Column("attempt", String(32), nullable=False, default="", server_default=text("''")),
)

#: who has, or is getting, which issue: the primary key is the promise that nobody gets it twice
issue_readers = Table(
    "issue_readers",
    metadata,
    Column("issue", String(200), primary_key=True),
    Column("again_serial", Integer, primary_key=True),
    Column("subscriber", _Number, ForeignKey("subscribers.number"), primary_key=True),
    Column("mailing", _Number, ForeignKey("mailings.number"), nullable=False),
    Column("n", Integer, nullable=False),
    UniqueConstraint("mailing", "n"),
    Index("ix_issue_readers_subscriber", "subscriber", "mailing"),
)

#: who opened or clicked what, only of those who agreed to tracking; the first time of each
engagements = Table(
    "engagements",
    metadata,
    Column("subscriber", _Number, ForeignKey("subscribers.number"), primary_key=True),
    Column("mailing", _Number, ForeignKey("mailings.number"), primary_key=True),
    #: opened | clicked
    Column("kind", String(10), primary_key=True),
    Column("at", UtcDateTime, nullable=False),
    sqlite_with_rowid=False,
)

attempts = Table(
    "attempts",
    metadata,
    #: also what the ESP is told, so that its events find the attempt
    Column("id", String(32), primary_key=True),
    Column("chunk", _Number, ForeignKey("chunks.number"), nullable=False, index=True),
    Column("sender", String(40), nullable=False),
    Column("generation", Integer, nullable=False),
    Column("started_at", UtcDateTime, nullable=False),
    Column("verdict", String(20)),
    Column("detail", Text, nullable=False, default=""),
    Column("provider_id", Text, nullable=False, default=""),
    Column("answered_at", UtcDateTime),
    #: the deliveries that it was made for, as they stood then, of whom `size` readers were handed over
    Column("first", Integer, nullable=False, default=0, server_default=text("0")),
    Column("last", Integer, nullable=False, default=0, server_default=text("0")),
    Column("size", Integer, nullable=False, default=0, server_default=text("0")),
    #: what settled it, where that was not the sender's own answer: journal | late answer | event | person
    Column("settled_by", String(20), nullable=False, default="", server_default=text("''")),
    Index("ix_attempts_started_at", "started_at"),
)

#: what an ESP reports, as it came: stored before it is understood. Holds addresses, so it is pruned.
#: The body is last and the row never changes while all is well: SQLite would write all of it again
event_inbox = Table(
    "event_inbox",
    metadata,
    _number(),
    Column("esp", String(40), nullable=False),
    Column("received_at", UtcDateTime, nullable=False),
    #: why it could not be understood; empty when all is well
    Column("fault", Text, nullable=False, default="", server_default=text("''")),
    Column("body", LargeBinary, nullable=False),
    sqlite_autoincrement=True,
)
#: this condition has to stand in a query as it is here, or the index is not used
HAS_FAULT = event_inbox.c.fault != literal_column("''")
Index("ix_event_inbox_fault", event_inbox.c.number, postgresql_where=HAS_FAULT, sqlite_where=HAS_FAULT)

#: the reports that are not handled yet
event_queue = Table(
    "event_queue",
    metadata,
    Column("report", _Number, ForeignKey("event_inbox.number"), primary_key=True, autoincrement=False),
)

#: what happened, each thing once. The key begins with the time, so that a table of any size is added to at its end.
#: No address: a delivery is its mailing and number (mailing 0: a notice)
events = Table(
    "events",
    metadata,
    Column("at", UtcDateTime, primary_key=True),
    #: the ESP's own id of the event, or a hash of what makes it one
    Column("id", String(64), primary_key=True),
    Column("esp", String(40), nullable=False),
    Column("kind", String(20), nullable=False),
    Column("mailing", _Number),
    Column("n", Integer),
    Column("attempt", String(32), nullable=False, default=""),
    Column("detail", Text, nullable=False, default=""),
    #: not a person: a mail program that fetches everything, a scanner that follows links
    Column("machine", Boolean, nullable=False, default=False, server_default=false()),
    Column("recorded_at", UtcDateTime, nullable=False),
    Index("ix_events_mailing", "mailing", "n"),
    sqlite_with_rowid=False,
)
#: kinds that are seldom: of the others some are found soon by looking through the newest. As HAS_FAULT, in these very words
RARE = ("complained", "dropped", "hard bounce", "soft bounce", "unknown", "unsubscribed")
IS_RARE = events.c.kind.in_([literal_column(f"'{kind}'") for kind in RARE])
Index("ix_events_rare", events.c.kind, events.c.at, events.c.id, postgresql_where=IS_RARE, sqlite_where=IS_RARE)

#: what the world did with a delivery that was handed over: the gravest thing that is known
fates = Table(
    "fates",
    metadata,
    Column("mailing", _Number, primary_key=True),
    Column("n", Integer, primary_key=True),
    Column("fate", String(20), nullable=False),
    Column("reason", Text, nullable=False, default=""),
    Column("at", UtcDateTime, nullable=False),
    sqlite_with_rowid=False,
)

#: which links were followed, counted without saying by whom
link_clicks = Table(
    "link_clicks",
    metadata,
    Column("mailing", _Number, ForeignKey("mailings.number"), primary_key=True),
    Column("url_hash", String(64), primary_key=True),
    Column("url", Text, nullable=False),
    Column("people", Integer, nullable=False, default=0),
    Column("machines", Integer, nullable=False, default=0),
)

#: whom an ESP knows as not to be mailed: told by us, or by it
esp_suppressions = Table(
    "esp_suppressions",
    metadata,
    Column("esp", String(40), primary_key=True),
    Column("identity_hash", String(32), primary_key=True),
    #: seen there last
    Column("at", UtcDateTime, nullable=False),
    #: when we told it, so that it is not taken for the person's own word when it comes back
    Column("told_at", UtcDateTime),
    sqlite_with_rowid=False,
)

#: one mail to one person outside mailings; `cause` makes it unique
notices = Table(
    "notices",
    metadata,
    _number(),
    Column("cause", String(120), nullable=False, unique=True),
    Column("kind", String(20), nullable=False),
    Column("identity_hash", String(32), nullable=False, index=True),
    Column("address", Text),
    Column("fingerprint", String(64), ForeignKey("rendered.fingerprint")),
    Column("state", String(20), nullable=False),
    Column("detail", Text, nullable=False, default=""),
    Column("created_at", UtcDateTime, nullable=False),
    Column("answered_at", UtcDateTime),
    #: what became of it afterwards, as events tell
    Column("fate", String(20), nullable=False, default="", server_default=text("''")),
    Column("language", String(35), nullable=False, default="", server_default=text("''")),
    #: what it is about, as its kind needs it: numbers of lists, of requests
    Column("about", JSON),
    Column("tries", Integer, nullable=False, default=0, server_default=text("0")),
    #: after a definite no not handed over before
    Column("not_before", UtcDateTime),
    #: while it is `submitting`: when whoever hands it over must have stopped
    Column("held_until", UtcDateTime),
    Column("attempt", String(32), nullable=False, default="", server_default=text("''")),
    Column("sender", String(40), nullable=False, default="", server_default=text("''")),
    #: the ESP's own id of the request
    Column("provider_id", Text, nullable=False, default="", server_default=text("''")),
    #: when the button behind its link was pressed
    Column("used_at", UtcDateTime),
    Index("ix_notices_state", "state", "not_before"),
    sqlite_autoincrement=True,
)

#: a dated note that is shown above a sent issue, whose bytes never change
corrections = Table(
    "corrections",
    metadata,
    _number(),
    Column("issue", String(200), nullable=False, index=True),
    Column("text", Text, nullable=False),
    Column("at", UtcDateTime, nullable=False),
    Column("withdrawn_at", UtcDateTime),
    sqlite_autoincrement=True,
)

#: why somebody left, where they wanted to say so
leaving_reasons = Table(
    "leaving_reasons",
    metadata,
    _number(),
    Column("subscriber", _Number, ForeignKey("subscribers.number"), nullable=False, index=True),
    Column("mailing", _Number, ForeignKey("mailings.number")),
    Column("code", String(40), nullable=False),
    Column("words", Text, nullable=False),
    Column("at", UtcDateTime, nullable=False),
    sqlite_autoincrement=True,
)

#: what stood in somebody's mails until it was changed, so that a mail in the browser is the one that was sent
former_fields = Table(
    "former_fields",
    metadata,
    Column("subscriber", _Number, ForeignKey("subscribers.number"), primary_key=True),
    Column("until", UtcDateTime, primary_key=True),
    #: first_name, last_name, language, address, attributes
    Column("fields", JSON, nullable=False),
    Index("ix_former_fields_until", "until"),
)

#: who may use the API; the key itself is shown once and never stored
api_keys = Table(
    "api_keys",
    metadata,
    _number(),
    Column("name", String(60), nullable=False),
    #: the part of the key that finds it
    Column("prefix", String(20), nullable=False, unique=True),
    #: SHA-256 of the whole key, which is random and long
    Column("hash", String(64), nullable=False),
    #: sorted, spaces between
    Column("scopes", Text, nullable=False),
    Column("created_at", UtcDateTime, nullable=False),
    Column("expires_at", UtcDateTime),
    Column("revoked_at", UtcDateTime),
    #: to the hour
    Column("used_at", UtcDateTime),
    sqlite_autoincrement=True,
)

#: answers of the API by idempotency key, for a day; they hold no address
api_replays = Table(
    "api_replays",
    metadata,
    Column("api_key", _Number, ForeignKey("api_keys.number"), primary_key=True),
    #: SHA-256 of what the client sent as Idempotency-Key
    Column("key", String(64), primary_key=True),
    #: SHA-256 of the request that it came with
    Column("request", String(64), nullable=False),
    Column("status", Integer, nullable=False),
    Column("body", Text, nullable=False),
    Column("at", UtcDateTime, nullable=False, index=True),
)

#: who signs off; `key` is the name case-folded and NFC
staff = Table(
    "staff",
    metadata,
    _number(),
    Column("key", String(120), nullable=False, unique=True),
    Column("name", String(120), nullable=False),
    Column("email", Text, nullable=False),
    #: other names and addresses by which git or `authors` know them
    Column("aliases", JSON, nullable=False, default=list),
    #: sorted, spaces between
    Column("roles", Text, nullable=False, default="", server_default=text("''")),
    #: scrypt (signoff/passphrases.py); never the passphrase itself
    Column("passphrase", Text, nullable=False, default="", server_default=text("''")),
    Column("created_at", UtcDateTime, nullable=False),
    #: who has left; their approvals stay in the record
    Column("removed_at", UtcDateTime),
    #: wrong passphrases in a row
    Column("failed", Integer, nullable=False, default=0, server_default=text("0")),
    Column("failed_at", UtcDateTime),
    sqlite_autoincrement=True,
)

#: an issue as it stood: all its bytes (version_variants), and everything that they were made from. Never changes
versions = Table(
    "versions",
    metadata,
    _number(),
    Column("issue", String(200), nullable=False, index=True),
    #: SHA-256 over the variants, the sources and what was let stand: what an approval is bound to
    Column("fingerprint", String(64), nullable=False, unique=True),
    Column("sources_digest", String(64), nullable=False),
    #: label -> SHA-256 of a text in source_texts, or of an image
    Column("sources", JSON, nullable=False, default=dict),
    #: who wrote it, as `authors` and git say: {"name", "email"}
    Column("authors", JSON, nullable=False, default=list),
    #: the git commit of the workspace, with + behind it where files were changed since; empty where there is none
    Column("commit_id", String(64), nullable=False, default="", server_default=text("''")),
    #: findings that somebody let stand, and why
    Column("waivers", JSON, nullable=False, default=list),
    #: what the checks found
    Column("checks", JSON, nullable=False, default=list),
    Column("created_at", UtcDateTime, nullable=False),
    sqlite_autoincrement=True,
)

version_variants = Table(
    "version_variants",
    metadata,
    Column("version", _Number, ForeignKey("versions.number"), primary_key=True),
    Column("variant", String(60), primary_key=True),
    Column("fingerprint", String(64), ForeignKey("rendered.fingerprint"), nullable=False),
)

#: texts that versions were made from, stored once
source_texts = Table(
    "source_texts",
    metadata,
    Column("hash", String(64), primary_key=True),
    Column("content", Text, nullable=False),
)

#: append-only but for its withdrawal
approvals = Table(
    "approvals",
    metadata,
    _number(),
    Column("version", _Number, ForeignKey("versions.number"), nullable=False, index=True),
    Column("staff", _Number, ForeignKey("staff.number"), nullable=False),
    #: the roles that they had then
    Column("roles", Text, nullable=False),
    Column("comment", Text, nullable=False, default="", server_default=text("''")),
    Column("at", UtcDateTime, nullable=False),
    Column("withdrawn_at", UtcDateTime),
    Column("withdrawn_why", Text, nullable=False, default="", server_default=text("''")),
    sqlite_autoincrement=True,
)

#: append-only: who did what and when; `hash` is over the row and the hash before it. Numbers have no gap. No address
audit_log = Table(
    "audit_log",
    metadata,
    Column("number", _Number, primary_key=True, autoincrement=False),
    Column("at", UtcDateTime, nullable=False),
    Column("actor", Text, nullable=False),
    Column("action", String(40), nullable=False),
    #: such as "mailing 3", "issue walking", "list friends"
    Column("subject", Text, nullable=False, index=True),
    #: canonical JSON
    Column("facts", Text, nullable=False),
    Column("previous", String(64), nullable=False),
    Column("hash", String(64), nullable=False, unique=True),
)

#: a mailing that comes again and again: the newest issue that is ready and not yet sent
recurrences = Table(
    "recurrences",
    metadata,
    _number(),
    #: such as "first tuesday 09:00"
    Column("rule", Text, nullable=False),
    #: names of lists and segments, as --to and --except give them
    Column("to", JSON, nullable=False, default=list),
    Column("excepted", JSON, nullable=False, default=list),
    #: at that hour where each reader is
    Column("local", Boolean, nullable=False, default=False, server_default=false()),
    Column("made_by", Text, nullable=False, default="", server_default=text("''")),
    Column("created_at", UtcDateTime, nullable=False),
    Column("ended_at", UtcDateTime),
    sqlite_autoincrement=True,
)

#: what became of each time of a recurring schedule; the primary key is the promise that it comes once
occurrences = Table(
    "occurrences",
    metadata,
    Column("recurrence", _Number, ForeignKey("recurrences.number"), primary_key=True),
    Column("due_at", UtcDateTime, primary_key=True),
    Column("mailing", _Number),
    #: why there was no mailing, for people
    Column("said", Text, nullable=False, default="", server_default=text("''")),
    Column("at", UtcDateTime, nullable=False),
)

#: the parts of `newsletter run-due`: who is at it, and how it went the last time
duties = Table(
    "duties",
    metadata,
    Column("name", String(40), primary_key=True),
    Column("owner", Text, nullable=False, default="", server_default=text("''")),
    Column("began_at", UtcDateTime),
    Column("held_until", UtcDateTime),
    Column("ended_at", UtcDateTime),
    Column("succeeded_at", UtcDateTime),
    Column("failed_in_a_row", Integer, nullable=False, default=0, server_default=text("0")),
    Column("fault", Text, nullable=False, default="", server_default=text("''")),
    #: when the operator was told of a failure that lasts
    Column("told_at", UtcDateTime),
)

#: Keys of these tables are only checked by SQLite. PostgreSQL asks for each row and key again, which takes four fifths of
#: the time of an import (benchmarks/bench_import.py) and of planning a mailing (benchmarks/bench_send.py). What the keys
#: refer to is never deleted, and only this package writes here; `db check` finds what refers to nothing.
_UNCHECKED_ON_POSTGRESQL = (subscriptions, consent_events, deliveries, delivery_outcomes, issue_readers)
for _table in _UNCHECKED_ON_POSTGRESQL:
    for _key in _table.foreign_key_constraints:
        _key.ddl_if(dialect="sqlite")


def keys_are_made(table: Table, dialect: str) -> bool:
    """Whether the foreign keys of a table are there on such a database."""
    return dialect == "sqlite" or table not in _UNCHECKED_ON_POSTGRESQL
