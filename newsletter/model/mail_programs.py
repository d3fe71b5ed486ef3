"""The mail programs that we know of, by family and platform, as caniemail.com names them: what `[clients]` may say.

A family is what a reader would call a program; its platforms may be different programs inside.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

#: family -> (what people call it, its platforms)
FAMILIES: Mapping[str, tuple[str, tuple[str, ...]]] = {
    "aol": ("AOL", ("android", "desktop-webmail", "ios")),
    "apple-mail": ("Apple Mail", ("ios", "macos")),
    "fastmail": ("Fastmail", ("desktop-webmail",)),
    "free-fr": ("Free.fr", ("desktop-webmail",)),
    "gmail": ("Gmail", ("android", "desktop-webmail", "ios", "mobile-webmail")),
    "gmx": ("GMX", ("android", "desktop-webmail", "ios")),
    "hey": ("HEY", ("desktop-webmail",)),
    "ionos-1and1": ("IONOS", ("android", "desktop-webmail")),
    "laposte": ("LaPoste.net", ("android", "desktop-webmail", "ios")),
    "mail-ru": ("Mail.ru", ("desktop-webmail",)),
    "orange": ("Orange", ("android", "desktop-webmail", "ios")),
    "outlook": ("Outlook", ("android", "ios", "macos", "outlook-com", "windows", "windows-mail")),
    "protonmail": ("Proton Mail", ("android", "desktop-webmail", "ios")),
    "rainloop": ("RainLoop", ("desktop-webmail",)),
    "samsung-email": ("Samsung Email", ("android",)),
    "sfr": ("SFR", ("android", "desktop-webmail", "ios")),
    "t-online-de": ("T-Online", ("desktop-webmail",)),
    "thunderbird": ("Thunderbird", ("macos", "windows")),
    "web-de": ("WEB.DE", ("android", "desktop-webmail", "ios")),
    "wp-pl": ("WP.pl", ("desktop-webmail",)),
    "yahoo": ("Yahoo Mail", ("android", "desktop-webmail", "ios")),
}
_WHERE = {
    "android": "on Android",
    "desktop-webmail": "on the web",
    "ios": "on iPhone and iPad",
    "macos": "on Mac",
    "mobile-webmail": "in a phone's browser",
    "outlook-com": "on the web",
    "windows": "on Windows",
    "windows-mail": "as Windows Mail",
}
_OTHERWISE = {"outlook.windows": "classic Outlook on Windows"}

#: every program as `family.platform`
PROGRAMS = tuple(f"{family}.{platform}" for family, (_, platforms) in FAMILIES.items() for platform in platforms)


def platforms_of(name: str) -> tuple[str, ...]:
    """The programs that a family or a program stands for; none where the name is not known."""
    if name in FAMILIES:
        return tuple(f"{name}.{platform}" for platform in FAMILIES[name][1])
    return (name,) if name in PROGRAMS else ()


def in_words(programs: Iterable[str], among: Iterable[str]) -> str:
    """Programs by name, a family once where all of it that is `among` the readers' programs is meant."""
    meant, wanted = dict.fromkeys(programs), set(among)
    told: dict[str, None] = {}
    for program in meant:
        family, _, platform = program.partition(".")
        everywhere = {other for other in platforms_of(family) if other in wanted}
        whole = len(everywhere) > 1 and everywhere <= meant.keys()
        told[
            FAMILIES[family][0] if whole else _OTHERWISE.get(program) or f"{FAMILIES[family][0]} {_WHERE[platform]}"
        ] = None
    return ", ".join(told)
