"""The pictures of a project on their way out: masks as they were frozen, meaning, origin, draft."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from lsegdiff_gui.annotation.document import Document
from lsegdiff_gui.annotation.draft import Draft
from lsegdiff_gui.annotation.instances import Partition
from lsegdiff_gui.annotation.labels import Status
from lsegdiff_gui.annotation.outgoing import ExportItem, Meaning
from lsegdiff_gui.imaging.read import read
from lsegdiff_gui.project.store import NotSavedError, PictureRow, Store

U8 = npt.NDArray[np.uint8]


def stored_item(project: Path, row: PictureRow) -> ExportItem:
    """A picture whose mask is made from the project when its turn comes, on the exporting thread.

    What was done, approved or exported before has the pixels it had then; the present mask of any other is frozen.
    """
    attributes: dict[str, Any] = {}
    meaning = Meaning()

    def mask() -> U8:
        nonlocal meaning
        # A connection of its own: the store's thread goes on saving meanwhile.
        with Store.open(project, must_exist=True) as store:
            if not row.width:
                # Never opened, so nobody has marked anything; only its size is wanted.
                picture = read(row.path)
                meaning = Meaning.of(store.labels(), Partition())
                attributes.update(status=row.status.value, edited=False)
                return np.zeros((picture.height, picture.width), np.uint8)
            try:
                frozen = store.freeze(row.id)
            except NotSavedError:
                frozen = None  # a full disk of the project is no reason not to export to another
            if frozen is None:
                document = store.load_document(row.id, row.width, row.height)
            attributes.update(store.origin(row.id).to_attributes())
        if frozen is not None:
            meaning = Meaning.of(frozen.labels, frozen.partition)
            return frozen.labels_plane()
        if document.needs_base:
            document.rebuild_base()
        meaning = Meaning.of(document.labels, document.partition)
        return exported_mask(document)

    def draft() -> Draft | None:
        if not row.width:
            return None
        with Store.open(project, must_exist=True) as store:
            made_of = store.load_document(row.id, row.width, row.height).base.draft
            return made_of or store.load_draft(row.id)

    return ExportItem(row.path, row.width, row.height, mask, attributes, lambda: meaning, draft)


def shown_item(path: Path, document: Document) -> ExportItem:
    """The picture on the canvas as it is now. The document's base mask must be exact."""
    mask = exported_mask(document).copy()
    meaning = Meaning.of(document.labels, document.partition)
    draft = document.base.draft
    return ExportItem(
        path, document.width, document.height, lambda: mask, origin(document), lambda: meaning, lambda: draft
    )


def exported_mask(document: Document) -> U8:
    """The final label plane, (H, W) uint8; empty where the annotator has confirmed that there is no lesion."""
    if document.status is Status.NO_LESION:
        return np.zeros((document.height, document.width), np.uint8)
    return document.final


def origin(document: Document) -> dict[str, Any]:
    """Where a mask comes from, as plain values: the draft's provenance and findings, recipe, status, edited or not."""
    return {
        **document.base.to_attributes(),
        "recipe": document.recipe.to_dict(),
        "status": document.status.value,
        "note": document.note,
        "edited": document.is_edited or document.base.painted,
    }
