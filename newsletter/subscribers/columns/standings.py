"""The words by which files say whether somebody is subscribed -> a Mark. What is not clear is pending.

A plain no is the answer of somebody who was asked, and not the word of somebody who left.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING

from newsletter.model.answers import NO, YES
from newsletter.model.importing import Mark, Standing
from newsletter.model.subscriber import SuppressionReason
from newsletter.subscribers.columns.headings import word_of

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    Reading = Callable[[str], Mark]
    Marking = Callable[[Sequence[str]], Mark]

UNSAID, SUBSCRIBED = Mark(), Mark(standing=Standing.SUBSCRIBED)
PENDING, UNSUBSCRIBED = Mark(standing=Standing.PENDING), Mark(standing=Standing.UNSUBSCRIBED)
REFUSED = Mark(standing=Standing.REFUSED)


def suppressed(reason: SuppressionReason) -> Mark:
    return Mark(standing=Standing.SUPPRESSED, reason=reason)


BOUNCED, COMPLAINED = suppressed(SuppressionReason.HARD_BOUNCE), suppressed(SuppressionReason.COMPLAINT)
BLOCKED, BAD = suppressed(SuppressionReason.BY_HAND), suppressed(SuppressionReason.BAD_ADDRESS)
_GRAVITY = (
    Standing.UNSAID,
    Standing.SUBSCRIBED,
    Standing.PENDING,
    Standing.REFUSED,
    Standing.UNSUBSCRIBED,
    Standing.SUPPRESSED,
)

_YES = {*map(word_of, YES)} | set(
    "oui sim da t x j s on checked angekreuzt wahr vrai verdadero verdadeiro vero waar ✓ ✔ ✔\ufe0f ☑ ☑\ufe0f √".split()
)
_NO = {*map(word_of, NO)} | set(
    "non nao nee f off unchecked not_checked nicht_angekreuzt falsch faux falso onwaar ☐".split()
)
#: no for a question about trouble or leaving; no answer to one about consent
_NOTHING = _NO | {"none", "null", "never"}
_AGREED = set(
    "agreed i_agree accepted i_accept granted given einverstanden ich_bin_einverstanden zugestimmt ich_stimme_zu erteilt "
    "aceptado acepto accepte j_accepte accettato accetto aceito akkoord".split()
)
_DECLINED = set("declined denied refused rejected abgelehnt verweigert rechazado rifiutato recusado geweigerd".split())
#: what may stand around yes or no and does not change it: `Yes, please`, `Nein danke`
_COURTESIES = set(
    "please thanks thank you sure of course i agree want would like to receive the newsletter by email e mail "
    "bitte gerne gern danke naturlich ich mochte will bin einverstanden stimme zu den die der per erhalten bekommen "
    "por favor gracias quiero recibir el la boletin merci s il vous plait je souhaite veux recevoir grazie per favore voglio "
    "desidero ricevere graag bedankt dank u ik wil de nieuwsbrief ontvangen quero receber o a obrigado obrigada".split()
)
_YES_SAID, _NO_SAID = {"yes", "ja", "si", "oui", "sim"}, {"no", "nein", "non", "nao", "nee"}
#: in a cell that is no clear answer these still sound like one
_DENYING = _NO_SAID | set("not nicht kein keine keinen never pas geen niet stop".split())
_TOKENS = re.compile(r"[^\W_]+")
_WORDS: Mapping[Mark, str] = {
    SUBSCRIBED: "subscribed confirmed active opted_in opt_in optin abonniert angemeldet bestatigt aktiv suscrito "
    "confirmado activo abonne inscrit confirme actif iscritto confermato attivo inscrito ativo ingeschreven bevestigd actief "
    "express explicit",
    UNSUBSCRIBED: "unsubscribed inactive opted_out opt_out optout left removed cancelled canceled abgemeldet inaktiv "
    "dado_de_baja baja inactivo cancelado desabonne desinscrit inactif disiscritto inattivo inativo descadastrado "
    "uitgeschreven afgemeld inactief",
    BOUNCED: "bounced cleaned hard_bounce hard_bounced hardbounced bounced_hard undeliverable unzustellbar rebotado",
    COMPLAINED: "complained complaint spam spam_complaint spam_report reported_spam marked_as_spam abuse junk",
    BLOCKED: "blocked blocklisted blacklisted banned suppressed do_not_email do_not_mail gesperrt bloqueado",
    BAD: "invalid invalid_email bad_address bad_email ungultig",
}
_WAITING = {"pending", "unconfirmed", "unactivated", "not_confirmed", "unbestatigt", "soft_bounced", "sleeping"}
_MARK_OF = {word: mark for mark, words in _WORDS.items() for word in words.split()}


def answer_of(cell: str) -> Mark | None:
    """A status or an answer; None where it is neither for sure."""
    word = word_of(cell)
    if found := _MARK_OF.get(word):
        return found
    if word in _YES:
        return SUBSCRIBED
    return REFUSED if word in _NO else _answer_in_words(word)


def _answer_in_words(word: str) -> Mark | None:
    first, *rest = _TOKENS.findall(word) or [""]
    if not _COURTESIES.issuperset(rest):
        return None
    return SUBSCRIBED if first in _YES_SAID else REFUSED if first in _NO_SAID else None


def denies(cell: str) -> bool:
    """Whether there is a no somewhere in it."""
    return not _DENYING.isdisjoint(_TOKENS.findall(word_of(cell)))


@lru_cache(maxsize=4096)
def by_word(cell: str) -> Mark:
    """Of a column that holds a status."""
    return answer_of(cell) or PENDING


def agreement_of(cell: str) -> Mark | None:
    """An answer to the question whether somebody agrees; None where it is none for sure."""
    word = word_of(cell)
    return SUBSCRIBED if word in _AGREED else REFUSED if word in _DECLINED else answer_of(cell)


@lru_cache(maxsize=4096)
def by_yes(cell: str) -> Mark:
    """Of a column in which yes means subscribed and everything else does not."""
    return agreement_of(cell) or PENDING


@lru_cache(maxsize=4096)
def by_declining(cell: str) -> Mark:
    """Of a column in which yes means that somebody wants no mail; no does not mean that they want any."""
    word = word_of(cell)
    return UNSAID if not word or word in _NOTHING else REFUSED if word in _YES else PENDING


@lru_cache(maxsize=4096)
def by_agreed_on(cell: str) -> Mark:
    """Of a column with the day on which somebody agreed; who has none, or a zero, did not."""
    return UNSAID if any(sign in "123456789" for sign in cell) else PENDING


@lru_cache(maxsize=4096)
def by_leaving(cell: str) -> Mark:
    """Of a column in which anything but no, such as a date, means that somebody left; no does not mean subscribed."""
    word = word_of(cell)
    return UNSAID if not word or word in _NOTHING else UNSUBSCRIBED


@lru_cache(maxsize=4096)
def by_activity(cell: str) -> Mark:
    """Of a column in which no means that somebody is not to be mailed; yes does not mean that they agreed."""
    word = word_of(cell)
    return UNSAID if not word or word in _YES else UNSUBSCRIBED if word in _NOTHING else PENDING


@lru_cache(maxsize=4096)
def by_confirmation(cell: str) -> Mark:
    """Of a column in which no means that somebody has not confirmed; yes does not mean that they did not leave later."""
    word = word_of(cell)
    return UNSAID if word in _YES else PENDING


def is_status(cell: str) -> bool:
    """Whether it is a word for somebody's standing, and not a mere yes or no."""
    word = word_of(cell)
    return word in _MARK_OF or word in _WAITING


