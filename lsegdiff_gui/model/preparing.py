"""Preparing weights for OpenVINO, once: converted, tried against PyTorch, timed, and kept beside the thumbnails.

That happens in a process of its own (`python -m lsegdiff_gui.model.preparing FILE`): it takes some ten seconds of
a core, and a native library that fails must not take the program with it. What was prepared is used from the next
loading on, if it was faster and agreed.
"""

from __future__ import annotations

import atexit
import json
import logging
import os
import shutil
import statistics
import subprocess
import sys
import threading
import time
import warnings
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import torch

from lsegdiff_gui import places
from lsegdiff_gui.errors import LSegDiffError
from lsegdiff_gui.imaging.write import write_atomically
from lsegdiff_gui.model import openvino_runtime as ov
from lsegdiff_gui.model.checkpoint import ModelInfo, load_network, read_info
from lsegdiff_gui.model.device import choose_dtype
from lsegdiff_gui.model.encoding import SIDES, TWIN_SIDES
from lsegdiff_gui.model.folding import fold_norms
from lsegdiff_gui.model.image_encoder import BEGUN_CHANNELS
from lsegdiff_gui.model.mask_vae import LATENT_CHANNELS
from lsegdiff_gui.model.narrowing import ready
from lsegdiff_gui.model.network import LATENT_GRID, LSegDiffNetwork
from lsegdiff_gui.model.runtime import (
    BEGINNING,
    DECODER,
    DENOISER,
    OWN_BEGINNING,
    Runtime,
    TorchRuntime,
    parts,
)

log = logging.getLogger(__name__)

VERDICT = "verdict.json"
GAIN = 1.1  # how much faster it must be
AGREEMENT = 0.02  # mean difference of latents and probabilities that rounding explains
LAYOUT = 3  # of the files and their numbers; another one is prepared anew
STEPS = 2
REPEATS = 5
KEPT = 6  # prepared weights
LATER_S = 60.0


@dataclass(frozen=True)
class Verdict:
    """How OpenVINO did beside PyTorch: seconds of the same work, and the mean difference of what came out."""

    torch_s: float
    openvino_s: float
    difference: float

    @property
    def is_better(self) -> bool:
        """Whether it is to be used."""
        return self.torch_s >= GAIN * self.openvino_s and self.difference <= AGREEMENT


NEVER = Verdict(torch_s=0.0, openvino_s=1.0, difference=1.0)


def folder_of(info: ModelInfo) -> Path:
    """Where these weights are prepared for this OpenVINO and this machine's numbers."""
    dtype = ov.PRECISIONS[choose_dtype(torch.device("cpu"))]
    name = f"{info.sha256[:16]}-{ov.installed_version()}-{dtype}-{LAYOUT}"
    return places.cache_folder() / "openvino" / name


def verdict_on(info: ModelInfo) -> Verdict | None:
    """What was found when these weights were prepared; None where they were not, or where it is not installed."""
    if not ov.is_installed():
        return None
    try:
        return Verdict(**json.loads((folder_of(info) / VERDICT).read_text("utf-8")))
    except (OSError, ValueError, TypeError):
        return None


def prepared(info: ModelInfo, *, streams: int = 1) -> Runtime | None:
    """OpenVINO's run time of these weights where it was found to be better; else None."""
    verdict = verdict_on(info)
    if verdict is None or not verdict.is_better:
        return None
    try:
        return ov.OpenVinoRuntime(folder_of(info), dtype=choose_dtype(torch.device("cpu")), streams=streams)
    except RuntimeError:  # its own, of files that were cut short or came from elsewhere
        (folder_of(info) / VERDICT).unlink(missing_ok=True)
        return None


class Preparation:
    """Weights being prepared by a process of low priority.

    It is tried once: a process that dies leaves the verdict that PyTorch is faster, one that is stopped leaves none.
    """

    def __init__(self, info: ModelInfo) -> None:
        folder = folder_of(info)
        folder.mkdir(parents=True, exist_ok=True)
        _write(folder, NEVER)
        self._verdict = folder / VERDICT
        self._process = subprocess.Popen(
            [sys.executable, "-m", __name__, str(info.path)],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            creationflags=getattr(subprocess, "BELOW_NORMAL_PRIORITY_CLASS", 0),
        )
        atexit.register(self.stop)

    def wait(self) -> None:
        """Until it is done."""
        self._process.wait()
        atexit.unregister(self.stop)

    def stop(self) -> None:
        """End it now; another time it begins anew."""
        if self._process.poll() is None:
            self._process.kill()
            self._process.wait()
            self._verdict.unlink(missing_ok=True)


