"""`newsletter templates`: which there are, and a copy of one of ours to change."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING

import click

from newsletter.cli import show
from newsletter.cli.context import json_option, workspace

if TYPE_CHECKING:
    from collections.abc import Sequence

#: folders of templates/ that a workspace may have as well -> how the names of their files end
_KINDS = {"email": (".j2",), "web": (".j2",), "translations": (".toml",), "disclaimers": (".md",), "notices": (".md",)}


@dataclass(frozen=True, kw_only=True)
class Template:
    """`name` is its path below templates/; the workspace's own goes before ours."""

    name: str
    shipped: Path | None
    own: Path | None

    @property
    def source(self) -> str:
        return "workspace" if self.own else "shipped"

    @property
    def words(self) -> str:
        return f"{self.source}, instead of ours" if self.own and self.shipped else self.source


@click.group()
def templates() -> None:
    """Show templates, and copy one to change it.

    \b
    Example:
      newsletter templates copy email/blocks/button.html.j2
    """


@templates.command("list")
@json_option
def list_(json_: bool) -> None:
    """Show every template and where it comes from: shipped, or the workspace.

    \b
    Example:
      newsletter templates list
    """
    found = _all(workspace().templates)
    if json_:
        rows = [
            {"name": one.name, "source": one.source, "replaces_shipped": bool(one.own and one.shipped)}
            | {"file": str(one.own or one.shipped)}
            for one in found
        ]
        show.as_json({"templates": rows})
        return
    width = max(len(one.name) for one in found)
    for one in found:
        click.echo(f"{one.name:<{width}}  {one.words}")
    click.echo(f"\nShipped ones lie in {_ours()}. To change one: newsletter templates copy NAME")


@templates.command()
@click.argument("name")
@click.option("--as", "new_name", metavar="NAME", help="Another name for the copy: a layout or a language of your own.")
@json_option
def copy(name: str, new_name: str | None, json_: bool) -> None:
    """Copy a shipped template into the workspace, to change it there.

    NAME is as `newsletter templates list` shows it; its end will do where it is the only one. Nothing is overwritten.

    \b
    Example:
      newsletter templates copy email/blocks/button.html.j2
      newsletter templates copy translations/en.toml --as translations/pt.toml
    """
    folder = workspace().templates
    source = _named(name, [one for one in _all(folder) if one.shipped])
    target = folder / _checked(new_name or source.name, source.name)
    _write_new(target, source.shipped.read_bytes() if source.shipped else b"")
    if json_:
        show.as_json({"name": source.name, "file": str(target)})
        return
    click.echo(f"Made {target}")
    look = "notices check" if source.name.startswith("notices/") else "check ISSUE"
    click.echo(f"Change it, then: newsletter {look}. Deleting the file brings ours back.")


def _ours() -> Path:
    from importlib.resources import files

    return Path(str(files("newsletter.templates")))


def _all(own: Path) -> list[Template]:
    """Ours and the workspace's, by name."""
    shipped, mine = _below(_ours()), _below(own)
    return [Template(name=name, shipped=shipped.get(name), own=mine.get(name)) for name in sorted({*shipped, *mine})]


def _below(folder: Path) -> dict[str, Path]:
    paths = (path for kind in _KINDS for path in (folder / kind).rglob("*") if path.name.endswith(_KINDS[kind]))
    return {path.relative_to(folder).as_posix(): path for path in paths if path.is_file()}


def _named(name: str, known: Sequence[Template]) -> Template:
    """The one that is meant.

    Raises:
        click.UsageError: there is none, or several have that name.
    """
    from newsletter.validate import nearest

    wanted = name.removeprefix("templates/")
    exact = [one for one in known if one.name == wanted]
    found = exact or [one for one in known if f"/{one.name}".endswith(f"/{wanted}")] or _by_stem(wanted, known)
    if len(found) == 1:
        return found[0]
    if found:
        msg = f"Several templates are called {name!r}. Name one of: {', '.join(one.name for one in found)}."
        raise click.UsageError(msg)
    guess = nearest(wanted, [one.name for one in known])
    advice = f"Did you mean {guess}?" if guess else "See: newsletter templates list"
    msg = f"We ship no template {name!r}. {advice}"
    raise click.UsageError(msg)


def _by_stem(wanted: str, known: Sequence[Template]) -> list[Template]:
    return [one for one in known if PurePosixPath(one.name).name.partition(".")[0] == wanted]


def _checked(name: str, source: str) -> str:
    """A name for a copy: in the folder of its kind, with the ending of its kind.

    Raises:
        click.UsageError: it is not.
    """
    name = name.removeprefix("templates/")
    path, model = PurePosixPath(name), PurePosixPath(source)
    ending = "".join(model.suffixes[-2:]) if model.suffix == ".j2" else model.suffix
    if path.parts[:1] != model.parts[:1] or ".." in path.parts or not name.endswith(ending) or "\\" in name:
        msg = f"A copy of {source} needs a name in {model.parts[0]}/ that ends in {ending}, not {name!r}."
        raise click.UsageError(msg)
    return name


def _write_new(target: Path, content: bytes) -> None:
    """Raises click.UsageError: the file is there already."""
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        with target.open("xb") as file:
            file.write(content)
    except FileExistsError:
        msg = f"{target} exists already and stays as it is. Edit it, or delete it first."
        raise click.UsageError(msg) from None
