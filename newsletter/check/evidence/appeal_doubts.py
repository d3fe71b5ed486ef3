"""What only looks like an appeal to evidence: questions, denials, one's own people, other kinds of studies. English.

`before` is always the words in front, back to the last comma, in small letters.
"""

from __future__ import annotations

import re

from newsletter.check.evidence.appeal_near import asked, describes, following_word, is_past, words_of

_OWN = frozenset("your my our his her".split())
#: "the literature" is all of it, not a paper that was named
OF_ALL = frozenset("literature science research evidence".split())
#: "the survey" is often the practice's own
_OF_THE_HOUSE = frozenset("survey surveys report reports work".split())
_OTHER_STUDIES = frozenset(
    """nerve conduction sleep imaging bone x-ray gait motion blood lab laboratory test mri ct scan radiology pathology
    home free safety house visitor training website booking balance art weather annual local daily
    sunday morning news police fire insurance""".split()
)
#: "laboratory studies" are research, "laboratory results" are a patient's
_ALSO_RESEARCH = frozenset("lab laboratory gait motion bone balance sleep safety training".split())
_PLURAL = frozenset("studies trials research experiments work".split())
_SAYS_RESEARCH = frozenset(
    """a an one another recent new newer several two three four five six seven eight nine ten many most some numerous multiple
    published clinical scientific large small larger largest systematic pooled national registry long-term study trial research
    this these cochrane randomised randomized controlled independent danish dutch german french swiss greek international
    the early earlier previous latest survey countless other further different various laboratory lab autopsy animal cadaver
    biomechanical observational registries pilot first prospective retrospective trials studies ongoing careful cohort""".split()
)
#: with only an article in front, these may be anything
_OF_ANYTHING = frozenset("report reports survey surveys work experiment experiments paper papers".split())
_SAYS_LITTLE = frozenset("a an one another this these two new some the".split())
_EVERYDAY = ("put", "let", "gave", "ask", "cover", "watch", "check", "rate")
_OF_A_COUNTRY = re.compile(
    r"(?:\w{2,12}(?:wegian|alian|dian|rian|sian|gian|ican|ean)|(?:engl|brit|swed|finn|ir|scott|span|turk|pol)ish|\w{3,8}ese)"
)
_OF_A_TEAM = frozenset("our your my the these those both two three his her their whose other fellow".split())
_SAYS_A_WORD = re.compile(r"\s{0,3}[\"“‘']")
_TELLS_YOU = frozenset("you your us our me".split())
_YEAR = re.compile(r"(?:19|20)\d\d")
#: nouns that stand in front of other nouns, and verbs that are nouns too
_ALSO_MODIFY = frozenset({"research", "study", "trial", "data", "science", "survey", "review"})
_ALSO_NOUNS = frozenset(
    """report reports link links support find document documents estimate estimates challenge challenges highlight highlights
    credit credits argue trace traces compare point back hint hints favor favors warn""".split()
)
_BEGIN_AN_OBJECT = frozenset("that the a an this no fewer less more better that’s inactivity exercise what up".split())
#: whoever joins a study claims nothing
_JOIN = frozenset(
    "part place interest interested enrolled enroll enrol enrolling invited join volunteer you we".split()
)
_WE = frozenset("we you i our your us let please ask call tell talk".split())


def claims(text: str, match: re.Match[str], before: list[str]) -> bool:
    """Whether "studies show" is said of research, and not asked or said of one's own."""
    near, noun = set(before[-2:]), match["noun"].lower()
    other = _OTHER_STUDIES - _ALSO_RESEARCH if noun in _PLURAL else _OTHER_STUDIES
    if asked(before) or (other | _OWN) & near:
        return False
    if match["perhaps"]:
        if before and not _says_research(before):
            return False
        if not before and match["work"]:
            return False
        if before[-1:] == ["the"] and noun in _OF_THE_HOUSE:
            return False
    return _is_a_verb(match, text)


def _says_research(before: list[str]) -> bool:
    near = before[-4:]
    return bool(_SAYS_RESEARCH & set(near)) or any(
        _YEAR.fullmatch(word) or _OF_A_COUNTRY.fullmatch(word) for word in near
    )


