"""Where the mask under the annotator's work comes from."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from functools import cached_property
from typing import Literal

import numpy as np
import numpy.typing as npt

from lsegdiff_gui.annotation.draft import Draft
from lsegdiff_gui.annotation.labels import ERASED, NONE
from lsegdiff_gui.annotation.postprocess import base_mask, preview_mask
from lsegdiff_gui.annotation.recipe import Recipe

U8 = npt.NDArray[np.uint8]
Kind = Literal["empty", "draft", "imported"]


@dataclass(frozen=True, eq=False)
class Base:
    """Nothing, a draft under its recipe, or an imported mask taken as it is (the recipe leaves it alone).

    mask: (H, W) uint8, 0 or 1, only where imported; label: the label its foreground counts as.
    Two bases are equal when they give the same mask under every recipe.
    """

    kind: Kind = "empty"
    draft: Draft | None = None
    mask: U8 | None = None
    label: int = 1

    def __post_init__(self) -> None:
        if (self.kind == "draft") != (self.draft is not None):
            raise ValueError("A base of kind 'draft', and no other, holds a draft.")
        if (self.kind == "imported") != (self.mask is not None):
            raise ValueError("A base of kind 'imported', and no other, holds a mask.")
        if not NONE < self.label < ERASED:
            raise ValueError(f"A base's label lies between 1 and 254, not at {self.label}.")

    @classmethod
    def empty(cls) -> Base:
        """The base of a picture nobody has drafted."""
        return cls()

    @classmethod
    def of_draft(cls, draft: Draft, label: int = 1) -> Base:
        """The draft's mean probability, made a mask by the document's recipe."""
        return cls("draft", draft=draft, label=label)

    @classmethod
    def of_mask(cls, mask: U8, label: int = 1) -> Base:
        """An imported mask. mask: (H, W), non-zero is foreground; a copy is kept."""
        own = (mask != 0).astype(np.uint8)
        own.flags.writeable = False
        return cls("imported", mask=own, label=label)

    def foreground(self, recipe: Recipe, width: int, height: int, *, longest: int | None = None) -> U8:
        """The base mask: (height, width) uint8, 0 or 1, owned by the caller.

        With `longest` a preview: computed with that many pixels on the long side and brought to full size.
        Raises ValueError if an imported mask has another size.
        """
        if self.draft is not None:
            probability = self.draft.probability
            if longest is None:
                return base_mask(probability, recipe, width, height)
            return preview_mask(probability, recipe, width, height, longest)
        if self.mask is not None:
            if self.mask.shape != (height, width):
                raise ValueError(f"The imported mask is {self.mask.shape}, the picture {(height, width)}.")
            return self.mask.copy()
        return np.zeros((height, width), np.uint8)

    @cached_property
    def _identity(self) -> tuple[str, str, int]:
        content = ""
        if self.draft is not None:
            content = self.draft.id
        elif self.mask is not None:
            content = hashlib.sha256(repr(self.mask.shape).encode() + self.mask.tobytes()).hexdigest()
        return self.kind, content, self.label

    def __eq__(self, other: object) -> bool:
        return self is other or (isinstance(other, Base) and self._identity == other._identity)

    def __hash__(self) -> int:
        return hash(self._identity)
