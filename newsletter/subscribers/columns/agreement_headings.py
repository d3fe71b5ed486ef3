"""Does a heading speak of consent, of wanting mail, or of leaving? By its words, however long it is.

`Ich möchte den Newsletter der Praxis` is a question that a form asked, and no field of any system.
"""

from __future__ import annotations

import re
import unicodedata
from enum import StrEnum
from typing import NamedTuple


class Turn(StrEnum):
    """What yes means in the cells below."""

    AGREED = "agreed"
    #: `No newsletter, please`
    DECLINED = "declined"
    #: `Newsletter cancelled on`
    LEFT = "left"
    #: `Blocklisted emails`, `Bounced Hard`: yes means that no mail is to go there
    TROUBLE = "trouble"
    #: a long heading with words for both
    UNCLEAR = "unclear"


class Subject(NamedTuple):
    turn: Turn
    #: it says consent; else it only names a newsletter, or wishes, and may be about something else
    sure: bool
    #: it speaks of what surrounds consent: a source, a wording, the names of lists
    aside: bool


_WORDS = re.compile(r"[^\W_]+")
#: `HasOptedOutOfEmail`
_HUMPS = re.compile(r"(?<=[a-z]{2})(?=[A-Z])")
_AGREEING = (
    "consent einwillig willige einverstand zustimm zugestimmt stimme agree accept acept accett aceit akzeptier "
    "consens acconsent toestem akkoord instem optin autoriz autoris permission permiso erlaub gdpr dsgvo rgpd activated "
    "aktiviert"
)
_MAILING = (
    "newsletter rundbrief rundschreiben infobrief infomail mailing marketing werbung boletin infolettre notiziario nieuwsbrief "
    "informativo subscri suscri abonn"
)
_WISHING = frozenset(
    "mochte want wants wish wishes would quiero deseo souhaite veux voglio desidero wil wens quero desejo".split()
)
#: leaving, whatever they leave
_UNSUBSCRIBING = (
    "unsubscri abgemeldet abmeld abbestell desuscri desabonn desinscri disiscri uitgeschreven uitschrij afgemeld afmeld "
    "descadastr optout ausgetrag austrag verstorb deceas deactivat deaktiv desactivad desactive"
)
#: mail does not go there, or must not
_TROUBLE = "blacklist blocklist suppress bounce undeliverable unzustellbar"
#: `May we write to you?`: asking and getting in touch, in one heading
_ASKING = re.compile(
    r"\b(?:(?:may|can|could|should|shall|do|would) (?:we|i|you)|durfen wir|konnen wir|sollen wir|podemos|pouvons nous|"
    r"possiamo|mogen wij|mogen we|podemos nos)\b"
)
_IN_TOUCH = (
    "mail email contact kontakt inform write schreib schicken send touch updates news neuigkeit novedad nouvelles escrib "
    "envia ecrire envoyer scriver invia schrijv stur"
)
#: `Werbesperre`, `Do not contact`: yes means that no mail is wanted
_BARRED = ("sperre", "sperrt", "sperrvermerk")
_REACHING = "mail email contact kontakt schreib anschreib werb disturb"
_STAYING = re.compile(r"\b(?:(?:stay|keep) in touch|in kontakt bleiben|keep me (?:posted|informed|updated))\b")
#: leaving only beside words of consent or mail
_WITHDRAWING = (
    "widerruf widerrief widerspr withdraw withdrew withdrawn revok revoc revoqu cancel baja entzogen declin refus reject "
    "stop gekundig beendet ended inactiv inaktiv exclud ausgeschloss ablehn abgelehnt verweiger rechaz rifiut recus geweiger weiger oppos"
)
_NEGATIONS = frozenset(
    "kein keine keinen nicht no not dont don never pas sans sin senza zonder geen niet nao sem ohne non".split()
)
#: `Newsletter (yes/no)`: the answers are named, nothing is denied
_BOTH_NAMED = frozenset("yes ja y j si oui sim".split())
#: `... and may withdraw at any time`: the clause that stands below every consent
_AT_ANY_TIME = re.compile(
    r"\b(?:any ?time|jederzeit|jeder zeit|cualquier momento|tout moment|(?:qualsiasi|ogni) momento|elk moment|qualquer momento)\b"
)
_ASIDE = frozenset(
    "source quelle herkunft origin origen origine bron fonte fuente ip text wording wortlaut version id method methode kanal "
    "channel url link thema themen topic topics list lists liste listen interests interessen".split()
)
#: what else people agree to; with a word of mail in it the heading counts all the same
_OTHER_MATTERS = (
    "foto photo fotos photos bild video agb terms sms whatsapp telefon phone anruf cookie reservation termin"
)
_LONG = 5


