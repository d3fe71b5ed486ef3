"""The XML of a CSL style -> a style that is ready to print the lines of a bibliography. Style files are untrusted."""

from __future__ import annotations

from copy import deepcopy
from pathlib import Path
from typing import TYPE_CHECKING, Any

from lxml import etree

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

_NAMESPACE = "http://purl.org/net/xbiblio/csl"
_NS = f"{{{_NAMESPACE}}}"
_LANG = "{http://www.w3.org/XML/1998/namespace}lang"
_TERMS = frozenset({f"{_NS}term", f"{_NS}single", f"{_NS}multiple"})
#: bytes of a file, letters of a term or an attribute: several times the largest of Zotero's repository
LARGEST, _LONGEST = 1_000_000, 2_000
_DOCTYPE = "it declares a document type, which no CSL file does"
#: languages that citeproc knows under another name
_LOCALES = {"no": "nb"}
#: languages that our terms are written for in one form: es-MX puts an article before dates that they have already
_ONE_LOCALE = frozenset({"es"})


class UnusableStyleError(Exception):
    """why a style cannot be used, in words"""


def parent_of(xml: bytes) -> str | None:
    """The style that this one only points to ("dependent"), by name.

    Raises:
        UnusableStyleError: it is not a CSL file.
    """
    link = _parsed(xml, None).find(f"{_NS}info/{_NS}link[@rel='independent-parent']")
    address = "" if link is None else link.get("href", "")
    return address.rstrip("/").rpartition("/")[2] or None


def parse_style(xml: bytes, language: str) -> Any:  # noqa: ANN401 - citeproc's element
    """The root of the style, in that language, ready to print.

    Raises:
        UnusableStyleError: it is not a CSL file, has no bibliography, or cannot be used for another reason.
    """
    lookup = _lookup()
    root = _parsed(xml, lookup)
    if root.bibliography is None or root.bibliography.layout is None:
        words = "it has no bibliography; such styles are made for footnotes"
        raise UnusableStyleError(words)
    root.macros = {macro.get("name"): macro for macro in root.iterfind(f"{_NS}macro")}
    root.bibliography_layout = root.bibliography.layout
    root.groups_apart, root.small_words = False, None
    root.locales = list(_locales(root, _locale_name(language), lookup))
    for locale in root.locales:
        locale.style = root
    _prepare(root)
    # elements keep what Python knows about them only as long as Python holds them
    root.held = list(root.iter())
    root.begin()
    return root


def _lookup() -> etree.ElementNamespaceClassLookup:
    from citeproc.model import CitationStylesElement

    from newsletter.references.styles.csl_elements import OURS

    lookup = etree.ElementNamespaceClassLookup()
    classes = lookup.get_namespace(_NAMESPACE)
    classes[None] = CitationStylesElement
    theirs = {one.__name__.replace("_", "-").lower(): one for one in CitationStylesElement.__subclasses__()}
    classes.update(theirs | OURS)
    return lookup


def _parsed(xml: bytes, lookup: etree.ElementNamespaceClassLookup | None) -> Any:  # noqa: ANN401 - citeproc's element
    """The root; nothing is fetched, no entity is replaced, nesting is limited by libxml2 (256 levels)."""
    if len(xml) > LARGEST:
        words = f"the file has {len(xml) // 1000:,} KB; {LARGEST // 1000:,} are allowed"
        raise UnusableStyleError(words)
    if b"<!DOCTYPE" in xml:
        raise UnusableStyleError(_DOCTYPE)
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False, remove_comments=True, remove_pis=True
    )
    if lookup is not None:
        parser.set_element_class_lookup(lookup)
    try:
        root: Any = etree.fromstring(xml, parser)
    except (etree.LxmlError, ValueError) as why:
        words = f"it is not a CSL file ({str(why)[:120]})"
        raise UnusableStyleError(words) from None
    if root.getroottree().docinfo.doctype:
        raise UnusableStyleError(_DOCTYPE)
    if root.tag != f"{_NS}style":
        words = "it is not a CSL file"
        raise UnusableStyleError(words)
    if any(len(text) > _LONGEST for element in root.iter() for text in _printable(element)):
        words = f"it has a text of more than {_LONGEST:,} letters"
        raise UnusableStyleError(words)
    return root


def _printable(element: Any) -> Iterator[str]:  # noqa: ANN401 - lxml's element
    """What a style may print many times over."""
    yield from element.attrib.values()
    if element.tag in _TERMS:
        yield element.text or ""


def _locale_name(language: str) -> str:
    """A locale that citeproc ships, en-US when it has none for this language."""
    from citeproc import LANGUAGE_NAMES, PRIMARY_DIALECTS

    base, _, region = language.replace("_", "-").partition("-")
    base = _LOCALES.get(base.lower(), base.lower())
    exact = f"{base}-{region.upper()}"
    if exact in LANGUAGE_NAMES and base not in _ONE_LOCALE:
        return exact
    return str(PRIMARY_DIALECTS.get(base, "en-US"))


