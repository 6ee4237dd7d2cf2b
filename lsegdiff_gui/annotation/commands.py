"""The steps of the annotator's work: each can be done and undone, and written down."""

from __future__ import annotations

import json
import struct
import zlib
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from lsegdiff_gui.annotation.base import Base
from lsegdiff_gui.annotation.draft import Draft
from lsegdiff_gui.annotation.labels import UNTOUCHED, Status
from lsegdiff_gui.annotation.patch import Piece, pack
from lsegdiff_gui.annotation.recipe import Recipe
from lsegdiff_gui.imaging.geometry import Box

U8 = npt.NDArray[np.uint8]


@dataclass(frozen=True)
class PaintEdit:
    """Changed values of the override plane.

    box: around all changed pixels; before, after: the values there as `patch.pack` writes them;
    tool: its name; pixels: how many changed; growth: how many more of them are set than before, or fewer
    (negative). Made by `PaintEdit.of`.
    """

    box: Box
    before: bytes
    after: bytes
    tool: str
    pixels: int
    growth: int

    @classmethod
    def of(cls, changes: Iterable[tuple[Box, U8, U8]], tool: str) -> PaintEdit | None:
        """From boxes with the values before and after; None where nothing differs."""
        box = Box.empty()
        before: list[Piece] = []
        after: list[Piece] = []
        pixels = growth = 0
        for place, old, new in changes:
            differs = old != new
            tight = Box.of(differs)
            if tight.is_empty:
                continue
            rows, columns = tight.slices
            piece = Box(place.x0 + tight.x0, place.y0 + tight.y0, place.x0 + tight.x1, place.y0 + tight.y1)
            before.append(Piece(piece, old[rows, columns]))
            after.append(Piece(piece, new[rows, columns]))
            box = box.union(piece)
            pixels += int(np.count_nonzero(differs))
            growth += int(np.count_nonzero(after[-1].values)) - int(np.count_nonzero(before[-1].values))
        return cls(box, pack(before), pack(after), tool, pixels, growth) if pixels else None


@dataclass(frozen=True)
class RecipeChange:
    """Other parameters for the base mask. The mask itself is computed apart: see `Document.needs_base`."""

    before: Recipe
    after: Recipe


@dataclass(frozen=True)
class BaseChange:
    """Another base under the same work."""

    before: Base
    after: Base


@dataclass(frozen=True)
class StatusChange:
    """The annotator's word on the whole mask; note: free text that replaces the earlier one."""

    before: Status
    after: Status
    note: str = ""


Command = PaintEdit | RecipeChange | BaseChange | StatusChange


@dataclass(frozen=True)
class Standing:
    """A picture's status and the note beside it."""

    status: Status = Status.NEW
    note: str = ""

    def after(self, command: Command) -> Standing:
        """The standing once the command is done: any work reopens what was finished.

        A draft moves a new picture on to drafted; painting, tuning, and drafting over somebody's work mean in
        progress.
        """
        if isinstance(command, StatusChange):
            return Standing(command.after, command.note)
        status = Status.IN_PROGRESS
        if isinstance(command, BaseChange) and self.status in UNTOUCHED:
            status = Status.NEW if command.after.kind == "empty" else Status.DRAFTED
        return Standing(status, self.note)


def encode(command: Command) -> tuple[str, bytes]:
    """Write a command down: (kind, payload). Drafts are named by their id, and kept elsewhere."""
    match command:
        case PaintEdit():
            box = command.box
            head = {
                "box": [box.x0, box.y0, box.x1, box.y1],
                "tool": command.tool,
                "pixels": command.pixels,
                "growth": command.growth,
            }
            return "paint", _frame(head, command.before, command.after)
        case RecipeChange():
            return "recipe", _frame({"before": command.before.to_dict(), "after": command.after.to_dict()})
        case BaseChange():
            return "base", _frame({}, encode_base(command.before), encode_base(command.after))
        case StatusChange():
            return "status", _frame(
                {"before": command.before.value, "after": command.after.value, "note": command.note}
            )


def decode(kind: str, payload: bytes, drafts: Callable[[str], Draft]) -> Command:
    """Read what `encode` wrote. drafts: finds a draft by its id. Raises ValueError for damaged bytes."""
    head, blobs = _unframe(payload)
    try:
        match kind:
            case "paint":
                before, after = blobs
                return PaintEdit(
                    Box(*head["box"]), before, after, head["tool"], head["pixels"], head["growth"]
                )
            case "recipe":
                return RecipeChange(Recipe.from_dict(head["before"]), Recipe.from_dict(head["after"]))
            case "base":
                old, new = blobs
                return BaseChange(decode_base(old, drafts), decode_base(new, drafts))
            case "status":
                return StatusChange(Status(head["before"]), Status(head["after"]), head["note"])
    except (KeyError, TypeError) as error:
        raise ValueError(f"A step of kind '{kind}' is damaged: {error}.") from error
    raise ValueError(f"A step of kind '{kind}' is unknown to this version.")


def encode_base(base: Base) -> bytes:
    """Write a base down; its draft is named by its id."""
    head: dict[str, Any] = {"kind": base.kind, "label": base.label}
    if base.draft is not None:
        head["draft"] = base.draft.id
    if base.mask is None:
        return _frame(head)
    head["size"] = list(base.mask.shape)
    return _frame(head, zlib.compress(np.packbits(base.mask).tobytes()))


def decode_base(payload: bytes, drafts: Callable[[str], Draft]) -> Base:
    """Read what `encode_base` wrote. Raises ValueError for damaged bytes; passes on what `drafts` raises."""
    head, blobs = _unframe(payload)
    draft = drafts(head["draft"]) if "draft" in head else None
    mask = None
    if "size" in head:
        height, width = head["size"]
        bits = np.frombuffer(zlib.decompress(blobs[0]), np.uint8)
        mask = np.unpackbits(bits, count=height * width).reshape(height, width)
    return Base(head["kind"], draft=draft, mask=mask, label=head["label"])


def _frame(head: dict[str, Any], *blobs: bytes) -> bytes:
    """Readable fields in JSON before the bytes that have none: a payload stays legible for later versions."""
    text = json.dumps({**head, "blobs": [len(blob) for blob in blobs]}).encode()
    return b"".join((struct.pack("<I", len(text)), text, *blobs))


def _unframe(payload: bytes) -> tuple[dict[str, Any], list[bytes]]:
    try:
        (length,) = struct.unpack_from("<I", payload)
        head = json.loads(payload[4 : 4 + length])
        sizes = head.pop("blobs")
    except (struct.error, ValueError, KeyError) as error:
        raise ValueError(f"A step in the log is damaged: {error}.") from error
    blobs = []
    offset = 4 + length
    for size in sizes:
        blobs.append(payload[offset : offset + size])
        offset += size
    return head, blobs
