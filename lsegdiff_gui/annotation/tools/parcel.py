"""A copied mask on its way to another picture or another window: a clipping with the names of its labels, as bytes."""

from __future__ import annotations

import json
import struct
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from lsegdiff_gui.annotation.labels import Labels
from lsegdiff_gui.annotation.patch import TILE, unpack
from lsegdiff_gui.annotation.region import Region
from lsegdiff_gui.annotation.tools.clipping import Clipping
from lsegdiff_gui.imaging.geometry import Box

_MAGIC = b"LSegDiff mask 1\n"
_LENGTH = struct.Struct("<I")
# What comes from another program is not believed: no picture is larger than this, and none has more labels' words.
_MOST_PIXELS = 2**28
_LONGEST_HEAD = 2**16
_PIECE_HEAD = 18


@dataclass(frozen=True)
class Parcel:
    """A clipping, and what its labels were called where it was copied: number to name."""

    clipping: Clipping
    names: Mapping[int, str]

    @classmethod
    def of(cls, clipping: Clipping, labels: Labels) -> Parcel:
        """Wrap a clipping of a document that has these labels."""
        return cls(clipping, {label.id: label.name for label in labels})

    def to_bytes(self) -> bytes:
        """The parcel as bytes; `from_bytes` gives it back equal."""
        box = self.clipping.box
        head = {
            "size": [self.clipping.width, self.clipping.height],
            "box": [box.x0, box.y0, box.x1, box.y1],
            "names": [[number, name] for number, name in self.names.items()],
        }
        text = json.dumps(head).encode()
        return b"".join((_MAGIC, _LENGTH.pack(len(text)), text, self.clipping.data))

    @classmethod
    def from_bytes(cls, data: bytes) -> Parcel:
        """Read what `to_bytes` wrote. Raises ValueError for anything else, however large it says it is."""
        if not data.startswith(_MAGIC):
            raise ValueError("These bytes are no mask of this program.")
        start = len(_MAGIC) + _LENGTH.size
        try:
            (length,) = _LENGTH.unpack_from(data, len(_MAGIC))
            if length > _LONGEST_HEAD:
                raise ValueError("The head is too long.")
            head = json.loads(data[start : start + length])
            width, height = map(int, head["size"])
            box = Box(*map(int, head["box"]))
            names = {int(number): str(name) for number, name in head["names"]}
        except (struct.error, KeyError, TypeError, OverflowError, RecursionError) as error:
            raise ValueError(f"A copied mask is damaged: {error}.") from error
        clipping = Clipping(width, height, box, data[start + length :])
        _refuse_strange(clipping)
        return cls(clipping, names)


@dataclass(frozen=True)
class Delivery:
    """What a parcel becomes elsewhere. changes: as `Document.edit` takes them; missing: labels that are not known."""

    changes: tuple[tuple[Region, int], ...]
    missing: tuple[str, ...]


def delivered(parcel: Parcel, pasted: Sequence[tuple[Region, int]], labels: Labels) -> Delivery:
    """Give what `clipping.paste` made of a parcel to the labels of the same name; others are left out.

    Not to those of the same number: in another project that may be another kind of lesion.
    """
    numbers = {label.name.casefold(): label.id for label in reversed(labels)}
    changes = []
    missing = []
    for region, number in pasted:
        name = parcel.names.get(number, f"Label {number}")
        if name.casefold() in numbers:
            changes.append((region, numbers[name.casefold()]))
        else:
            missing.append(name)
    return Delivery(tuple(changes), tuple(missing))


def _refuse_strange(clipping: Clipping) -> None:
    """Raise ValueError for what `paste` could not be given."""
    width, height, box = clipping.width, clipping.height, clipping.box
    if width < 1 or height < 1 or width * height > _MOST_PIXELS:
        raise ValueError(f"No picture is {width} x {height} pixels.")
    if box.is_empty or box.clip(width, height) != box:
        raise ValueError(f"The box {box} does not lie in the picture.")
    # A few bytes can unfold to gigabytes: only as far as a picture of this size goes.
    across, down = -(-width // TILE), -(-height // TILE)
    most = _LENGTH.size + across * down * _PIECE_HEAD + width * height
    for piece in unpack(clipping.data, most):
        if piece.box.is_empty or piece.box.clip(width, height) != piece.box:
            raise ValueError(f"A piece at {piece.box} lies outside the picture.")
