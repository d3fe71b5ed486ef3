"""Phrases that spam filters and wary readers know, in English, German, Spanish and French.

Chosen for what medicine may say: "free consultation", "cure" and "100 %" alone are no spam, "miracle cure" is. Sources for the
kinds of claims: the US Federal Trade Commission's Health Products Compliance Guidance (2022) on miracle, risk-free and
guaranteed results, and the phrase rules in SpamAssassin's 20_phrases.cf and 20_drugs.cf for urgency and money; the words are ours.
"""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING

from newsletter.check.rulebook import Finding, issue_rule
from newsletter.check.written.prose import Finder, inbox_pieces, prose_pieces
from newsletter.model.problem import Level

if TYPE_CHECKING:
    from collections.abc import Iterator

    from newsletter.check.rulebook import Content
    from newsletter.model.problem import Place

#: language -> phrases; a blank stands for any white space
PHRASES = {
    "en": (
        "act (?:now|fast|today)",
        "(?:order|buy) now",
        "click here now",
        "limited time (?:only|offer)",
        "offer expires",
        "don['’]t delete",
        "once[- ]in[- ]a[- ]lifetime",
        "risk[- ]free",
        "money[- ]back guarantee",
        "guaranteed (?:results|success|relief|cure|weight loss|to work)",
        "(?:results|success) (?:are )?guaranteed",
        "100 ?% (?:guaranteed|free|natural|satisfaction|satisfied)",
        "no side[- ]effects",
        "miracle (?:cure|drug|treatment|therapy|pill|remedy|product)",
        "(?:secret|revolutionary|magic) (?:cure|formula|remedy|pill)",
        "instant (?:relief|cure|results)",
        "(?:cures|heals) (?:everything|all|any)",
        "doctors (?:hate|don['’]t want you to know)",
        "lose weight (?:fast|now|overnight)",
        "fast cash|easy money|extra income|make money (?:fast|online|from home)",
        "(?:you are|you['’]re) a winner|you have been (?:selected|chosen)",
        "you(?:['’]ve| have) won",
        "congratulations,? you",
        "claim your (?:prize|reward|gift|bonus)",
        "free (?:gift|money|iphone)",
        "dear (?:friend|valued customer)",
        "this (?:is not|isn['’]t) spam",
        "no (?:strings attached|questions asked|purchase necessary)",
        "cheap(?:est)? (?:meds|drugs|pills)",
        "viagra|cialis",
        "lowest price|best price ever|unbeatable (?:offer|price)",
    ),
    "de": (
        "jetzt (?:zugreifen|zuschlagen|bestellen|kaufen)",
        "nur für kurze zeit|zeitlich begrenztes angebot",
        "einmalige (?:chance|gelegenheit)",
        "risikofrei|risikolos|völlig ohne risiko",
        "geld[- ]zurück[- ]garantie",
        "garantierte[rsnm]? (?:erfolg|heilung|wirkung|ergebnisse?|linderung)",
        "(?:erfolg|heilung|wirkung) garantiert",
        "100 ?% (?:garantiert|kostenlos|gratis|natürlich)",
        "(?:ohne|keine|keinerlei) nebenwirkungen",
        "wunder(?:mittel|heilung|kur|pille|therapie|diät)",
        "(?:geheime[rsn]?|revolutionäre[rsn]?) (?:mittel|formel|rezept|heilmittel)",
        "sofortige (?:heilung|linderung|wirkung)",
        "(?:über nacht|schnell) abnehmen",
        "schnelles geld|geld verdienen|nebenverdienst",
        "sie haben gewonnen|herzlichen glückwunsch,? sie",
        "gewinn (?:abholen|anfordern|sichern)",
        "gratis(?:[- ])?(?:geschenk|geld)",
        "rezeptfrei bestellen",
        "viagra|cialis|potenzmittel",
        "tiefstpreis|bester preis aller zeiten|unschlagbar(?:er preis|es angebot)",
        "kein spam",
    ),
    "es": (
        "(?:actúe|actúa|compre|compra) (?:ahora|ya)(?: mismo)?",
        "(?:solo )?por tiempo limitado|oferta limitada",
        "(?:cero|libre de) riesgos?",
        "garantía de devolución|le devolvemos (?:el|su) dinero",
        "(?:resultados?|éxito|cura|alivio) garantizad[oa]s?",
        "100 ?% (?:garantizado|gratis|natural)",
        "sin efectos secundarios",
        "(?:cura|remedio|tratamiento|pastilla|terapia) (?:milagros[oa]|mágic[oa]|secret[oa])",
        "alivio (?:inmediato|instantáneo)",
        "(?:adelgace|adelgaza|baje de peso) (?:rápido|ya)",
        "dinero (?:fácil|rápido|extra)|gane dinero|gana dinero",
        "(?:usted )?ha ganado|felicidades,? (?:usted|has)",
        "(?:reclame su|reclama tu) (?:premio|regalo)",
        "regalo gratis",
        "viagra|cialis",
        "el mejor precio|precio imbatible|oferta imbatible",
        "esto no es spam",
    ),
    "fr": (
        "(?:agissez|commandez|achetez) (?:maintenant|vite|tout de suite)",
        "offre (?:limitée|à durée limitée)",
        "zéro risque",
        "satisfait ou remboursé",
        "(?:résultats?|succès|guérison|soulagement) garantie?s?",
        "100 ?% (?:garanti|gratuit|naturel)",
        "(?:sans|aucun) effets? secondaires?",
        "(?:remède|cure|pilule|traitement|produit|thérapie) (?:miracle|miraculeux|miraculeuse|magique|secrète?)",
        "soulagement (?:immédiat|instantané)",
        "(?:maigrir|perdez du poids) (?:vite|rapidement)",
        "argent (?:facile|rapide)|gagnez de l['’]argent",
        "vous avez gagné|félicitations,? vous",
        "réclamez votre (?:prix|cadeau)",
        "cadeau gratuit",
        "viagra|cialis",
        "meilleur prix|prix imbattable",
        "ceci n['’]est pas un spam",
    ),
}
#: "there is no miracle cure" is what a physician says
_DENIED = re.compile(
    r"\b(?:no|not|isn['’]t|aren['’]t|never|beyond|kein\w{0,2}|nicht|nie|ningún|ninguna|nunca|aucune?|pas|jamais)"
    r"\s{1,5}(?:\w{1,20}\s{1,5}){0,2}$",
    re.IGNORECASE,
)
#: in a body, fewer of them say nothing
_PILE = 3


