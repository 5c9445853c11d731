"""Tags of Taguette as codes: a path with dots, and the highlights that have none."""

from __future__ import annotations

import pandas as pd

from helpers import french
from helpers.material import pseudonyms
from helpers.material.imported import Imported


def say_left_out(imported: Imported, count: int) -> None:
    """Note the highlights without a tag, if any."""
    if count:
        imported.notes.append(
            f"{french.plural(count, 'surlignage')} sans marque : rien à importer pour {'lui' if count < 2 else 'eux'}."
        )


def codes_of_tags(descriptions: dict[str, str]) -> tuple[dict[str, str], pd.DataFrame]:
    """Code of each tag, and their `material/codes`, from the description of each tag path. Dots part the levels."""
    paths = {tag: tuple(part for part in tag.split(".") if part.strip()) or (tag,) for tag in descriptions}
    codes = pseudonyms.path_codes(paths.values())
    rows = []
    for tag, path in paths.items():
        above = next((path[:depth] for depth in range(len(path) - 1, 0, -1) if path[:depth] in codes), ())
        label = ".".join(path[len(above) :]).strip()
        rows.append((codes[path], codes.get(above), label, descriptions[tag] or None))
    table = pd.DataFrame(rows, columns=["code", "parent", "label_fr", "definition_fr"])
    return {tag: codes[path] for tag, path in paths.items()}, table.drop_duplicates("code", ignore_index=True)