def start_preparing(info: ModelInfo) -> Preparation | None:
    """Begin to prepare these weights; None where there is nothing to do, or no folder to do it in."""
    if not ov.is_installed() or verdict_on(info) is not None or getattr(sys, "frozen", False):
        return None
    try:
        return Preparation(info)
    except (OSError, LSegDiffError) as problem:
        log.info("OpenVINO is not prepared: %s", problem)
        return None


def prepare_later(info: ModelInfo) -> None:
    """Prepare these weights for the next start, when the first drafts of this one have long been seen."""
    if ov.is_installed() and verdict_on(info) is None:
        timer = threading.Timer(LATER_S, start_preparing, [info])
        timer.daemon = True
        timer.start()


def prepare(info: ModelInfo) -> Verdict:
    """Convert, compile, compare and time, in this process."""
    if hasattr(os, "nice"):
        os.nice(10)
    dtype = choose_dtype(torch.device("cpu"))
    folder = folder_of(info)
    folder.mkdir(parents=True, exist_ok=True)
    network = load_network(info)
    fold_norms(network)
    _convert(network, folder)
    ours = TorchRuntime(ready(network, device=torch.device("cpu"), dtype=dtype), dtype=dtype)
    theirs = ov.OpenVinoRuntime(folder, dtype=dtype)
    (ours_s, expected), (theirs_s, found) = _compared((ours, theirs), network.architecture.picture_side)
    verdict = Verdict(round(ours_s, 4), round(theirs_s, 4), float((expected - found).abs().mean()))
    _write(folder, verdict)
    _forget_old(folder.parent)
    return verdict


def _convert(network: LSegDiffNetwork, folder: Path) -> None:
    openvino = ov.openvino()
    side = network.architecture.picture_side
    views, begun = torch.zeros(2, 3, side, side), torch.zeros(2, BEGUN_CHANNELS, side // 4, side // 4)
    latents, levels = torch.zeros(2, LATENT_CHANNELS, LATENT_GRID, LATENT_GRID), [2, 1, 0.5, 0.25]
    pyramid = [torch.zeros(2, 64, *2 * (int(share * LATENT_GRID),)) for share in levels]
    examples = {
        BEGINNING: (views,),
        OWN_BEGINNING: (views,),
        DENOISER: (latents, torch.full((2,), 0.5), *pyramid),
        DECODER: (latents,),
    }
    for name, part in parts(network).items():
        inputs = examples.get(name, (begun,))
        with torch.no_grad(), warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of tracing: sizes but the batch's are meant to be constants
            made = openvino.convert_model(part.eval(), example_input=inputs if len(inputs) > 1 else inputs[0])
        made.reshape({i: [-1, *each.shape[1:]] for i, each in enumerate(inputs)})
        openvino.save_model(made, str(folder / f"{name}.xml"))


def _compared(runtimes: Sequence[Runtime], side: int) -> list[tuple[float, torch.Tensor]]:
    """Of each run time the median seconds of a short draft, and numbers that tell whether it is the same network.

    They take turns, for the machine may be busy.
    """
    views = torch.rand(len(SIDES), 3, side, side) * 2 - 1
    noise = torch.randn(len(SIDES), LATENT_CHANNELS, LATENT_GRID, LATENT_GRID)
    t = torch.full((len(noise),), 1.0)
    taken: list[list[float]] = [[] for _ in runtimes]
    made = [torch.empty(0)] * len(runtimes)
    with torch.inference_mode():
        for _ in range(REPEATS + 1):
            for index, runtime in enumerate(runtimes):
                began = time.perf_counter()
                look = runtime.look(views, sides=len(views), twin_sides=TWIN_SIDES)
                for _step in range(STEPS):
                    clean = runtime.denoise(noise, t, look.pyramid)
                runtime.decode(clean)
                taken[index].append(time.perf_counter() - began)
                # Of random latents too: what a network makes of a random picture is hardly ever a lesion.
                made[index] = torch.cat([clean.flatten(), runtime.decode(noise).flatten()])
    return [(statistics.median(times[1:]), numbers) for times, numbers in zip(taken, made, strict=True)]


def _forget_old(parent: Path) -> None:
    """Remove all but the latest: weights and versions of OpenVINO come and go, and each left some 30 MB."""
    folders = sorted(parent.iterdir(), key=lambda folder: folder.stat().st_mtime, reverse=True)
    for folder in folders[KEPT:]:
        shutil.rmtree(folder, ignore_errors=True)


def _write(folder: Path, verdict: Verdict) -> None:
    write_atomically(folder / VERDICT, json.dumps(asdict(verdict)).encode())


if __name__ == "__main__":
    try:
        prepare(read_info(sys.argv[1]))
    except LSegDiffError as error:
        sys.exit(str(error))
