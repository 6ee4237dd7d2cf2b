"""Commands and bases as bytes, for the project's log."""

from __future__ import annotations

import json
import struct
import zlib
from collections.abc import Callable
from typing import Any

import numpy as np

from lsegdiff_gui.annotation.base import Base
from lsegdiff_gui.annotation.commands import (
    Bake,
    BaseChange,
    BringBack,
    Command,
    LabelsChange,
    MaskImport,
    PaintEdit,
    PartitionChange,
    RecipeChange,
    StatusChange,
)
from lsegdiff_gui.annotation.draft import Draft
from lsegdiff_gui.annotation.incoming import Origin
from lsegdiff_gui.annotation.instances import Partition
from lsegdiff_gui.annotation.labels import ERASED, NONE, Label, Status, ordered
from lsegdiff_gui.annotation.patch import PackedPlane, values_in
from lsegdiff_gui.annotation.recipe import Recipe
from lsegdiff_gui.imaging.geometry import Box

FindDraft = Callable[[str], Draft]


def encode(command: Command) -> tuple[str, bytes]:
    """Write a command down: (kind, payload). Drafts are named by their id, and kept elsewhere."""
    match command:
        case PaintEdit():
            return "paint", _frame(_edit_head(command), command.before, command.after)
        case RecipeChange():
            return "recipe", _frame({"before": command.before.to_dict(), "after": command.after.to_dict()})
        case BaseChange():
            return "base", _frame({}, encode_base(command.before), encode_base(command.after))
        case Bake():
            bases = encode_base(command.before), encode_base(command.after)
            if command.emptied is None:
                return "bake", _frame({}, *bases)
            edit = command.emptied
            return "bake", _frame(_edit_head(edit), *bases, edit.before, edit.after)
        case MaskImport():
            head = {
                "partition_before": command.parted_before.to_dict(),
                "partition": command.parted.to_dict(),
            }
            kind = "import"
            if isinstance(command, BringBack):
                kind = "bring back"
                head |= {"recipe_before": command.recipe_before.to_dict(), "recipe": command.recipe.to_dict()}
            bases = encode_base(command.before), encode_base(command.after)
            if command.emptied is None:
                return kind, _frame(head, *bases)
            edit = command.emptied
            return kind, _frame({**head, **_edit_head(edit)}, *bases, edit.before, edit.after)
        case LabelsChange():
            before = [label.to_dict() for label in command.before]
            return "labels", _frame({"before": before, "after": [label.to_dict() for label in command.after]})
        case PartitionChange():
            return "partition", _frame({"before": command.before.to_dict(), "after": command.after.to_dict()})
        case StatusChange():
            return "status", _frame(
                {"before": command.before.value, "after": command.after.value, "note": command.note}
            )


def decode(kind: str, payload: bytes, drafts: FindDraft) -> Command:
    """Read what `encode` wrote, now or in an earlier version. drafts: finds a draft by its id.

    Raises ValueError for damaged bytes; passes on what `drafts` raises.
    """
    head, blobs = _unframe(payload)
    try:
        match kind:
            case "paint":
                before, after = blobs
                return _edit(head, before, after)
            case "recipe":
                return RecipeChange(Recipe.from_dict(head["before"]), Recipe.from_dict(head["after"]))
            case "base":
                old, new = blobs
                return BaseChange(decode_base(old, drafts), decode_base(new, drafts))
            case "bake":
                old, new, *planes = blobs
                emptied = _edit(head, *planes) if planes else None
                return Bake(decode_base(old, drafts), decode_base(new, drafts), emptied)
            case "import" | "bring back":
                old, new, *planes = blobs
                parts = (
                    decode_base(old, drafts),
                    decode_base(new, drafts),
                    _edit(head, *planes) if planes else None,
                    Partition.from_dict(head["partition_before"]),
                    Partition.from_dict(head["partition"]),
                )
                if kind == "import":
                    return MaskImport(*parts)
                recipes = Recipe.from_dict(head["recipe_before"]), Recipe.from_dict(head["recipe"])
                return BringBack(*parts, *recipes)
            case "labels":
                return LabelsChange(_labels(head["before"]), _labels(head["after"]))
            case "partition":
                return PartitionChange(
                    Partition.from_dict(head["before"]), Partition.from_dict(head["after"])
                )
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
    if base.recipe is not None:
        head["recipe"] = base.recipe.to_dict()
    if base.origin is not None:
        head["origin"] = base.origin.to_dict()
    if base.painted:
        head["painted"] = True
    if base.mask is None:
        return _frame(head)
    head["plane"] = [base.mask.width, base.mask.height]
    return _frame(head, base.mask.data)


def decode_base(payload: bytes, drafts: FindDraft) -> Base:
    """Read what `encode_base` wrote. Raises ValueError for damaged bytes; passes on what `drafts` raises."""
    head, blobs = _unframe(payload)
    draft = drafts(head["draft"]) if "draft" in head else None
    recipe = Recipe.from_dict(head["recipe"]) if "recipe" in head else None
    mask = None
    if "plane" in head:
        width, height = head["plane"]
        (data,) = blobs
        mask = PackedPlane(width, height, data)
    elif "size" in head:  # projects up to version 2
        height, width = head["size"]
        bits = np.frombuffer(zlib.decompress(blobs[0]), np.uint8)
        mask = PackedPlane.of(np.unpackbits(bits, count=height * width).reshape(height, width))
    origin = Origin.from_dict(head["origin"]) if "origin" in head else None
    return Base(head["kind"], draft, mask, head["label"], recipe, origin, head.get("painted", False))


def draft_of_base(payload: bytes) -> str | None:
    """The id of the draft in what `encode_base` wrote, None without one. Raises ValueError for damaged bytes."""
    found = _unframe(payload)[0].get("draft")
    return None if found is None else str(found)


def labels_of_base(payload: bytes) -> frozenset[int]:
    """The labels that the mask of what `encode_base` wrote may have. Raises ValueError for damaged bytes."""
    head, blobs = _unframe(payload)
    if "plane" in head and head["label"] == 1:
        return values_in(blobs[0]) - {NONE}
    return frozenset() if head["kind"] == "empty" else frozenset({int(head["label"])})


def labels_painted(kind: str, payload: bytes) -> frozenset[int]:
    """The labels that the command of what `encode` wrote brings. Raises ValueError for damaged bytes."""
    blobs = _unframe(payload)[1]
    match kind:
        case "paint":
            return values_in(blobs[1]) - {NONE, ERASED}
        case "base" | "bake" | "import" | "bring back":
            return labels_of_base(blobs[1])
    return frozenset()


def _edit_head(edit: PaintEdit) -> dict[str, Any]:
    box = edit.box
    return {
        "box": [box.x0, box.y0, box.x1, box.y1],
        "tool": edit.tool,
        "pixels": edit.pixels,
        "growth": edit.growth,
    }


def _edit(head: dict[str, Any], before: bytes, after: bytes) -> PaintEdit:
    return PaintEdit(Box(*head["box"]), before, after, head["tool"], head["pixels"], head["growth"])


def _labels(values: list[dict[str, Any]]) -> tuple[Label, ...]:
    return ordered(Label.from_dict(each) for each in values)


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
