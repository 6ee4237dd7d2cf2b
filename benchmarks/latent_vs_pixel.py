"""The claim: diffusion of masks in the latent space against diffusion of masks pixel by pixel, in one run.

Both opponents read the same features of the same encoder and are sampled by the same DDIM. `same` has the latent
denoiser's own blocks and widths, with attention kept to grids of 16² and 8²; `fair` is a U-Net of five levels as one
would build it for pixels, with as many parameters. Times do not depend on weights, so theirs are random.

Run: python benchmarks/latent_vs_pixel.py [--json FILE]      (some ten minutes on two cores)
"""

from __future__ import annotations

import argparse
import gc
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import torch
from pictures import drawn_picture
from pixel_denoisers import FairPixels, SameBlocks
from report import write_report
from torch import Tensor, nn
from torch.utils.flop_counter import FlopCounterMode

from lsegdiff_gui.model.checkpoint import load_network, read_info
from lsegdiff_gui.model.denoiser import DenoiserConfig
from lsegdiff_gui.model.device import choose_device, choose_dtype, multiplies_bf16
from lsegdiff_gui.model.encoding import SIDES
from lsegdiff_gui.model.folding import fold_unshuffles
from lsegdiff_gui.model.grid import GRID
from lsegdiff_gui.model.image_encoder import Pyramid
from lsegdiff_gui.model.mask_vae import LATENT_CHANNELS
from lsegdiff_gui.model.network import LATENT_GRID, LSegDiffNetwork, channels_last
from lsegdiff_gui.model.sampler import ddim, initial_noise
from lsegdiff_gui.model.schedule import q_sample
from lsegdiff_gui.model.segmenter import Segmenter
from lsegdiff_gui.training.losses import latent_loss, mask_loss

MODEL = "polyp"
STEPS, SAMPLES = 4, 5
LONG = 1000  # steps of a pixel-space diffusion as they are usually taken
TRAINING_BATCH = 4
TIMED_STEPS = 10  # of a denoiser: their median stands for each of `LONG`
TIMED_TRAINING_STEPS = 3
SURE = 4.0  # a clean mask of ±1 as logits
LATENT, SAME, FAIR = "latent", "same", "fair"
SUFFIX = {SAME: "", FAIR: "_fair"}
STATUS, FORGET_PEAK = Path("/proc/self/status"), Path("/proc/self/clear_refs")


@dataclass(frozen=True)
class Contender:
    """A denoiser, the shape of what it denoises, and how that becomes a mask and back.

    encode: masks (B, 1, 256, 256) in {0, 1} → clean; decode: clean → logits (B, 1, 256, 256).
    """

    denoiser: nn.Module
    shape: tuple[int, int, int]
    encode: Callable[[Tensor], Tensor]
    decode: Callable[[Tensor], Tensor]


@dataclass(frozen=True)
class Bench:
    """The shipped network on this machine, and how often things are timed."""

    network: LSegDiffNetwork
    device: torch.device
    dtype: torch.dtype
    trains: bool
    timed_steps: int = TIMED_STEPS
    timed_training_steps: int = TIMED_TRAINING_STEPS

    @property
    def config(self) -> DenoiserConfig:
        """The numbers of the shipped denoiser."""
        return self.network.architecture.denoiser

    def contender(self, name: str) -> Contender:
        """One of the three."""
        if name == LATENT:
            shape = (LATENT_CHANNELS, LATENT_GRID, LATENT_GRID)
            return Contender(
                self.network.denoiser, shape, self.network.to_latent, lambda z: self.network.to_logits(z)
            )
        torch.manual_seed(0)
        denoiser = (SameBlocks if name == SAME else FairPixels)(self.config)
        if not self.trains:
            fold_unshuffles(denoiser)
        denoiser = denoiser.to(self.device, self.dtype, memory_format=torch.channels_last)  # type: ignore[call-overload]
        return Contender(denoiser, (1, GRID, GRID), lambda m: 2.0 * m - 1.0, lambda clean: SURE * clean)

    def synchronise(self) -> None:
        """Wait for the device, so that a clock means something."""
        if self.device.type == "cuda":
            torch.cuda.synchronize()

    def seconds(self, work: Callable[[], object], times: int) -> float:
        """The median of some runs, after one that warms up."""
        taken = []
        for _ in range(times + 1):
            began = time.perf_counter()
            work()
            self.synchronise()
            taken.append(time.perf_counter() - began)
        return statistics.median(taken[1:])


