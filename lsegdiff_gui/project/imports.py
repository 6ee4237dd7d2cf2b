"""Masks from files into a project, picture by picture."""

from __future__ import annotations

from pathlib import Path

from lsegdiff_gui.annotation.incoming import Incoming, Precedence
from lsegdiff_gui.imaging.picture import Picture
from lsegdiff_gui.project.store import Store


def place_import(
    store: Store,
    picture_id: int,
    path: Path,
    read: Picture | None,
    incoming: Incoming,
    precedence: Precedence,
) -> bool:
    """Make a mask the base of a picture; False where work is kept, or nothing would change.

    picture_id: 0 where the project does not have the picture at `path` yet. read: the picture, where the project
    does not know its size yet. Raises ProjectError.
    """
    if not picture_id:
        (row,) = store.add_pictures([path])
        picture_id = row.id
    if read is not None:
        store.set_identity(picture_id, read.sha256, read.width, read.height, read.orientation)
    return store.place_import(picture_id, incoming, precedence)
