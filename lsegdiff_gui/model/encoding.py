"""A picture as the denoiser sees it: from several sides, computed once, used for every draft of the picture."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt

from lsegdiff_gui.model.calibration import Calibration
from lsegdiff_gui.model.image_encoder import Pyramid
from lsegdiff_gui.model.views import VIEWS

U8 = npt.NDArray[np.uint8]
Floats = npt.NDArray[np.float32]

SIDES = VIEWS[:5]  # samples take turns at them: five samples see five
TWIN_SIDES = 1  # of a twin with an encoder of its own: a second one costs a pass and is no better


@dataclass(frozen=True)
class Impression:
    """What is known of a picture that was seen from some sides.

    twin: the image-only twin's probability, its mean over the sides, (256, 256) float32 in [0, 1]. presence: the
    probability that there is a lesion. strangeness: how far the features are from those of the training pictures;
    above 1 the picture is of another kind.
    """

    twin: Floats
    presence: float
    strangeness: float


@dataclass(frozen=True)
class Encoding:
    """What the encoders found in a picture.

    pyramid: features of the picture's sides, one of the batch each, on the latent's grids and the segmenter's device.
    presences: (sides,) logits of diffusion's encoder. twins: (T, 256, 256) float32 in [0, 1], upright, what the twin
    draws of the first T sides; twin_presences, distances: (T,), its logits and how far its features lie from the
    training pictures'. twin_follows: the twin looks from as many sides as a draft, for they cost it nothing.
    guide: (512, 512, 3) uint8, the picture for finding edges; None where the model leaves them. seconds: what encoding
    took.
    """

    pyramid: Pyramid
    presences: Floats
    twins: Floats
    twin_presences: Floats
    distances: Floats
    twin_follows: bool
    calibration: Calibration
    picture_sha256: str
    guide: U8 | None
    seconds: float

    @property
    def sides(self) -> int:
        """From how many sides the picture was seen."""
        return len(self.presences)

    def from_sides(self, sides: int) -> Impression:
        """What had been found had the picture been seen from the first so many sides only: 1 … `sides`."""
        twins = sides if self.twin_follows else len(self.twins)
        presence = (self.presences[:sides].mean() + self.twin_presences[:twins].mean()) / 2
        return Impression(
            twin=np.asarray(self.twins[:twins].mean(axis=0), np.float32),
            presence=self.calibration.presence(float(presence)),
            strangeness=self.calibration.strangeness(float(self.distances[:twins].mean())),
        )

    @cached_property
    def whole(self) -> Impression:
        """What is known from all sides."""
        return self.from_sides(self.sides)

    @property
    def twin(self) -> Floats:
        """See `Impression`, from all sides."""
        return self.whole.twin

    @property
    def presence(self) -> float:
        """See `Impression`, from all sides."""
        return self.whole.presence

    @property
    def strangeness(self) -> float:
        """See `Impression`, from all sides."""
        return self.whole.strangeness
