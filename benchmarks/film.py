"""What keeping and previewing the film costs a draft, and how much each step of it changes the mask."""

import statistics
import time
from itertools import pairwise

import numpy as np
import torch
from pictures import drawn_picture
from report import output_file, write_report

from lsegdiff_gui.model.encoding import Encoding
from lsegdiff_gui.model.segmenter import Segmenter

MODEL = "polyp"
STEPS, SAMPLES = 4, 5
REPEATS = 15
PICTURES = 12


def main() -> None:
    """Measure and report."""
    path = output_file(__doc__ or "")
    write_report({"film": measure(Segmenter.load(MODEL), REPEATS, PICTURES)}, path)


def measure(segmenter: Segmenter, repeats: int, pictures: int) -> dict[str, float]:
    """cost_percent: how much longer a whole draft, encoding included, takes for its film; iou_1_2 …: of neighbouring
    steps' masks, means over drawn pictures."""
    picture = drawn_picture()
    with_film, without = list[float](), list[float]()
    for _ in range(repeats + 1):  # by turns, for the machine may be busy; the first warms up
        for times, draft in ((with_film, _whole), (without, _last_step_alone)):
            began = time.perf_counter()
            draft(segmenter, segmenter.encode(picture))
            times.append(time.perf_counter() - began)
    whole, bare = statistics.median(with_film[1:]), statistics.median(without[1:])
    figures = {"draft_ms": 1000 * whole, "cost_percent": 100 * (whole / bare - 1)}
    ious = np.array(
        [
            [_iou(a, b) for a, b in pairwise(segmenter.draft(drawn_picture(seed=seed)).film >= 128)]
            for seed in range(pictures)
        ]
    )
    return figures | {f"iou_{n}_{n + 1}": float(mean) for n, mean in enumerate(ious.mean(axis=0), start=1)}


def _whole(segmenter: Segmenter, encoding: Encoding) -> None:
    for _ in segmenter.sample(encoding, steps=STEPS, samples=SAMPLES):
        pass


def _last_step_alone(segmenter: Segmenter, encoding: Encoding) -> None:
    """The same, decoding only what the draft is made of."""
    runtime = segmenter._runtime
    decode = runtime.decode
    empty = torch.zeros(SAMPLES, 256, 256)
    calls = 0

    def decode_last(latents: torch.Tensor) -> torch.Tensor:
        nonlocal calls
        calls += 1
        return decode(latents) if calls == STEPS else empty[: len(latents)]

    runtime.decode = decode_last  # type: ignore[method-assign]
    try:
        _whole(segmenter, encoding)
    finally:
        del runtime.decode  # the class's own again


def _iou(a: np.ndarray, b: np.ndarray) -> float:
    union = int(np.count_nonzero(a | b))
    return 1.0 if union == 0 else int(np.count_nonzero(a & b)) / union


if __name__ == "__main__":
    main()