def _locales(root: Any, name: str, lookup: etree.ElementNamespaceClassLookup) -> Iterator[Any]:  # noqa: ANN401
    """Where terms are looked for, in order: in the style itself, then in the files that come with citeproc."""
    from citeproc import LOCALES_PATH, PRIMARY_DIALECTS

    base = name.split("-", maxsplit=1)[0]
    own = {locale.get(_LANG): locale for locale in reversed(root.findall(f"{_NS}locale"))}
    yield from (own[language] for language in (name, base, None) if language in own)
    parser = etree.XMLParser(resolve_entities=False, no_network=True, remove_comments=True)
    parser.set_element_class_lookup(lookup)
    for shipped in dict.fromkeys((name, PRIMARY_DIALECTS.get(base, name), "en-US")):
        file = Path(LOCALES_PATH) / f"locales-{shipped}.xml"
        if file.is_file():
            yield etree.fromstring(file.read_bytes(), parser)


def _prepare(root: Any) -> None:  # noqa: ANN401 - citeproc's element
    """Cure what citeproc does not do, where the style itself can be changed."""
    for element in list(root.iter(f"{_NS}text")):
        if element.get("variable") == "citation-number":
            # we write the number
            element.getparent().remove(element)
    # ordinals are looked for in locales of exactly one language: those within the style count as that of the issue
    shipped = next(element for element in root.locales if element.getparent() is None)
    for element in root.locales:
        if element.getparent() is not None:
            element.set(_LANG, shipped.get(_LANG))
    # titles in a language of their own say so; the others are in the issue's
    root.set("default-locale", shipped.get(_LANG))
    for element in _dates_by_form(root):
        localized = element.get_date(element.get("form"))
        if localized is not None and localized.get("delimiter"):
            element.set("delimiter", localized.get("delimiter"))
    _put_name_options(root)


def _dates_by_form(root: Any) -> Iterator[Any]:  # noqa: ANN401 - citeproc's elements
    for element in root.iter(f"{_NS}date"):
        if element.get("form") and not element.get("delimiter") and element.getparent().tag != f"{_NS}locale":
            yield element


#: children of names that those hand on that stand in for others
_HANDED_ON = frozenset({f"{_NS}name", f"{_NS}et-al", f"{_NS}label"})

#: options of names that a style may give for all of them at once -> (name at `name`, default)
_NAME_OPTIONS = {
    "and": ("and", None),
    "delimiter-precedes-et-al": ("delimiter-precedes-et-al", "contextual"),
    "delimiter-precedes-last": ("delimiter-precedes-last", "contextual"),
    "demote-non-dropping-particle": ("demote-non-dropping-particle", "display-and-sort"),
    "et-al-min": ("et-al-min", "0"),
    "et-al-use-first": ("et-al-use-first", "1"),
    "et-al-use-last": ("et-al-use-last", "false"),
    "initialize": ("initialize", "true"),
    "initialize-with": ("initialize-with", None),
    "initialize-with-hyphen": ("initialize-with-hyphen", "true"),
    "name-as-sort-order": ("name-as-sort-order", None),
    "name-delimiter": ("delimiter", ", "),
    "name-form": ("form", "long"),
    "sort-separator": ("sort-separator", ", "),
}


def _put_name_options(root: Any) -> None:  # noqa: ANN401 - citeproc's element
    """Every `names` gets a `name` with all options: citeproc looks each of them up for each name that it prints."""
    for names in root.iter(f"{_NS}names"):
        if len(names) == 0 and (first := _stood_in_for(names)) is not None:
            # printed in the way of those that it stands in for
            names.extend(deepcopy(child) for child in _one_of_each(first))
        if names.find(f"{_NS}name") is None:
            names.insert(0, names.makeelement(f"{_NS}name"))
    for name in root.iter(f"{_NS}name"):
        if name.getparent().tag == f"{_NS}names":
            _put(name, (root.bibliography, root))


def _one_of_each(names: Any) -> Iterable[Any]:  # noqa: ANN401 - citeproc's elements
    """The first of each kind, in their order: a label stands before or behind the names."""
    return reversed({child.tag: child for child in reversed(names) if child.tag in _HANDED_ON}.values())


def _stood_in_for(names: Any) -> Any:  # noqa: ANN401 - citeproc's elements
    substitute = next(names.iterancestors(f"{_NS}substitute"), None)
    return None if substitute is None else substitute.getparent()


def _put(name: Any, inherited: Iterable[Any]) -> None:  # noqa: ANN401 - citeproc's elements
    for option, (own, default) in _NAME_OPTIONS.items():
        value = name.get(own)
        for element in inherited:
            value = element.get(option) if value is None else value
        value = default if value is None else value
        if value is not None:
            name.set(own, value)
