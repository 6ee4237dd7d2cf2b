"""What the model hands to the annotator, and where it came from."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields, replace
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt

from lsegdiff_gui.annotation.choice import MEAN, Choice
from lsegdiff_gui.annotation.findings import Findings
from lsegdiff_gui.annotation.hints import Hint

U8 = npt.NDArray[np.uint8]


@dataclass(frozen=True)
class Provenance:
    """The origin of a draft: enough to make it again and to judge it.

    `seconds` is the run time; `created` is ISO 8601 in UTC; hashes are SHA-256 in hexadecimal. `hints`: what the
    model was told, in order; `around_work`: that it was told what the annotator had painted. `choice`: which mask of
    the draft was taken.
    """

    model: str
    version: str
    domain: str
    weights_sha256: str
    picture_sha256: str
    steps: int
    samples: int
    seed: int
    device: str
    precision: str
    app_version: str
    seconds: float
    created: str
    hints: tuple[Hint, ...] = ()
    around_work: bool = False
    choice: Choice = MEAN

    @property
    def was_helped(self) -> bool:
        """Whether the model was told anything, and did not find the mask by itself."""
        return bool(self.hints) or self.around_work

    def to_dict(self) -> dict[str, Any]:
        """The same fields as plain values, for JSON and exports; what is as in every draft is left out."""
        values = asdict(self)
        for name, is_usual in (
            ("hints", not self.hints),
            ("around_work", not self.around_work),
            ("choice", self.choice.is_default),
        ):
            if is_usual:
                del values[name]
        return values

    @classmethod
    def from_dict(cls, values: Mapping[str, Any]) -> Provenance:
        """Build from `to_dict`, leaving out keys this version does not know. Raises KeyError if one lacks."""
        known = {each.name: values[each.name] for each in fields(cls) if each.name not in _MAY_LACK}
        return cls(
            **known,
            hints=tuple(Hint.from_dict(each) for each in values.get("hints", ())),
            around_work=bool(values.get("around_work", False)),
            choice=Choice.from_dict(values["choice"]) if "choice" in values else MEAN,
        )


_MAY_LACK = ("hints", "around_work", "choice")


@dataclass(frozen=True, eq=False)
class Draft:
    """One drafting of a picture on the model's grid, quantised before it is first shown.

    probability: (G, G) uint8, 255 = certain lesion.
    spread:      (G, G) uint8, standard deviation over the samples times 510: 255 where half of them say yes.
    samples:     (K, G, G) uint8, each sample's probability.
    film:        (S, G, G) uint8, the preview after each denoising step.
    presence:    probability, in [0, 1], that the picture shows a lesion at all. Below .5 the probability has been
                 scaled by `Findings.share`, so that no pixel reaches one half; samples, spread and film have not.
    fine:        (F, F) uint8, the probability with its mask at one half along the picture's edges, see `edges`; None in
                 drafts of a version that did not look for them.
    strangeness: distance of the picture to those the model was trained on, divided by the model's limit: above 1
                 the picture does not look like what the model knows.

    Two drafts are equal when their `id` is: same pixels, same provenance, same findings. The arrays are made
    read-only. Raises ValueError for arrays that do not fit each other and for a presence or strangeness that is none.
    """

    probability: U8
    spread: U8
    samples: U8
    film: U8
    provenance: Provenance
    presence: float = 1.0
    strangeness: float = 0.0
    fine: U8 | None = None

    def __post_init__(self) -> None:
        grid = self.probability.shape
        planes = {"probability": 2, "spread": 2, "samples": 3, "film": 3}
        for name, dimensions in planes.items():
            array = getattr(self, name)
            if array.dtype != np.uint8 or array.ndim != dimensions or array.shape[-2:] != grid:
                raise ValueError(f"{name} has shape {array.shape} and type {array.dtype}")
            if array.flags.writeable or not array.flags.c_contiguous:
                array = np.array(array, order="C")
                array.flags.writeable = False
                object.__setattr__(self, name, array)
        if self.fine is not None:
            own = np.array(self.fine, np.uint8, order="C")
            if own.ndim != 2:
                raise ValueError(f"fine has shape {own.shape}")
            own.flags.writeable = False
            object.__setattr__(self, "fine", own)
        _ = self.findings  # checks them

    @cached_property
    def findings(self) -> Findings:
        """What the model says of the picture as a whole."""
        return Findings(self.presence, self.strangeness)

    @cached_property
    def mask_probability(self) -> U8:
        """(G, G) uint8: what the mask is made of, the probability or what was chosen in its place."""
        return self.provenance.choice.of(self.probability, self.samples, self.film)

    @property
    def edged(self) -> U8 | None:
        """`fine`, where there is one and the mask is the model's own; a chosen sample or step has no such plane."""
        return self.fine if self.provenance.choice.is_default else None

    def plane(self, *, follow_edges: bool) -> U8:
        """What the mask is made of, on one grid or another: `fine` where edges are followed and known."""
        edged = self.edged if follow_edges else None
        return self.mask_probability if edged is None else edged

    def choosing(self, choice: Choice) -> Draft:
        """The same draft, with this as its mask. Raises ValueError where it has no such sample or step."""
        choice.of(self.probability, self.samples, self.film)
        return replace(self, provenance=replace(self.provenance, choice=choice))

    @property
    def no_lesion(self) -> bool:
        """Whether the model holds that the picture shows no lesion."""
        return self.findings.no_lesion

    @property
    def is_strange(self) -> bool:
        """Whether the picture does not look like those the model was trained on."""
        return self.findings.is_strange

    def to_attributes(self) -> dict[str, Any]:
        """Origin, scores and findings as plain values: what goes with a mask into a file."""
        return {
            **self.provenance.to_dict(),
            "spread_score": self.spread_score,
            "presence": self.presence,
            "no_lesion": self.no_lesion,
            "strangeness": self.strangeness,
        }

    @cached_property
    def id(self) -> str:
        """SHA-256 (hexadecimal) over the arrays, their shapes, the provenance and the findings.

        The findings, presence and strangeness, count only where they are not the defaults: drafts made before
        there were any keep their id.
        """
        digest = hashlib.sha256()
        for array in (self.probability, self.spread, self.samples, self.film):
            digest.update(repr(array.shape).encode())
            digest.update(array.data)
        if self.fine is not None:
            digest.update(repr(self.fine.shape).encode())
            digest.update(self.fine.data)
        digest.update(json.dumps(self.provenance.to_dict(), sort_keys=True).encode())
        if self.findings.are_known:
            digest.update(json.dumps([float(self.presence), float(self.strangeness)]).encode())
        return digest.hexdigest()

    @cached_property
    def spread_score(self) -> float:
        """How much the samples disagree, in [0, 1]: the mean spread where any of them sees a lesion.

        The area is the union of the samples, so that a small doubtful lesion counts as much as a large one.
        Where no sample sees any, the largest spread stands in: a hint that nobody committed to.
        """
        seen = (self.probability >= 128) | (self.samples >= 128).any(axis=0)
        if not seen.any():
            return float(self.spread.max(initial=0)) / 255.0
        return float(self.spread[seen].mean()) / 255.0

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Draft) and self.id == other.id

    def __hash__(self) -> int:
        return hash(self.id)