def surely_claims(text: str, match: re.Match[str], before: list[str]) -> bool:
    """Not surely: "a report found", which may be the practice's own, and "guidelines say to ring twice"."""
    noun, work = match["noun"].lower(), (match["work"] or "").lower()
    if match["perhaps"] and noun in _OF_ANYTHING and not (_SAYS_RESEARCH - _SAYS_LITTLE) & set(before[-4:]):
        return False
    if (match["verb"] or "").lower() in {"say", "says"} and following_word(text, match.end()) == "to":
        return False
    return not work.startswith(_EVERYDAY) and not (match["perhaps"] and work.startswith("surpris"))


def _is_a_verb(match: re.Match[str], text: str) -> bool:
    """Whether it says something: "studies found in this letter" and "research reports" do not."""
    verb, helped = (match["verb"] or "").lower(), match["said"].lower().startswith(("has", "have", "had"))
    following = following_word(text, match.end())
    if verb in {"show", "shows", "tells us"} and following in {"you", "your"}:
        return False
    if describes(verb, following) and not helped:
        return False
    if verb in _ALSO_NOUNS and (match["noun"].lower() in _ALSO_MODIFY or match["gap"]):
        return following in _BEGIN_AN_OBJECT and text[match.end() : match.end() + 1].isspace()
    return not (match["work"] and following in _TELLS_YOU)


def say(text: str, match: re.Match[str], before: list[str]) -> bool:
    """Whether "surgeons agree" is said of the field, and not of one's own team."""
    if asked(before) or {"our", "your", "my", "fellow"} & set(before[-3:]):
        return False
    if _A_NAME.search(text, max(0, match.start() - 80), match.start()):
        return False
    following = following_word(text, match.end())
    if match["doctors"] and ((before[-1:] and before[-1] in _OF_A_TEAM) or following in _TELLS_YOU):
        return False
    verb = (match["verb"] or match["opinion"] or "").lower()
    if _is_no_opinion(verb, following) or (verb == "say" and _SAYS_A_WORD.match(text, match.end())):
        return False
    return not describes(verb, following) and not _OTHER_INVESTIGATORS.search(match[0])


def _is_no_opinion(verb: str, following: str) -> bool:
    return (verb in {"say", "says"} and following in {"hello", "goodbye", "good", "thanks", "thank"}) or (
        verb in {"think", "thinks"} and following in {"in", "of", "about", "like", "on"}
    )


def surely_say(text: str, match: re.Match[str], before: list[str]) -> bool:
    """Doctors follow and compare every day."""
    del text, before
    opinion = (match["opinion"] or "").lower()
    return not opinion.startswith(
        ("follow", "compare", "assign", "thought", "think", "doubt", "note", "prefer", "observe")
    )


#: which word they use claims nothing
_A_NAME = re.compile(r"\b(?:names?|terms?|words?)\b", re.IGNORECASE)
_OTHER_INVESTIGATORS = re.compile(r"\b(?:fire|police|insurance|crime|county|state)\b", re.IGNORECASE)


def accord(text: str, match: re.Match[str], before: list[str]) -> bool:
    del text, before
    whose = match["whose"].lower().split()
    return not (match["doctors"] and whose and whose[0] in _OF_A_TEAM)


def shown(text: str, match: re.Match[str], before: list[str]) -> bool:
    """Not what somebody was shown, nor an account that is linked to an address."""
    following = following_word(text, match.end())
    return (
        not asked(before)
        and not {"you", "we", "they", "i"} & set(before[-2:])
        and following not in _TELLS_YOU
        and not _OF_A_SCREEN.search(" ".join(before[-3:]))
        and not _OF_A_SCREEN.search(text[match.end() : match.end() + 30])
    )


_OF_A_SCREEN = re.compile(
    r"\b(?:accounts?|pages?|profile|app|address|e-?mails?|portal|system|website|calendar|phone|chart)\b", re.IGNORECASE
)


