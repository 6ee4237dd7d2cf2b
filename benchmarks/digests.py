"""One short text for all that a document is: pixels painted, base, recipe, status, place in its log."""

import hashlib

from lsegdiff_gui.annotation.document import Document


def digest_of(document: Document) -> str:
    """The digest of a document as it stands; its parts can be told apart, where two differ."""
    base = document.base
    mask = b"" if base.mask is None else base.mask.data
    parts = (
        _short(document.override.tobytes()),
        base.kind if base.draft is None else _short(base.draft.id.encode() + mask),
        _short(repr((document.recipe, document.note)).encode()),
        document.status,
        f"{document.history.cursor}of{len(document.history.commands)}",
    )
    return "/".join(parts)


def _short(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()[:12]
