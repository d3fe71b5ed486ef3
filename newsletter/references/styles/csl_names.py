"""Names by the CSL specification, where citeproc departs from it; and groups, as the manuals want them.

https://docs.citationstyles.org/en/stable/specification.html#names
"""

# ruff: noqa: ANN401 - citeproc has no types

from __future__ import annotations

from typing import Any

from citeproc import model
from citeproc.source import VariableError

from newsletter.references.names import are_others
from newsletter.references.styles.csl_base import Cased, Counted, Terms

_OF_CUT_SHORT = frozenset({"et-al-min", "et-al-use-first", "et-al-use-last", "delimiter-precedes-et-al"})


class Names(Counted, Terms, model.Names):  # type: ignore[misc]
    def process(self, item: Any, *args: Any, **kwargs: Any) -> Any:
        root, roles = self.get_root(), set(self.get("variable").split())
        root.called += 1
        if roles <= root.spent:
            raise VariableError
        # of several roles those that stood in for the authors are not named again
        kept = {role: item.reference.pop(role) for role in roles & root.spent if role in item.reference}
        try:
            text = super().process(item, *args, **kwargs)
        finally:
            item.reference.update(kept)
        root.saw(roles, text)
        return text


class Substitute(model.Substitute):  # type: ignore[misc]
    def render(self, item: Any, context: Any = None, **kwargs: Any) -> Any:
        """The first child that prints something; what it printed counts as empty from then on."""
        root = self.get_root()
        outer = root.printed
        for child in self.iterchildren():
            root.printed = set()
            try:
                text = child.render(item, context=context, **kwargs)
            except VariableError:
                text = None
            found, root.printed = root.printed, outer
            if text:
                root.spent |= found
                return text
        return None


class Name(Terms, model.Name):  # type: ignore[misc]
    """All options stand at the element itself (csl_style.py puts them there)."""

    #: names of a list that its record cuts short ("and others"), while it is printed
    cut_short = 0

    def get_option(self, name: str, *_: Any) -> Any:
        if self.cut_short and name in _OF_CUT_SHORT:
            return self._for_cut_short(name)
        value = self.get(name)
        if name in {"initialize-with-hyphen", "et-al-use-last"}:
            return value == "true"
        return int(value or 0) if name.startswith("et-al") else value

    def initialize(self, given: str, mark: str, context: Any) -> str:
        return given if self.get("initialize") == "false" else super().initialize(given, mark, context)

    def process(self, item: Any, variable: str, **kwargs: Any) -> Any:
        """Groups behind the persons they belong to: `Doe J, Roe R; Hip Study Group`, where the manual says so."""
        names = item.reference.get(variable, [])
        if len(names) > 1 and are_others(names[-1]):
            self.cut_short = len(names)
            try:
                return super().process(item, variable, **kwargs)
            finally:
                self.cut_short = 0
        persons = next((at for at, name in enumerate(names) if "literal" in name), len(names))
        groups = names[persons:]
        apart = self.get_root().groups_apart and persons and groups and all("literal" in name for name in groups)
        if not apart or self.get_option("form") == "count":
            return super().process(item, variable, **kwargs)
        item.reference[variable] = names[:persons]
        try:
            text = super().process(item, variable, **kwargs)
        finally:
            item.reference[variable] = names
        return "; ".join([str(text), *(str(group["literal"]) for group in groups)])

    def _for_cut_short(self, option: str) -> Any:
        """Printed as a list that is too long: all names that are given, or as many as the style shows of so many."""
        if option == "et-al-use-last":
            return False
        if option == "delimiter-precedes-et-al":
            # by AMA and NLM also behind a single name: `Moreno P, et al`
            return "always" if self.get_root().groups_apart else self.get(option)
        least, shown, given = int(self.get("et-al-min") or 0), int(self.get("et-al-use-first") or 1), self.cut_short - 1
        if option == "et-al-min":
            return min(least, self.cut_short) or self.cut_short
        return min(shown, given) if least and self.cut_short >= least else given


class NamePart(Cased, model.Name_Part):  # type: ignore[misc]
    pass
