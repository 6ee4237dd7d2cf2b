"""How long a draft takes with 4 steps and 5 samples, and how near that is to what this processor can multiply."""

import statistics
import time
from collections.abc import Callable
from functools import partial

import torch
from pictures import drawn_picture
from report import output_file, write_report
from torch.utils.flop_counter import FlopCounterMode

from lsegdiff_gui.model.checkpoint import load_network
from lsegdiff_gui.model.network import LATENT_GRID, channels_last
from lsegdiff_gui.model.segmenter import DRAFT_VIEWS, Segmenter

STEPS, SAMPLES = 4, 5
REPEATS = 15
MATRIX_SIDES = (512, 1024, 2048)  # the fastest of these counts as the limit


def main() -> None:
    """Measure and report."""
    path = output_file(__doc__ or "")
    segmenter = Segmenter.load("polyp", device="auto")
    picture = drawn_picture()
    encoding = segmenter.encode(picture)
    network = channels_last(load_network(segmenter.info).to(segmenter.device, segmenter.dtype))
    pyramid = encoding.pyramid.take(torch.arange(SAMPLES) % len(DRAFT_VIEWS))
    latents = torch.randn(SAMPLES, 4, LATENT_GRID, LATENT_GRID, device=segmenter.device)
    t = torch.full((SAMPLES,), 0.5, device=segmenter.device)

    def synchronised(work: Callable[[], object]) -> Callable[[], None]:
        def run() -> None:
            with torch.inference_mode():
                work()
            if segmenter.device.type == "cuda":
                torch.cuda.synchronize()

        return run

    total = _median_ms(synchronised(lambda: segmenter.draft(picture, steps=STEPS, samples=SAMPLES)))
    with FlopCounterMode(display=False) as counter:
        segmenter.draft(picture, steps=STEPS, samples=SAMPLES)
    multiply_adds = counter.get_total_flops() / 2
    share = multiply_adds / (total / 1000) / _best_matrix_product(segmenter, synchronised)
    write_report(
        {
            "draft": {
                "encode_ms": _median_ms(synchronised(lambda: segmenter.encode(picture))),
                "step_ms": _median_ms(synchronised(lambda: network.denoiser(latents, t, pyramid, None))),
                "decode_ms": _median_ms(synchronised(lambda: network.to_logits(latents[:1]))),
                "total_ms": total,
                "share_of_limit": share,
                "giga_multiply_adds": multiply_adds / 1e9,
            }
        },
        path,
    )


def _median_ms(work: Callable[[], None]) -> float:
    """The median of some runs, after two that warm caches and kernels up."""
    times = []
    for _ in range(REPEATS + 2):
        began = time.perf_counter()
        work()
        times.append((time.perf_counter() - began) * 1000)
    return statistics.median(times[2:])


def _best_matrix_product(
    segmenter: Segmenter, synchronised: Callable[[Callable[[], object]], Callable[[], None]]
) -> float:
    """Multiply-adds per second of the fastest square matrix product in the segmenter's own number type."""
    best = 0.0
    for side in MATRIX_SIDES:
        a = torch.randn(side, side, device=segmenter.device, dtype=segmenter.dtype)
        b = torch.randn(side, side, device=segmenter.device, dtype=segmenter.dtype)
        best = max(best, side**3 / (_median_ms(synchronised(partial(torch.matmul, a, b))) / 1000))
    return best


if __name__ == "__main__":
    main()
