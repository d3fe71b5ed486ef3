"""The documentation keeps up with the code."""

from __future__ import annotations

import ast
import re
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).parent.parent
MAKERS = {"error", "warning", "information"}
#: what newsletter/validate.py puts behind the prefix that it is handed
HANDED_A_PREFIX = {"problems_of", "check"}
SUFFIXES = ("unknown-key", "missing", "type", "value")
#: every code has a hyphen: that tells it from other words
CODE = re.compile(r"[a-z][a-z0-9]*(?:-[a-z0-9]+)+")


def trees() -> Iterator[tuple[Path, ast.Module]]:
    for path in sorted((ROOT / "newsletter").rglob("*.py")):
        yield path, ast.parse(path.read_text("utf-8"))


def calls(tree: ast.Module) -> Iterator[tuple[str, ast.Call]]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
            yield node.func.id, node
        elif isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            yield node.func.attr, node


def literals(node: ast.AST) -> list[str]:
    return [n.value for n in ast.walk(node) if isinstance(n, ast.Constant) and isinstance(n.value, str)]


def problem_codes() -> dict[str, Path]:
    """Code -> a file that uses it."""
    found = {code: path for path, tree in trees() for code in (*written_codes(tree), *prefixed_codes(tree))}
    families = {code.partition("-")[0] for code in found}
    for path, tree in trees():
        if hands_codes_on(tree) and path.name != "validate.py":
            found |= {c: path for c in literals(tree) if CODE.fullmatch(c) and c.partition("-")[0] in families}
    return found


def written_codes(tree: ast.Module) -> Iterator[str]:
    for name, call in calls(tree):
        if name in MAKERS and call.args and isinstance(call.args[0], ast.Constant):
            code = str(call.args[0].value)
            if CODE.fullmatch(code):  # else it is a logger's
                yield code


def prefixed_codes(tree: ast.Module) -> Iterator[str]:
    for name, call in calls(tree):
        if name in HANDED_A_PREFIX and len(call.args) > 2:
            yield from (f"{prefix}-{suffix}" for prefix in literals(call.args[2]) for suffix in SUFFIXES)


def hands_codes_on(tree: ast.Module) -> bool:
    """Whether a code reaches its maker in a variable: then all literals of the file that look like one are taken."""
    return any(
        name in MAKERS and call.args and not isinstance(call.args[0], ast.Constant) for name, call in calls(tree)
    )


def documented() -> set[str]:
    return set(re.findall(r"^\| `([a-z0-9-]+)` \|", (ROOT / "docs" / "checks.md").read_text("utf-8"), re.MULTILINE))


def test_every_problem_code_is_documented() -> None:
    missing = {code: str(path) for code, path in problem_codes().items() if code not in documented()}
    assert missing == {}


def test_every_documented_code_exists() -> None:
    assert documented() - problem_codes().keys() == set()