def bench_here(*, trains: bool = False, **counts: int) -> Bench:
    """The shipped model on the best device there is: as it drafts, or in float32, to be trained."""
    device = choose_device("auto")
    dtype = torch.float32 if trains else choose_dtype(device)
    network = load_network(read_info(MODEL)).eval()
    if not trains:
        fold_unshuffles(network)
    return Bench(channels_last(network.to(device, dtype)), device, dtype, trains, **counts)


def features(bench: Bench, views: int) -> Pyramid:
    """The features of so many pictures, on the latent's grids."""
    side = bench.network.architecture.picture_side
    pictures = torch.randn(views, 3, side, side, device=bench.device).to(bench.dtype)
    pictures = pictures.contiguous(memory_format=torch.channels_last)
    with torch.inference_mode():
        seen: Pyramid = bench.network.image.encoder(pictures)
        return seen.on_grid(LATENT_GRID)


def sample(bench: Bench, contender: Contender, pyramid: Pyramid, steps: int) -> None:
    """Denoise and decode as a draft does: of each step some estimates, for the live view, at the end all."""
    noise = initial_noise(contender.shape, samples=len(pyramid.p8), seed=0).to(bench.device)
    with torch.inference_mode():
        estimates = ddim(
            lambda zt, t: contender.denoiser(zt, t, pyramid),
            noise,
            steps=steps,
            input_scale=bench.config.input_scale,
        )
        for index, clean in enumerate(estimates, start=1):
            contender.decode(clean if index == steps else clean[:1]).float().sigmoid()


def training_step(bench: Bench, contender: Contender) -> Callable[[], None]:
    """One step of learning from four pictures: their features, noise, the estimate, both losses, the optimiser."""
    for frozen in (bench.network.image, bench.network.vae):
        frozen.requires_grad_(False)
    contender.denoiser.requires_grad_(True).train()
    optimizer = torch.optim.AdamW(contender.denoiser.parameters())
    side = bench.network.architecture.picture_side
    pictures = torch.randn(TRAINING_BATCH, 3, side, side, device=bench.device)
    pictures = pictures.contiguous(memory_format=torch.channels_last)
    masks = (torch.rand(TRAINING_BATCH, 1, GRID, GRID, device=bench.device) > 0.5).float()
    t = torch.linspace(0.1, 0.9, TRAINING_BATCH, device=bench.device)

    def step() -> None:
        optimizer.zero_grad(set_to_none=True)
        bf16 = multiplies_bf16(bench.device)
        with torch.autocast(bench.device.type, torch.bfloat16, enabled=bf16):
            with torch.no_grad():
                pyramid = bench.network.image.encoder(pictures).on_grid(LATENT_GRID)
                clean = contender.encode(masks).float()
            zt = q_sample(clean, t, torch.randn_like(clean), input_scale=bench.config.input_scale)
            estimate = contender.denoiser(zt, t, pyramid)
            loss = latent_loss(estimate, clean) + mask_loss(contender.decode(estimate), masks)
        loss.backward()  # type: ignore[no-untyped-call]
        optimizer.step()

    return step


def giga_multiply_adds(work: Callable[[], object]) -> float:
    """Of one run, in 10⁹."""
    with FlopCounterMode(display=False) as counter:
        work()
    return float(counter.get_total_flops()) / 2e9


def peak_bytes(bench: Bench, work: Callable[[], object]) -> int:
    """How much memory a run takes at its peak above what was resident before it."""
    gc.collect()
    if bench.device.type == "cuda":
        torch.cuda.empty_cache()
        torch.cuda.reset_peak_memory_stats()
        before = torch.cuda.memory_allocated()
        work()
        bench.synchronise()
        return torch.cuda.max_memory_allocated() - before
    FORGET_PEAK.write_text("5", encoding="ascii")  # the high-water mark starts anew: proc(5)
    before = _resident("VmRSS")
    work()
    return _resident("VmHWM") - before


def _resident(field: str) -> int:
    for line in STATUS.read_text(encoding="ascii").splitlines():
        if line.startswith(f"{field}:"):
            return 1024 * int(line.split()[1])
    raise RuntimeError(f"{STATUS} has no {field}.")


def can_tell_memory(device: torch.device) -> bool:
    """Whether the peak of a process can be asked for here."""
    return device.type == "cuda" or FORGET_PEAK.exists()