def not_asked(text: str, match: re.Match[str], before: list[str]) -> bool:
    """Nor said of one's own house: "evidence that our plants like it"."""
    return not asked(before) and following_word(text, match.end()) not in {"our", "we", "my", "i"}


def takes_place(text: str, match: re.Match[str], before: list[str]) -> bool:
    """Whether "in a trial," goes on with what was found there, which is past; in many trials it may be present."""
    if _JOIN & set(before[-3:]) or asked(before) or (before and words_of(text[:20])[:1] in (["if"], ["when"])):
        return False
    behind = words_of(text[match.end() : match.end() + 200])
    if _WE & set(behind[:4]):
        return False
    return bool(match["many"]) or is_past(behind)


def surely_took_place(text: str, match: re.Match[str], before: list[str]) -> bool:
    del before
    behind = words_of(text[match.end() : match.end() + 200])
    return is_past(behind) and not {"your", "yours", "you", "our", "we", "us"} & set(behind)


def does_something(text: str, match: re.Match[str], before: list[str]) -> bool:
    """Whether studies or experts, and not one's own, do anything but what all of them do: cost money, differ, take time."""
    verb, following, noun = match["any"].lower(), following_word(text, match.end()), match["noun"].lower()
    if asked(before) or {*_OTHER_STUDIES, *_OWN} & set(before[-2:]) or _OF_OURS.search(text):
        return False
    if noun in _PEOPLE_OF_SCIENCE and not _MOST & set(before[-4:]):
        return False
    if before and not (_says_research(before) or "-" in before[-1] or _MOST & set(before[-4:])):
        return False
    return (
        verb not in _ANY_STUDY_DOES
        and not verb.endswith(("ing", "ly"))
        and not (describes(verb, following) or following == "that")
    )


_OF_OURS = re.compile(r"\b(?:we|our|us|ours|your|you)\b", re.IGNORECASE)
_PEOPLE_OF_SCIENCE = frozenset("experts researchers scientists investigators".split())
_MOST = frozenset("most many leading all some groups teams modern current number several".split())
#: no verbs, or what any study does
_ANY_STUDY_DOES = frozenset(
    """of in on at by for from with about among into over under to as than and or but nor if when while because since that which who
    whose whom where how why what is are was were be been being am will would may might can could shall should must do does did done has
    have had not never also only too now then here there today need needs needed require required cost costs take takes took differ
    differed vary varied exist existed begin began start started end ended run runs ran last lasted work worked meet met want wanted
    hope hoped ask put cover include try tried use used vote come came go went get got make made live lived speak spoke share join
    joined recruit enroll enrol seek look looked close closed open opened continue continued until before after during without within
    published done conducted led listed cited mentioned named called based funded sponsored available like alike themselves
    together usually often sometimes always rarely later earlier each both all any more most less still yet again per via plus""".split()
)


def team(text: str, match: re.Match[str], before: list[str]) -> bool:
    """A team of a place or a country that found something out, not one that plays or walks."""
    following = following_word(text, match.end())
    if asked(before) or following in _TELLS_YOU:
        return False
    words = match[0].split()
    if words[-1].lower() in {"asked", "followed"} and not (following[:1].isdigit() or following in _MANY):
        return words[-1].lower() == "followed" and following not in {"a", "the", "his", "her", "this", "up"}
    if words[-1].lower() == "found" and not finds_out(text, match.end()):
        return False
    named = any(word[:1].isupper() for word in words[1:]) or "university" in match[0].lower()
    return named or any(word.lower() in {"research", "scientific"} for word in words[:4])


def finds_out(text: str, end: int) -> bool:
    """Whether a result stands behind "found", and not a new home."""
    return following_word(text, end) in _FOUND or bool(_THE_SAME.match(text, end))


_THE_SAME = re.compile(
    r"\s{1,4}(?:the same|a (?:link|benefit|difference|small|clear|similar|lower|higher))\b", re.IGNORECASE
)
_FOUND = frozenset(
    "that no less more fewer similar little out lower higher better weaker stronger only almost nothing".split()
)
_MANY = frozenset(
    "dozens hundreds thousands ten twenty thirty forty fifty sixty people patients runners adults women men".split()
)
