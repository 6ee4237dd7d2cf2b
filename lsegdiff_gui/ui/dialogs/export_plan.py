"""What an export would write, and what speaks against it: decided without a window."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from lsegdiff_gui.annotation.labels import Status
from lsegdiff_gui.formats.export_words import chosen_in_words
from lsegdiff_gui.formats.names import common_files, plan
from lsegdiff_gui.formats.request import ExportRequest, Format
from lsegdiff_gui.project.pictures import PictureRow


@dataclass(frozen=True)
class ExportPlan:
    """files: will be written. replaced: those that are there already. role: how the sentence is shown."""

    files: tuple[Path, ...]
    replaced: frozenset[Path]
    possible: bool
    sentence: str
    role: str


def look_ahead(
    rows: Sequence[PictureRow], request: ExportRequest, typed_folder: str, left_out: Sequence[Status] = ()
) -> ExportPlan:
    """Plan the export of these pictures; reads the folders' lists of names, and writes nothing.

    left_out: the statuses of those pictures that are not exported.
    """
    hindrance = _hindrance(rows, request, typed_folder)
    if hindrance:
        return ExportPlan((), frozenset(), False, hindrance, "danger")
    files = tuple(plan([row.path for row in rows], request))
    there = {folder: _names_in(folder) for folder in {path.parent for path in files}}
    grows = common_files(request).get(Format.COCO) if request.append else None
    replaced = frozenset(path for path in files if path.name in there[path.parent] and path != grows)
    remarks = [chosen_in_words([row.status for row in rows], left_out)]
    if replaced:
        remarks.append(
            "One file of that name is there already and will be replaced."
            if len(replaced) == 1
            else f"{len(replaced):,} files of these names are there already and will be replaced."
        )
    untouched = sum(1 for row in rows if row.status is Status.NEW and not row.has_draft)
    if untouched:
        remarks.append(
            "One picture has no mask yet: it will be written as empty."
            if untouched == 1
            else f"{untouched:,} pictures have no mask yet: they will be written as empty."
        )
    needs_draft = bool(request.formats & {Format.PROBABILITY, Format.SPREAD})
    without_draft = sum(1 for row in rows if not row.has_draft) if needs_draft else 0
    if without_draft:
        remarks.append(
            "One picture has no draft: its probability and spread are left out."
            if without_draft == 1
            else f"{without_draft:,} pictures have no draft: their probability and spread are left out."
        )
    if not request.folder.is_dir():
        remarks.append("The folder will be made.")
    role = "warning" if replaced or untouched or without_draft else "muted"
    return ExportPlan(files, replaced, True, " ".join(remarks), role)


def _hindrance(rows: Sequence[PictureRow], request: ExportRequest, typed_folder: str) -> str:
    """The sentence on why nothing can be written, or ""."""
    if not rows:
        return "No picture is chosen: tick at least one kind of picture."
    if not request.formats:
        return "No format is chosen: tick at least one."
    if not typed_folder.strip():
        return "No folder is named: choose where to write to."
    folder = request.folder
    if not folder.is_absolute():
        return "Name the folder in full, from its root, or choose it."
    if folder.exists() and not folder.is_dir():
        return f"“{folder}” is a file: choose a folder."
    standing = next((parent for parent in (folder, *folder.parents) if parent.exists()), None)
    if standing is None or not standing.is_dir():
        return f"The folder “{folder}” cannot be made: choose another."
    if not os.access(standing, os.W_OK):
        return f"The folder “{standing}” is read-only: choose another."
    return ""


def _names_in(folder: Path) -> frozenset[str]:
    """All names in the folder at once: asking for each of ten thousand files would take seconds."""
    try:
        with os.scandir(folder) as entries:
            return frozenset(entry.name for entry in entries)
    except OSError:
        return frozenset()