def ends_mail(cell: str) -> bool:
    """Whether it is a word for one who is not to be mailed. Left may be a side."""
    word = word_of(cell)
    return word != "left" and _MARK_OF.get(word, SUBSCRIBED) is not SUBSCRIBED


def _by_trouble(trouble: Mark) -> Reading:
    @lru_cache(maxsize=4096)
    def by_trouble(cell: str) -> Mark:
        """Of a column in which yes means trouble; what is unclear (soft, a number) at least does not subscribe."""
        word = word_of(cell)
        return (
            UNSAID
            if not word or word in _NOTHING
            else trouble
            if word in _YES or word in {"hard", "permanent"}
            else PENDING
        )

    return by_trouble


#: of a column whose heading speaks of trouble, in any words
by_bouncing, by_blocking = _by_trouble(BOUNCED), _by_trouble(BLOCKED)
_COLUMNS: Mapping[Reading, str] = {
    by_word: "status subscription_status subscriber_status email_status member_status contact_status mailing_status "
    "newsletter_status email_marketing_status email_subscription_status statut status_da_assinatura abo_status list_status "
    "subscriber_state subscription_state email_permission_status permission_status",
    by_yes: "subscribed is_subscribed opt_in optin opted_in email_opt_in newsletter_opt_in newsletter accepts_marketing "
    "accepts_email_marketing accepts_newsletter email_consent marketing_consent newsletter_consent email_marketing_consent "
    "subscribed_to_emails subscribed_to_newsletter receive_newsletter receives_newsletter abonniert angemeldet suscrito "
    "abonne inscrit iscritto inscrito ingeschreven",
    by_leaving: "unsubscribed is_unsubscribed opt_out optout opted_out email_opt_out has_opted_out_of_email do_not_email "
    "do_not_mail no_email email_disabled abgemeldet desabonne disiscritto uitgeschreven",
    by_activity: "active is_active enabled email_enabled aktiv activo actif attivo ativo",
    by_confirmation: "confirmed is_confirmed email_confirmed bestatigt confirmado confirme confermato bevestigd",
    by_bouncing: "bounced is_bounced hard_bounce hard_bounced undeliverable",
    _by_trouble(COMPLAINED): "complained complaint spam spam_complaint spam_report marked_as_spam",
    by_blocking: "blocked is_blocked blocklisted blacklisted email_blacklisted email_blocklisted banned suppressed",
}
#: what a heading says about the cells below it
READING_OF: Mapping[str, Reading] = {word: read for read, words in _COLUMNS.items() for word in words.split()}


def marking(readings: Sequence[tuple[int, Reading]]) -> Marking:
    """Cells of a row -> the gravest that its columns say. A cell that is not there is an empty one."""
    if len(readings) == 1:
        ((only, read_only),) = readings
        return lambda cells: read_only(cells[only] if only < len(cells) else "")

    def mark(cells: Sequence[str]) -> Mark:
        return gravest(*(read(cells[index] if index < len(cells) else "") for index, read in readings))

    return mark


def gravest(*marks: Mark) -> Mark:
    return max(marks, key=lambda mark: _GRAVITY.index(mark.standing))
