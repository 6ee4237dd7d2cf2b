"""Choosing a network's calibration on `select`: the twin's share, temperature, presence, what is strange."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from lsegdiff_gui.model.calibration import Calibration, logit
from lsegdiff_gui.training.metrics import dice

TWIN_SHARES = (0.0, 0.25, 0.5, 0.75)
TEMPERATURES = np.geomspace(0.5, 5.0, 47)
SCALES = np.geomspace(0.1, 10.0, 41)
LESIONS_MISSED = 0.015  # share of `select` lesions that presence may deny, where some of it is empty
RESERVE = 1.0  # logits below every lesion of `select`, where none of it is empty: such a domain has few
FAMILIAR = 0.99  # share of `select` pictures within the limit, before the margin
MARGIN = 1.1  # on the limit: other hospitals differ from those at hand

RAW = Calibration(twin_share=0.0, strangeness_limit=1.0)
"""Under it presence is the logistic of the network's own logit, and strangeness the distance itself."""


@dataclass(frozen=True)
class Outcome:
    """What a network under `RAW` made of one picture, on the 256² grid.

    opinions: (256, 256) float32, the samples' mean probability. twin: the same of the image-only twin. truth: 0/1.
    presence: probability; strangeness: distance. bare_presence: presence of a part of it without lesion, if any.
    """

    opinions: npt.NDArray[np.float32]
    twin: npt.NDArray[np.float32]
    truth: npt.NDArray[np.uint8]
    presence: float
    strangeness: float
    bare_presence: float | None = None

    def mixed(self, share: float) -> npt.NDArray[np.float32]:
        """The probability with this share of the twin."""
        return (1.0 - share) * self.opinions + share * self.twin


def dice_by_twin_share(outcomes: Sequence[Outcome]) -> dict[float, float]:
    """Mean Dice of the lesions for each share of the twin; of all pictures where none has a lesion."""
    lesions = [o for o in outcomes if o.truth.any()] or list(outcomes)
    return {
        share: float(np.mean([dice((o.mixed(share) >= 0.5).astype(np.uint8), o.truth) for o in lesions]))
        for share in TWIN_SHARES
    }


def fit_calibration(outcomes: Sequence[Outcome]) -> Calibration:
    """Choose all numbers, each on its own."""
    shares = dice_by_twin_share(outcomes)
    share = max(shares, key=lambda s: (shares[s], -abs(s - 0.5)))
    fitted = replace(RAW, twin_share=share, temperature=_temperature(outcomes, share))
    return replace(_with_presence(fitted, outcomes), strangeness_limit=_limit(outcomes))


def _temperature(outcomes: Sequence[Outcome], share: float) -> float:
    """The temperature of least cross-entropy over a sixteenth of all pixels (Guo et al. 2017, section 4.2)."""
    part = (slice(None, None, 4), slice(None, None, 4))
    logits = np.concatenate([logit(o.mixed(share)[part]).ravel() for o in outcomes])
    signs = np.concatenate([2.0 * o.truth[part].ravel() - 1.0 for o in outcomes])
    losses = [np.logaddexp(0.0, -signs * logits / t).mean() for t in TEMPERATURES]
    return float(TEMPERATURES[int(np.argmin(losses))])


def _with_presence(calibration: Calibration, outcomes: Sequence[Outcome]) -> Calibration:
    """Put even odds where hardly a lesion is denied, or none by far where every picture of `select` shows one.

    The slope is that of least cross-entropy.
    """
    empty = [o.presence for o in outcomes if not o.truth.any()]
    seen = np.array([o.presence for o in outcomes if o.truth.any()])
    bare = np.array([*empty, *(o.bare_presence for o in outcomes if o.bare_presence is not None)])
    if not len(seen) or not len(bare):
        return calibration
    lesions, others = logit(seen), logit(bare)
    offset = float(np.quantile(lesions, LESIONS_MISSED) if empty else lesions.min() - RESERVE)
    losses = [
        np.logaddexp(0.0, -s * (lesions - offset)).mean() + np.logaddexp(0.0, s * (others - offset)).mean()
        for s in SCALES
    ]
    return replace(calibration, presence_offset=offset, presence_scale=float(SCALES[int(np.argmin(losses))]))


def _limit(outcomes: Sequence[Outcome]) -> float:
    return MARGIN * float(np.quantile([o.strangeness for o in outcomes], FAMILIAR))
