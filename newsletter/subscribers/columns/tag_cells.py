"""A cell with the names of tags -> the names. Commas between them, those with a comma inside in quotes; or a JSON list."""

from __future__ import annotations

import csv

from newsletter.model.tag import tag_key, tag_name

_MOST = 200


def tags_value(text: str) -> tuple[str, ...]:
    """Each tag once. A comma inside of a name becomes a space.

    Raises:
        ValueError: a name does not do, or there are too many.
    """
    names = (" ".join(part.replace(",", " ").split()) for part in _parts(text))
    tags = {tag_key(tag): tag for tag in (tag_name(name) for name in names if name)}
    if len(tags) > _MOST:
        raise ValueError(f"has {len(tags)} tags; at most {_MOST} are kept")
    return tuple(tags.values())


def _parts(text: str) -> list[str]:
    if text.startswith("["):
        import orjson

        try:
            listed = orjson.loads(text)
        except ValueError:
            pass
        else:
            return [part for part in listed if isinstance(part, str)] if isinstance(listed, list) else []
    if " ::: " in text:  # Google's contacts
        return [part.removeprefix("* ") for part in text.split(" ::: ")]
    if '"' not in text:
        return text.split("," if "," in text else ";" if ";" in text else "|")
    try:
        return next(csv.reader([text], skipinitialspace=True, strict=True), [])
    except csv.Error:
        return text.replace('"', "").split(",")