def subject_of(heading: str) -> Subject | None:
    """None: it speaks of something else."""
    words = _words(heading)
    sure, mail = _begin(words, _AGREEING) or "accord" in words, _begin(words, _MAILING)
    leaving = _begin(words, _UNSUBSCRIBING)
    if _begin(words, _TROUBLE) and (mail or leaving or not _begin(words, _OTHER_MATTERS)):
        return Subject(Turn.TROUBLE, sure=False, aside=not _ASIDE.isdisjoint(words))
    if _begin(words, "invalid ungultig") and _begin(words, "mail email address adress"):
        return Subject(Turn.TROUBLE, sure=False, aside=False)
    barred = any(word.endswith(_BARRED) for word in words)
    denying = words[:1] == ["no"] or not (_NEGATIONS - {"no"}).isdisjoint(words)  # `Contact No.` is a number
    if barred or (denying and _begin(words, _REACHING) and len(words) <= _LONG):
        unclear = barred and not _NEGATIONS.isdisjoint(words)
        return Subject(Turn.UNCLEAR if unclear else _denied(words), sure=False, aside=not _ASIDE.isdisjoint(words))
    text = " ".join(words)
    asking = _STAYING.search(text) or (_ASKING.search(text) and _begin(words, _IN_TOUCH))
    wishing = not _WISHING.isdisjoint(words) or asking is not None
    if not (sure or mail or leaving or wishing) or (
        _begin(words, _OTHER_MATTERS) and not _about_mail(words) and not leaving
    ):
        return None
    return Subject(_turn(words, agreeing=sure or mail or wishing), sure, not _ASIDE.isdisjoint(words))


def _about_mail(words: list[str]) -> bool:
    """Marketing may also be by telephone."""
    return _begin([word for word in words if not word.startswith(("marketing", "werbung"))], f"{_MAILING} mail email")


def _words(heading: str) -> list[str]:
    parted = _HUMPS.sub(" ", heading)
    plain = unicodedata.normalize("NFKD", parted.casefold())
    text = "".join(c for c in plain if not unicodedata.combining(c))
    return _WORDS.findall(re.sub(r"(?<![^\W_])opt(?:s|ed|ing)?[\s_.-]?(in|out)", r"opt\1", text))


def _begin(words: list[str], beginnings: str) -> bool:
    return any(word.startswith(tuple(beginnings.split())) for word in words)


def _denied(words: list[str]) -> Turn:
    """Of a heading that says no."""
    turn = _turn(words, agreeing=True)
    return Turn.DECLINED if turn is Turn.AGREED else turn


def _turn(words: list[str], *, agreeing: bool) -> Turn:
    leaving = _begin(words, _UNSUBSCRIBING) or _begin(words, _WITHDRAWING)
    if leaving and _AT_ANY_TIME.search(" ".join(words)):
        leaving = False
    denied = not _NEGATIONS.isdisjoint(words) and _BOTH_NAMED.isdisjoint(words)
    if not leaving and not denied:
        return Turn.AGREED
    if agreeing and len(words) > _LONG:
        return Turn.UNCLEAR
    if leaving and denied:
        return Turn.UNCLEAR
    return Turn.LEFT if leaving else Turn.DECLINED
