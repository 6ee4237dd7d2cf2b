"""How long a draft takes with 4 steps and 5 samples, and how near that is to what this processor can multiply.

By the run time that the program would choose here, and by PyTorch alone.
"""

import math
import statistics
import sys
import time
from collections.abc import Callable
from functools import partial

import torch
from pictures import drawn_picture
from prepared import prepare_here
from report import output_file, write_report
from torch.utils.flop_counter import FlopCounterMode

from lsegdiff_gui.model.device import choose_dtype
from lsegdiff_gui.model.fused import can_fuse
from lsegdiff_gui.model.mask_vae import LATENT_CHANNELS
from lsegdiff_gui.model.network import LATENT_GRID
from lsegdiff_gui.model.segmenter import Segmenter

MODEL = "polyp"
STEPS, SAMPLES = 4, 5
REPEATS = 15
MATRIX_SIDES = (512, 1024, 2048)  # the fastest of these counts as the limit


def main() -> None:
    """Measure and report."""
    path = output_file(__doc__ or "")
    prepare_here(MODEL)
    eager = Segmenter.load(MODEL, only_torch=True)
    chosen = Segmenter.load(MODEL)
    picture = drawn_picture()
    multiply_adds = _multiply_adds(lambda: eager.draft(picture, steps=STEPS, samples=SAMPLES))
    limit = _best_matrix_product(eager.device)
    figures = _parts(chosen)
    for end, segmenter in (("", chosen), ("_torch", eager)):
        draft = partial(segmenter.draft, picture, steps=STEPS, samples=SAMPLES)
        total = _median_ms(segmenter, draft)
        figures[f"total_ms{end}"] = total
        figures[f"new_pages{end}"] = _new_pages(draft)
        figures[f"share_of_limit{end}"] = multiply_adds / (total / 1000) / limit
    figures["giga_multiply_adds"] = multiply_adds / 1e9
    figures["limit_giga_per_s"] = limit / 1e9
    print(f"Drafted in {chosen.precision}; beside it in {eager.precision} by PyTorch.")
    write_report({"draft": figures}, path)


def _multiply_adds(work: Callable[[], object]) -> float:
    """Of all convolutions and matrix products in it."""

    def fused(x: list[int], weight: list[int], *_: object, out_shape: list[int], **__: object) -> int:
        return 2 * math.prod(out_shape) * math.prod(weight[1:])

    known = {torch.ops.mkldnn._convolution_pointwise: fused} if can_fuse(torch.device("cpu")) else {}
    with FlopCounterMode(display=False, custom_mapping=known) as counter:
        work()
    total: float = counter.get_total_flops() / 2
    return total


def _parts(segmenter: Segmenter) -> dict[str, float]:
    runtime, picture = segmenter._runtime, drawn_picture()
    pyramid = segmenter.encode(picture).pyramid
    latents = torch.randn(SAMPLES, LATENT_CHANNELS, LATENT_GRID, LATENT_GRID, device=segmenter.device)
    t = torch.full((SAMPLES,), 0.5, device=segmenter.device)
    return {
        "encode_ms": _median_ms(segmenter, lambda: segmenter.encode(picture)),
        "step_ms": _median_ms(segmenter, lambda: runtime.denoise(latents, t, pyramid)),
        "decode_ms": _median_ms(segmenter, lambda: runtime.decode(latents[:1])),
    }


def _new_pages(work: Callable[[], object]) -> float:
    """How many pages of memory it touches that the process had not had before; nan where the system cannot tell."""
    if sys.platform == "win32":
        return math.nan
    import resource

    before = resource.getrusage(resource.RUSAGE_SELF).ru_minflt
    work()
    return float(resource.getrusage(resource.RUSAGE_SELF).ru_minflt - before)


def _median_ms(segmenter: Segmenter, work: Callable[[], object]) -> float:
    """The median of some runs, after two that warm caches and kernels up."""
    return 1000 * _median_s(segmenter.device, work)


def _median_s(device: torch.device, work: Callable[[], object]) -> float:
    times = []
    for _ in range(REPEATS + 2):
        began = time.perf_counter()
        with torch.inference_mode():
            work()
        if device.type == "cuda":
            torch.cuda.synchronize()
        times.append(time.perf_counter() - began)
    return statistics.median(times[2:])


def _best_matrix_product(device: torch.device) -> float:
    """Multiply-adds per second of the fastest square matrix product in the numbers that drafts are made in."""
    best = 0.0
    for side in MATRIX_SIDES:
        a, b = (torch.randn(side, side, device=device, dtype=choose_dtype(device)) for _ in range(2))
        best = max(best, side**3 / _median_s(device, partial(torch.matmul, a, b)))
    return best


if __name__ == "__main__":
    main()
