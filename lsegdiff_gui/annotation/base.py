"""Where the mask under the annotator's work comes from."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Literal

import numpy as np
import numpy.typing as npt

from lsegdiff_gui.annotation.draft import Draft
from lsegdiff_gui.annotation.incoming import Origin
from lsegdiff_gui.annotation.labels import ERASED, NONE
from lsegdiff_gui.annotation.obedience import obeying
from lsegdiff_gui.annotation.patch import PackedPlane
from lsegdiff_gui.annotation.postprocess import base_mask, preview_mask
from lsegdiff_gui.annotation.recipe import Recipe

U8 = npt.NDArray[np.uint8]
Kind = Literal["empty", "draft", "imported", "baked"]


@dataclass(frozen=True, eq=False)
class Base:
    """Nothing, a draft under its recipe, or a mask taken as it is (the recipe leaves it alone).

    mask: only where imported or baked: a label, 1 to 254, at each pixel; 0 background.
    label: what the ones of the base's mask count as; 1 for a mask that names its labels itself.
    draft: what it was made of; of a baked base what that was made of in the end, if it was a draft.
    recipe: of a baked base the one in effect when it was baked; None for the others.
    painted: of a baked base whether anything the annotator painted went into it.
    origin: which file it was imported from; a baked base keeps that of the base before.

    Two bases are equal when they give the same mask under every recipe and come from the same.
    """

    kind: Kind = "empty"
    draft: Draft | None = None
    mask: PackedPlane | None = None
    label: int = 1
    recipe: Recipe | None = None
    origin: Origin | None = None
    painted: bool = False

    def __post_init__(self) -> None:
        if self.kind != "baked" and (self.kind == "draft") != (self.draft is not None):
            raise ValueError("A base of kind 'draft', and else only a baked one, holds a draft.")
        if self.is_mask != (self.mask is not None):
            raise ValueError("A base that was imported or baked, and no other, holds a mask.")
        if (self.kind == "baked") != (self.recipe is not None) or (self.kind == "baked" and self.label != 1):
            raise ValueError("A baked base, and no other, holds a recipe; the label of such a base is 1.")
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
    def of_mask(cls, mask: U8, label: int = 1, origin: Origin | None = None) -> Base:
        """An imported mask of one label. mask: (H, W), non-zero is foreground."""
        packed = PackedPlane.of((mask != 0).astype(np.uint8))
        return cls("imported", mask=packed, label=label, origin=origin)

    @classmethod
    def imported(cls, mask: PackedPlane, origin: Origin) -> Base:
        """An imported mask that names its labels itself. mask: 0 background, n = label n."""
        return cls("imported", mask=mask, origin=origin)

    @classmethod
    def baked(cls, final: U8, before: Base, recipe: Recipe, *, painted: bool) -> Base:
        """The final mask made a base.

        final: (H, W) uint8 labels; before, recipe: what it stood on; painted: whether anything lay above that.
        """
        return cls(
            "baked",
            draft=before.draft,
            mask=PackedPlane.of(final),
            recipe=before.recipe or recipe,
            origin=before.origin,
            painted=painted or before.painted,
        )

    @property
    def is_mask(self) -> bool:
        """Whether it is a mask taken as it is; a draft in its place would lose that."""
        return self.kind in ("imported", "baked")

    def foreground(self, recipe: Recipe, width: int, height: int, *, longest: int | None = None) -> U8:
        """The base mask: (height, width) uint8, owned by the caller; times `label` it is the base's label plane.

        0 or 1; of a mask that names them the labels themselves. With `longest` a preview: computed with that many
        pixels on the long side and brought to full size. Raises ValueError if a mask taken as it is has another size.
        """
        if self.mask is not None:
            if (self.mask.width, self.mask.height) != (width, height):
                found = (self.mask.width, self.mask.height)
                raise ValueError(f"The {self.kind} mask is {found}, the picture {(width, height)}.")
            return self.mask.plane()
        if self.draft is not None:
            probability = self.draft.plane(follow_edges=recipe.follow_edges)
            hints = self.draft.provenance.hints
            if longest is None:
                return obeying(base_mask(probability, recipe, width, height), hints)
            return obeying(preview_mask(probability, recipe, width, height, longest), hints)
        return np.zeros((height, width), np.uint8)

    def to_attributes(self) -> dict[str, Any]:
        """Where the mask comes from as plain values, for exports: the draft's provenance, the kind, the origin."""
        attributes: dict[str, Any] = {} if self.draft is None else self.draft.to_attributes()
        attributes["base"] = self.kind
        if self.origin is not None:
            attributes["base_origin"] = self.origin.to_dict()
        if self.recipe is not None:
            attributes["baked_with"] = self.recipe.to_dict()
        return attributes

    @cached_property
    def _identity(self) -> tuple[object, ...]:
        made_of = "" if self.draft is None else self.draft.id
        content = ""
        if self.mask is not None:
            size = f"{self.mask.width} x {self.mask.height} ".encode()
            content = hashlib.sha256(size + self.mask.data).hexdigest()
        return self.kind, made_of, content, self.label, self.recipe, self.origin, self.painted

    def __eq__(self, other: object) -> bool:
        return self is other or (isinstance(other, Base) and self._identity == other._identity)

    def __hash__(self) -> int:
        return hash(self._identity)