def memory(what: str, name: str) -> int:
    """Peak bytes of sampling or training one contender, in this process, which has done nothing before."""
    if what == "sampling":
        bench = bench_here()
        contender, pyramid = bench.contender(name), features(bench, SAMPLES)
        return peak_bytes(bench, lambda: sample(bench, contender, pyramid, steps=2))
    bench = bench_here(trains=True)
    step = training_step(bench, bench.contender(name))
    return peak_bytes(bench, step)


def memory_apart(what: str, name: str) -> int:
    """The same in a process of its own: what an allocator keeps from earlier work would hide the peak."""
    asked = [sys.executable, __file__, "--memory", what, name]
    return int(subprocess.run(asked, check=True, capture_output=True, text=True).stdout)


def times(bench: Bench, name: str, encode_s: float) -> dict[str, float]:
    """Seconds and multiply-adds of one contender, by what is measured."""
    contender, pyramid = bench.contender(name), features(bench, SAMPLES)
    t = torch.full((SAMPLES,), 0.5, device=bench.device)
    state = torch.randn(SAMPLES, *contender.shape, device=bench.device)

    def denoise() -> None:
        with torch.inference_mode():
            contender.denoiser(state, t, pyramid)

    def decode() -> None:
        with torch.inference_mode():
            contender.decode(state).float().sigmoid()

    step_s = bench.seconds(denoise, bench.timed_steps)
    own_s = bench.seconds(lambda: sample(bench, contender, pyramid, STEPS), max(1, bench.timed_steps // 5))
    return {
        "step_s": step_s,
        "own_steps_s": encode_s + own_s,
        "long_extrapolated_s": encode_s + LONG * step_s + bench.seconds(decode, bench.timed_steps),
        "step_giga_multiply_adds": giga_multiply_adds(denoise),
        "parameters": float(sum(p.numel() for p in contender.denoiser.parameters())),
    }


def measure(timed_steps: int, timed_training_steps: int, names: tuple[str, ...]) -> dict[str, float]:
    """All figures: of each contender, then the ratios of the opponents over the latent."""
    bench = bench_here(timed_steps=timed_steps)
    segmenter = Segmenter.load(MODEL, only_torch=True)
    picture = drawn_picture()
    encode_s = bench.seconds(lambda: segmenter.encode(picture), timed_steps)
    found = {name: times(bench, name, encode_s) for name in names}
    trained = bench_here(trains=True)
    for name in names:
        step = training_step(trained, trained.contender(name))
        found[name]["training_step_s"] = trained.seconds(step, timed_training_steps)
        if can_tell_memory(bench.device):
            for what in ("sampling", "training"):
                found[name][f"{what}_mb"] = memory_apart(what, name) / 1e6
    figures = {"encode_s": encode_s, "views": float(len(SIDES))}
    figures |= {f"{name}_{key}": value for name in names for key, value in found[name].items()}
    ours = found[LATENT]
    for name in names[1:]:
        theirs, end = found[name], SUFFIX[name]
        figures[f"speedup_same_steps{end}"] = theirs["own_steps_s"] / ours["own_steps_s"]
        figures[f"speedup_1000_steps{end}"] = theirs["long_extrapolated_s"] / ours["long_extrapolated_s"]
        figures[f"step_speedup{end}"] = theirs["step_s"] / ours["step_s"]
        figures[f"train_speedup{end}"] = theirs["training_step_s"] / ours["training_step_s"]
        if "sampling_mb" in ours:
            figures[f"memory_ratio{end}"] = theirs["sampling_mb"] / ours["sampling_mb"]
            figures[f"training_memory_ratio{end}"] = theirs["training_mb"] / ours["training_mb"]
    return figures


def main() -> None:
    """Measure and report; or, asked for the memory of one contender, print its bytes."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the figures to this file as well")
    parser.add_argument("--short", action="store_true", help="time once, and the fair opponent alone")
    parser.add_argument("--memory", nargs=2, metavar=("WHAT", "NAME"), help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.memory:
        print(memory(*asked.memory))
        return
    names = (LATENT, FAIR) if asked.short else (LATENT, SAME, FAIR)
    counts = (1, 1) if asked.short else (TIMED_STEPS, TIMED_TRAINING_STEPS)
    write_report({"latent_vs_pixel": measure(*counts, names)}, asked.json)


if __name__ == "__main__":
    main()
