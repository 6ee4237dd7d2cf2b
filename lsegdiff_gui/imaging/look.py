"""How a picture is shown: tones for the eye, which never reach a file nor the model."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np
import numpy.typing as npt

from lsegdiff_gui.imaging.display import pyramid
from lsegdiff_gui.imaging.picture import NativePixels, Picture

U8 = npt.NDArray[np.uint8]
U16 = npt.NDArray[np.uint16]

LARGEST_VALUE = 65535
LARGEST_SHOWN = 255
LARGEST_GAMMA = 5.0

# Local contrast: 8 × 8 tiles and a clip of 3 show vessels and pits without lifting the noise of flat skin.
_CLIP = 3.0
_TILES = (8, 8)
# What lies outside of these shares of a picture's values is glare, or the black around an endoscope's field.
_AUTO_SHARES = (0.5, 99.5)
# Pixels that are looked at: enough for shares of a picture, and done in a few milliseconds at any size.
_SAMPLES = 100_000


@dataclass(frozen=True)
class Window:
    """The values of a 16-bit picture that are shown from black to white. centre: 0 to 65535; width: 1 to 65535."""

    centre: int
    width: int

    def __post_init__(self) -> None:
        if not 0 <= self.centre <= LARGEST_VALUE or not 1 <= self.width <= LARGEST_VALUE:
            raise ValueError(f"A window of {self.width} around {self.centre} is none.")

    def shown(self, values: U16) -> U8:
        """The values as grey levels, 0 to 255; any shape, one to four channels."""
        slope = 255 / self.width
        start = self.centre - self.width / 2
        return np.asarray(
            cv2.addWeighted(values, slope, values, 0, -start * slope, dtype=cv2.CV_8U), np.uint8
        ).reshape(values.shape)

    @classmethod
    def as_read(cls, native: U16, tones: U8 | None = None) -> Window:
        """What `Picture.rgb8` is made of, to begin from: the file's own window, where its tones rise; else the full
        scale of the fewest bits that hold the values."""
        rising = np.flatnonzero((tones > 0) & (tones < LARGEST_SHOWN)) if tones is not None else np.empty(0)
        if rising.size:
            low, high = max(0, int(rising[0]) - 1), min(LARGEST_VALUE, int(rising[-1]) + 1)
            return cls((low + high) // 2, max(1, high - low))
        largest = 2 ** max(8, int(_sample(native).max(initial=0)).bit_length()) - 1
        return cls((largest + 1) // 2, largest)

    @classmethod
    def auto(cls, native: U16) -> Window:
        """From the darkest to the brightest half percent of the values of (H, W) or (H, W, 3)."""
        low, high = np.percentile(_sample(native), _AUTO_SHARES)
        return cls(round((low + high) / 2), max(1, round(high - low)))


@dataclass(frozen=True)
class PictureLook:
    """What is done to the shown values, in this order.

    window: of 16-bit pictures, None for the picture as it was read. local_contrast: percent, 0 to 100. gamma: 0.2 to
    5, above 1 lightens. contrast and brightness: percent, -100 to 100. The defaults leave the picture as it is.
    """

    brightness: int = 0
    contrast: int = 0
    gamma: float = 1.0
    local_contrast: int = 0
    window: Window | None = None

    @property
    def is_plain(self) -> bool:
        """Whether the picture is shown as it is."""
        return self == PictureLook()

    def table(self) -> U8:
        """(256,) uint8: the shown value for each value. Contrast turns about mid-grey, then light is added."""
        values = 255 * np.linspace(0, 1, 256) ** (1 / self.gamma)
        # Exponential, so that +100 % and -100 % are each other's inverse: factors 4 and 1/4.
        factor = 4.0 ** (self.contrast / 100.0)
        shown = (values - 127.5) * factor + 127.5 + 1.28 * self.brightness
        table: U8 = np.clip(np.rint(shown), 0, 255).astype(np.uint8)
        return table


@dataclass(frozen=True)
class LevelsNeed:
    """What a look has to have computed for a whole picture. window: of the values that `local` is made of."""

    native: bool = False
    local: bool = False
    window: Window | None = None

    @classmethod
    def of(cls, look: PictureLook) -> LevelsNeed:
        """What this look needs; nothing for tones alone."""
        local = look.local_contrast > 0
        return cls(look.window is not None, local, look.window if local else None)

    def within(self, other: LevelsNeed) -> bool:
        """Whether what was computed for `other` serves this too."""
        native = other.native or not self.native
        return native and (not self.local or (other.local and other.window == self.window))


@dataclass(frozen=True, eq=False)
class DisplayLevels:
    """What was computed, as pyramids like those of `imaging.display.pyramid`.

    native: (H, W) or (H, W, 3) uint16 and smaller. local: (H, W) uint8, the lightness with its local contrast raised.
    """

    native: Sequence[U16] | None = None
    local: Sequence[U8] | None = None


def display_levels(picture: Picture, need: LevelsNeed) -> DisplayLevels:
    """Compute what a look needs (half a second at 8192²); never changes the picture."""
    native = as_16_bit(picture.native)
    local = None
    if need.local:
        pixels: U8 = picture.rgb8 if need.window is None or native is None else need.window.shown(native)
        grey = pixels if pixels.ndim == 2 else np.asarray(cv2.cvtColor(pixels, cv2.COLOR_RGB2GRAY), np.uint8)
        local = pyramid(np.asarray(cv2.createCLAHE(_CLIP, _TILES).apply(grey), np.uint8))
    return DisplayLevels(pyramid(native) if need.native and native is not None else None, local)


def as_16_bit(native: NativePixels) -> U16 | None:
    """The native values if they are of 16 bit, else None."""
    return native if native.dtype == np.uint16 else None  # type: ignore[return-value]  # told by the dtype


def with_local_contrast(bgr: U8, local: U8, strength: float) -> U8:
    """Move the lightness of (H, W, 3 or 4) BGR towards `local`, (H, W), by `strength` in [0, 1]; hues stay.

    A fourth channel is 255 afterwards.
    """
    opaque = bgr.shape[2] == 4
    grey = cv2.cvtColor(bgr, cv2.COLOR_BGRA2GRAY if opaque else cv2.COLOR_BGR2GRAY)
    to_colour = cv2.COLOR_GRAY2BGRA if opaque else cv2.COLOR_GRAY2BGR
    # The same amount on all three channels moves the lightness of YCrCb and neither of its colours. In two halves that
    # stop at 0, because bytes are added several times as fast as signed numbers of two.
    lighter = cv2.cvtColor(cv2.addWeighted(local, strength, grey, -strength, 0), to_colour)
    darker = cv2.cvtColor(cv2.addWeighted(grey, strength, local, -strength, 0), to_colour)
    return np.asarray(cv2.add(cv2.subtract(bgr, darker), lighter), np.uint8)


def _sample(native: U16) -> U16:
    step = max(1, int(np.sqrt(native.shape[0] * native.shape[1] / _SAMPLES)))
    return native[::step, ::step]
