"""How a network's numbers become a draft's: chosen on `select`, kept in the weight file."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float32]

SURE = 1e-6  # probabilities nearer to 0 or 1 than this are as good as certain


@dataclass(frozen=True)
class Calibration:
    """What turns outputs into a draft.

    twin_share: weight of the image-only twin in the probability, 0 to 1. temperature: divides its logits; above 1 for
    an overconfident network. presence_offset, presence_scale: presence is the logistic function of
    scale · (logit − offset). strangeness_limit: the distance of features beyond which a picture is strange; 0: no
    limit is known, no picture is. edge_radius: of the windows in which a mask is drawn to the picture's edges, see
    `annotation.edges`; 0: it is left as it is.
    """

    twin_share: float = 0.5
    temperature: float = 1.0
    presence_offset: float = 0.0
    presence_scale: float = 1.0
    strangeness_limit: float = 0.0
    edge_radius: float = 0.0

    def to_dict(self) -> dict[str, float]:
        """Plain values for JSON."""
        return asdict(self)

    @classmethod
    def from_dict(cls, values: Mapping[str, float]) -> Calibration:
        """The inverse of `to_dict`. Raises KeyError, TypeError or ValueError on anything else."""
        return cls(**{field.name: float(values[field.name]) for field in fields(cls)})

    def combine(self, opinions: Floats, twin: Floats) -> Floats:
        """One calibrated probability (H, W) from the samples' (K, H, W) and the twin's (H, W), all in [0, 1].

        The temperature moves no pixel across one half.
        """
        mixed = (1.0 - self.twin_share) * opinions.mean(axis=0) + self.twin_share * twin
        return _logistic(logit(mixed) / self.temperature).astype(np.float32)

    def presence(self, logit_: float) -> float:
        """The probability in [0, 1] that there is a lesion, from the network's presence logit."""
        return float(_logistic(np.float64(self.presence_scale * (logit_ - self.presence_offset))))

    def strangeness(self, distance: float) -> float:
        """A distance of features as a multiple of the limit: above 1 the picture is of another kind."""
        return distance / self.strangeness_limit if self.strangeness_limit > 0 else 0.0


UNCALIBRATED = Calibration()
"""What a network says before `select` was asked."""


def logit(probability: npt.NDArray[np.floating]) -> npt.NDArray[np.float64]:
    """log(p / (1 − p)), with p kept within [1e-6, 1 − 1e-6]."""
    p = np.clip(probability.astype(np.float64), SURE, 1.0 - SURE)
    logits: npt.NDArray[np.float64] = np.log(p) - np.log1p(-p)
    return logits


def _logistic(x: npt.NDArray[np.float64] | np.float64) -> npt.NDArray[np.float64]:
    values: npt.NDArray[np.float64] = 0.5 * (1.0 + np.tanh(0.5 * np.asarray(x)))
    return values
