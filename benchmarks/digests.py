"""One short text for all that a document is: pixels painted, base, recipe, status, place in its log."""

import hashlib

from lsegdiff_gui.annotation.document import Document


def digest_of(document: Document) -> str:
    """The digest of a document as it stands."""
    base = document.base
    made_of = "" if base.draft is None else base.draft.id
    mask = b"" if base.mask is None else base.mask.data
    said = (
        base.kind, made_of, document.recipe, document.status, document.note,
        len(document.history.commands), document.history.cursor,
    )  # fmt: skip
    return hashlib.sha256(document.override.tobytes() + mask + repr(said).encode()).hexdigest()[:24]
