"""A segmenter without a model: it draws a blob, and stops before each step when a test holds it back."""

import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path

import numpy as np
import numpy.typing as npt

from lsegdiff_gui.annotation.draft import Draft
from lsegdiff_gui.annotation.findings import UNKNOWN, Findings
from lsegdiff_gui.annotation.hints import Told
from lsegdiff_gui.annotation.obedience import obeyed
from lsegdiff_gui.imaging.picture import Picture

from .drafts import blob, provenance, scaled

GRID = 256


@dataclass(frozen=True)
class MadeInfo:
    """The fields of ModelInfo that a window looks at."""

    name: str = "skin"
    version: str = "0"
    domain: str = "skin"
    sha256: str = "5e" * 32
    path: Path = Path("skin.safetensors")
    parameters: int = 7
    training: str = "nothing"
    terms: str = "none"
    metrics: dict[str, float] = field(default_factory=dict)


@dataclass(frozen=True)
class MadeEncoding:
    """What the made segmenter knows of a picture."""

    picture_sha256: str
    presence: float
    strangeness: float


@dataclass(frozen=True)
class MadeStep:
    """A denoising step."""

    index: int
    steps: int
    preview: npt.NDArray[np.uint8]
    draft: Draft | None = None


class MadeSegmenter:
    """Drafts the same blob for every picture, shifted by the seed.

    hold: while set, each step waits for one `let(1)`. seconds: what a step takes otherwise.
    findings: of every picture; to be changed between two drafts.
    """

    device = "cpu"
    precision = "float32"

    def __init__(
        self,
        name: str = "skin",
        *,
        hold: bool = False,
        seconds: float = 0.0,
        findings: Findings = UNKNOWN,
    ) -> None:
        self.findings = findings
        self.info = MadeInfo(name=name, domain=name)
        self.encoded: list[str] = []
        self.warmed_up = 0
        self.stepped: list[tuple[str, int]] = []
        self._seconds = seconds
        self._gate = threading.Semaphore(0) if hold else None

    def let(self, steps: int) -> None:
        """Allow that many more steps."""
        assert self._gate is not None
        for _ in range(steps):
            self._gate.release()

    def warm_up(self) -> None:
        self.warmed_up += 1

    def encode(self, picture: Picture) -> MadeEncoding:
        self.encoded.append(picture.sha256)
        return MadeEncoding(picture.sha256, self.findings.presence, self.findings.strangeness)

    def sample(
        self, encoding: MadeEncoding, *, steps: int, samples: int, seed: int, hints: Told | None = None
    ) -> Iterator[MadeStep]:
        film: list[npt.NDArray[np.uint8]] = []
        for index in range(1, steps + 1):
            if self._gate is not None:
                assert self._gate.acquire(timeout=30), "nobody let the step go on"
            time.sleep(self._seconds)
            film.append(blob(GRID, centre=(128 + seed, 110), seed=index, noise=60.0 / index))
            self.stepped.append((encoding.picture_sha256, index))
            draft = self._draft(film, samples, seed, encoding, hints) if index == steps else None
            yield MadeStep(index, steps, film[-1], draft)

    def _draft(
        self,
        film: list[npt.NDArray[np.uint8]],
        samples: int,
        seed: int,
        encoding: MadeEncoding,
        told: Told | None,
    ) -> Draft:
        opinions = np.stack(
            [blob(GRID, centre=(128 + seed, 110), seed=90 + k, noise=4.0) for k in range(samples)]
        )
        mean = opinions.astype(np.float32).mean(axis=0).round().astype(np.uint8)
        origin = replace(provenance(seed), model=self.info.name, domain=self.info.domain)
        probability = scaled(mean, encoding.presence)
        if told is not None:
            probability = obeyed(probability, told)
            origin = replace(origin, hints=told.hints, around_work=not told.hints)
        return Draft(
            probability,
            np.zeros_like(mean),
            opinions,
            np.stack(film),
            origin,
            encoding.presence,
            encoding.strangeness,
        )


def picture(width: int = 96, height: int = 64, *, seed: int = 0, path: Path | None = None) -> Picture:
    """A made picture with the hash of its seed."""
    pixels = np.random.default_rng(seed).integers(0, 255, (height, width, 3), np.uint8)
    return Picture(pixels, pixels, f"{seed:064x}", path)
