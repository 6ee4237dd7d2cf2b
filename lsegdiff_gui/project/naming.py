"""What a project is called on the disk."""

from __future__ import annotations

from pathlib import Path

from lsegdiff_gui import places

FILE_NAME = "project.lsegdiff"
"""A project is a folder with this file in it; the pictures may lie anywhere."""

SUFFIX = ".lsegdiff"


def project_in(path: Path) -> Path | None:
    """The project a path means: a project's file, or a folder that holds one; else None."""
    if path.suffix == SUFFIX and not path.is_dir():
        return path
    inside = path / FILE_NAME
    return inside if inside.is_file() else None


def project_at(path: Path) -> Path:
    """The project file that a path means which may not be there yet: a folder's is the one in it."""
    return project_in(path) or (path if path.suffix == SUFFIX else path / FILE_NAME)


def shown_name(path: Path) -> str:
    """What a project's file is called in words: its folder's name, or its own where it has another; "" if unnamed."""
    if path.parent == places.data_folder():
        return ""
    return path.parent.name if path.name == FILE_NAME else path.stem
