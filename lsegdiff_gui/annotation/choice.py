"""Which mask of a draft is meant: the mean of its samples, one of them, several together, or an earlier step."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any, Literal

import numpy as np
import numpy.typing as npt

U8 = npt.NDArray[np.uint8]
Kind = Literal["mean", "any", "all", "agreed", "step"]


@dataclass(frozen=True)
class Choice:
    """What of a draft is the mask.

    kind "mean": the draft's own probability. "any", "all": of the samples with these numbers, from 1, the union or
    what they share; of one sample that sample. "agreed": what at least so many samples see. "step": the preview after
    that step of the film.
    """

    kind: Kind = "mean"
    numbers: tuple[int, ...] = ()

    @property
    def is_default(self) -> bool:
        """Whether it is the draft as it was made."""
        return self.kind == "mean"

    @property
    def words(self) -> str:
        """The choice as a phrase."""
        numbers = [str(number) for number in self.numbers]
        listed = " and ".join(filter(None, [", ".join(numbers[:-1]), *numbers[-1:]]))
        match self.kind:
            case "mean":
                return "the mean of the samples"
            case "any" | "all" if len(numbers) == 1:
                return f"sample {listed}"
            case "any":
                return f"samples {listed} together"
            case "all":
                return f"what samples {listed} share"
            case "agreed":
                return f"what at least {listed} of the samples see"
            case "step":
                return f"step {listed} of the film"

    def of(self, probability: U8, samples: U8, film: U8) -> U8:
        """The probability (G, G) it picks from a draft's own, its samples (K, G, G) and its film (S, G, G).

        Raises ValueError where the draft has no such sample or step.
        """
        if self.kind == "mean":
            return probability
        planes = film if self.kind == "step" else samples
        if not self.numbers or not all(1 <= number <= len(planes) for number in self.numbers):
            raise ValueError(f"The draft has no {self.words}.")
        chosen = planes[[number - 1 for number in self.numbers]]
        match self.kind:
            case "any" | "step":
                return np.asarray(chosen.max(axis=0), np.uint8)
            case "all":
                return np.asarray(chosen.min(axis=0), np.uint8)
            case "agreed":
                return np.asarray(np.sort(samples, axis=0)[-self.numbers[0]], np.uint8)

    def to_dict(self) -> dict[str, Any]:
        """Plain values."""
        return asdict(self)

    @classmethod
    def from_dict(cls, values: Mapping[str, Any]) -> Choice:
        """The inverse of `to_dict`. Raises KeyError or TypeError on anything else."""
        return cls(values["kind"], tuple(int(number) for number in values["numbers"]))


MEAN = Choice()