@issue_rule("spam-words", Level.WARNING)
def inbox_reads_like_no_spam(content: Content) -> Iterator[Finding]:
    """A phrase in title, subject or preheader that spam mails are known for.

    Phrases such as "act now", "risk-free", "miracle cure" or "no side effects" cost trust, and spam filters count them. Say what
    the reader will learn instead. In medicine, promises of results may be forbidden as well.

    In the body such phrases are told as information, and only when three or more come together.

    Bad:

        ---
        title: A miracle cure for knees
        preheader: How far, how often, and when to stop and call us
        ---

        Walk a little every day.

    Good:

        ---
        title: What helps painful knees
        preheader: How far, how often, and when to stop and call us
        ---

        Walk a little every day.
    """
    issue = content.whole
    phrases = _phrases(issue.language.partition("-")[0].lower())
    if not phrases:
        return
    finder = Finder(content)
    for key, at, words in inbox_pieces(issue):
        for found in _found(phrases, words):
            message = f'the {key} has "{found[0]}", which spam mails are known for'
            fix = "Say plainly what the reader will learn."
            yield Finding(at=finder.place(at, found[0]), message=message, fix=fix)
    yield from _piled(finder, phrases, [*prose_pieces(issue.body)])


def _piled(finder: Finder, phrases: re.Pattern[str], pieces: list[tuple[Place, str]]) -> Iterator[Finding]:
    """One word for all of a body, at the first."""
    first: dict[str, tuple[Place, str]] = {}
    for at, words in pieces:
        for found in _found(phrases, words):
            first.setdefault(found[0].lower(), (at, found[0]))
    if len(first) >= _PILE:
        at, words = next(iter(first.values()))
        shown = ", ".join(f'"{phrase}"' for phrase in list(first)[:6])
        message = f"the text has {len(first)} phrases that spam mails are known for: {shown}"
        fix = "Say some of them more plainly."
        yield Finding(at=finder.place(at, words), message=message, fix=fix, level=Level.INFORMATION)


def _found(phrases: re.Pattern[str], words: str) -> Iterator[re.Match[str]]:
    """What promises, not what denies."""
    return (
        found
        for found in phrases.finditer(words)
        if not _DENIED.search(words[max(0, found.start() - 60) : found.start()])
    )


@cache
def _phrases(language: str) -> re.Pattern[str] | None:
    """All phrases of a language in one pattern, whole words only."""
    if language not in PHRASES:
        return None
    joined = "|".join(PHRASES[language])
    joined = joined.replace("[- ]", "\x01").replace(" ?%", "\x02").replace(" ", r"\s{1,5}")
    joined = joined.replace("\x01", r"(?:-|\s{1,5})").replace("\x02", r"\s{0,5}%")
    return re.compile(rf"(?<![\w-])(?:{joined})(?![\w-])", re.IGNORECASE)


RULES = (inbox_reads_like_no_spam,)
