"""OpenVINO as the run time: the network's parts as it compiles them, from files that `preparing` has made.

Optional (`pip install "lsegdiff[openvino]"`), for processors alone. How much sooner it is depends on the
processor, so `preparing` times it on each.
"""

from __future__ import annotations

import importlib
import importlib.util
import os
import sys
import threading
from collections import defaultdict, deque
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor

from lsegdiff_gui.machine import usable_cores
from lsegdiff_gui.model.runtime import EXACT_PARTS, FEATURES, SHARED, Runtime

SWITCH = "LSEGDIFF_OPENVINO"
PRECISIONS = {torch.bfloat16: "bf16", torch.float32: "f32"}
FLOAT32_PARTS = (*EXACT_PARTS, FEATURES, SHARED)  # it rounds more between layers: see record 27


def is_installed() -> bool:
    """Whether there is an OpenVINO to ask; does not import it. `LSEGDIFF_OPENVINO=0` leaves it aside."""
    return os.environ.get(SWITCH) != "0" and importlib.util.find_spec("openvino") is not None


def installed_version() -> str:
    """Of OpenVINO, e.g. "2026.4.1"."""
    from importlib.metadata import version

    return version("openvino")


def openvino() -> Any:
    """The package, kept from telling its makers that it is used: `openvino_telemetry` would."""
    sys.modules.setdefault("openvino_telemetry", None)  # type: ignore[arg-type]
    return importlib.import_module("openvino")


def settings(dtype: torch.dtype, *, streams: int) -> dict[str, Any]:
    """How a part is compiled: one stream on all cores for one picture at a time, or several of one core each."""
    chosen = {
        "INFERENCE_PRECISION_HINT": PRECISIONS[dtype],
        "PERFORMANCE_HINT": "LATENCY" if streams == 1 else "THROUGHPUT",
        "NUM_STREAMS": streams,
        "INFERENCE_NUM_THREADS": usable_cores(),
    }
    if dtype == torch.float32:
        # 2026.4 crashes on group norms in float32 otherwise.
        chosen["SNIPPETS_MODE"] = "DISABLE"
    return chosen


class OpenVinoRuntime(Runtime):
    """The parts as OpenVINO computes them. Several threads may ask at once.

    Each part is compiled anew for every size of a batch, when it is first asked for: a step of five
    samples takes 15 ms in place of 19.
    """

    def __init__(self, folder: Path, *, dtype: torch.dtype, streams: int = 1) -> None:
        """Open what lies in `folder`. Raises RuntimeError, OpenVINO's own, where that is not possible."""
        files = {path.stem: path for path in sorted(folder.glob("*.xml"))}
        super().__init__(files)
        self.precision = f"{str(dtype).removeprefix('torch.')} by OpenVINO"
        self._core = openvino().Core()
        self._core.set_property({"CACHE_DIR": str(folder / "compiled")})
        self._settings = {
            part: settings(torch.float32 if part in FLOAT32_PARTS else dtype, streams=streams)
            for part in files
        }
        self._models = {part: self._core.read_model(str(path)) for part, path in files.items()}
        self._compiled: dict[tuple[str, int], Any] = {}
        self._compiling = threading.Lock()
        self._idle: defaultdict[tuple[str, int], deque[Any]] = defaultdict(deque)

    def compute(self, part: str, *inputs: Tensor) -> tuple[Tensor, ...]:
        """See `Runtime`."""
        key = (part, len(inputs[0]))
        idle = self._idle[key]
        # Not a request for each thread: one that dies with its thread's Python state takes the process with it.
        try:
            request = idle.pop()
        except IndexError:
            request = self._compile(key).create_infer_request()
        found = request.infer([_array(each) for each in inputs], share_inputs=True)
        outputs = tuple(torch.from_numpy(np.array(each)) for each in found.to_tuple())
        del found  # it looks into the request's memory, where the next one writes
        idle.append(request)
        return outputs

    def _compile(self, key: tuple[str, int]) -> Any:
        part, batch = key
        with self._compiling:
            if key not in self._compiled:
                model = self._models[part].clone()
                shapes = [[batch, *each.partial_shape.get_max_shape()[1:]] for each in model.inputs]
                model.reshape(dict(enumerate(shapes)))
                self._compiled[key] = self._core.compile_model(model, "CPU", self._settings[part])
            return self._compiled[key]


def _array(values: Tensor) -> npt.NDArray[np.float32]:
    array: npt.NDArray[np.float32] = values.float().contiguous().numpy()
    return array
