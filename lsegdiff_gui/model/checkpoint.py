"""Weight files: safetensors with a header that says what they are, where they come from, and how good they were."""

from __future__ import annotations

import hashlib
import json
import math
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from lsegdiff_gui.errors import LSegDiffError
from lsegdiff_gui.imaging.write import write_atomically
from lsegdiff_gui.model.calibration import UNCALIBRATED, Calibration
from lsegdiff_gui.model.domain import DOMAINS
from lsegdiff_gui.places import bundled

if TYPE_CHECKING:
    from lsegdiff_gui.model.network import LSegDiffNetwork

FORMAT = "lsegdiff"
FORMAT_VERSION = (
    4  # 2: two encoders, presence, calibration; 3: familiarity of fine levels; 4: three hint planes
)
SUFFIX = ".safetensors"
LONGEST_HEADER = 10_000_000  # bytes; a longer one is not one of ours, and would only fill the memory
_STATISTICS = ("latent_mean", "latent_std")
_COUNTER = "num_batches_tracked"  # of batch norms: not kept, nothing reads it


class CheckpointError(LSegDiffError):
    """A weight file is missing, wrong, broken, foreign or too new; the text is the sentence for the user."""


@dataclass(frozen=True)
class ModelInfo:
    """What a weight file says of itself, and the SHA-256 of the file.

    `training` names the data and how they were used, `terms` what their publishers ask; `metrics` are figures by
    name; `calibration` is what `select` said about turning outputs into drafts.
    """

    name: str
    version: str
    domain: str
    architecture: Mapping[str, Any]
    latent_mean: tuple[float, ...]
    latent_std: tuple[float, ...]
    calibration: Calibration
    training: str
    terms: str
    metrics: Mapping[str, float]
    parameters: int
    sha256: str
    path: Path


def find_model(name_or_path: str | Path) -> Path:
    """The weight file of a shipped model's name ("polyp", "skin") or of a path. Raises CheckpointError."""
    path = (
        bundled("models", f"{name_or_path}{SUFFIX}") if str(name_or_path) in DOMAINS else Path(name_or_path)
    )
    if not path.is_file():
        raise CheckpointError(
            f"The weights “{path}” are not there. Reinstall LSegDiff, or choose another weight file "
            f"({SUFFIX}); everything but drafting works without."
        )
    return path


def read_info(name_or_path: str | Path) -> ModelInfo:
    """Read a weight file's header, cheaply and without torch. Raises CheckpointError with a sentence."""
    path = find_model(name_or_path)
    try:
        data = path.read_bytes()
    except OSError as error:
        raise CheckpointError(f"The weights “{path}” cannot be read: {error.strerror}.") from error
    header, start = _header(data, path)
    said = header.pop("__metadata__", {})
    if said.get("format") != FORMAT:
        raise CheckpointError(f"“{path}” holds weights of another program, not of LSegDiff.")
    try:
        if (written_for := int(said["format_version"])) != FORMAT_VERSION:
            newer = written_for > FORMAT_VERSION
            raise CheckpointError(
                f"“{path}” was written for {'a newer' if newer else 'an older'} LSegDiff (format {written_for}, this "
                f"one reads {FORMAT_VERSION}). "
                + (
                    "Update LSegDiff, or choose older weights."
                    if newer
                    else "Choose weights of this version."
                )
            )
        needed = start + max(entry["data_offsets"][1] for entry in header.values())
        parameters = sum(math.prod(entry["shape"]) for entry in header.values())
        if len(data) < needed:
            raise CheckpointError(
                f"“{path}” is incomplete: {len(data):,} of {needed:,} bytes. Copy or download it again."
            )
        return ModelInfo(
            name=said["name"],
            version=said["version"],
            domain=said["domain"],
            architecture=json.loads(said["architecture"]),
            latent_mean=tuple(json.loads(said["latent_mean"])),
            latent_std=tuple(json.loads(said["latent_std"])),
            calibration=Calibration.from_dict(json.loads(said["calibration"])),
            training=said["training"],
            terms=said["terms"],
            metrics=json.loads(said["metrics"]),
            parameters=parameters,
            sha256=hashlib.sha256(data).hexdigest(),
            path=path,
        )
    except (KeyError, IndexError, TypeError, ValueError) as error:
        raise _broken(path) from error


def _header(data: bytes, path: Path) -> tuple[dict[str, Any], int]:
    """The JSON header of a safetensors file and where its tensors begin (the format's own description)."""
    length = int.from_bytes(data[:8], "little")
    if len(data) < 9 or data[8:9] != b"{" or length > LONGEST_HEADER:
        raise CheckpointError(f"“{path}” is not a weight file: LSegDiff reads {SUFFIX} files.")
    if len(data) < 8 + length:
        raise CheckpointError(
            f"“{path}” is incomplete: it ends within its header. Copy or download it again."
        )
    try:
        header = json.loads(data[8 : 8 + length])
    except ValueError as error:
        raise _broken(path) from error
    if not isinstance(header, dict) or not all(isinstance(entry, dict) for entry in header.values()):
        raise _broken(path)
    return header, 8 + length


def _broken(path: Path) -> CheckpointError:
    return CheckpointError(
        f"“{path}” is damaged: its contents do not fit together. Copy or download it again."
    )


def load_network(info: ModelInfo) -> LSegDiffNetwork:
    """Build the network of a weight file and fill it: float32, on the CPU, in eval mode. Raises CheckpointError."""
    import safetensors.torch
    import torch

    from lsegdiff_gui.model.network import Architecture, LSegDiffNetwork

    try:
        # Not filled at first: drawing random weights, to be overwritten, takes longer than reading the real ones.
        with torch.device("meta"):
            network = LSegDiffNetwork(Architecture.from_dict(dict(info.architecture)))
        tensors = {key: value.float() for key, value in safetensors.torch.load_file(info.path).items()}
        tensors |= {key: torch.tensor(getattr(info, key)) for key in _STATISTICS}
        tensors |= {key: torch.tensor(0) for key in network.own_state() if key.endswith(_COUNTER)}
        missing, unexpected = network.load_state_dict(tensors, strict=False, assign=True)
        if unexpected or set(missing) & network.own_state().keys():
            raise _broken(info.path)
    except (safetensors.SafetensorError, OSError, KeyError, TypeError, ValueError, RuntimeError) as error:
        raise _broken(info.path) from error
    return network.eval()


def save_network(
    path: Path,
    network: LSegDiffNetwork,
    *,
    name: str,
    version: str,
    domain: str,
    training: str,
    terms: str,
    metrics: Mapping[str, float],
    calibration: Calibration = UNCALIBRATED,
) -> ModelInfo:
    """Write a weight file, atomically: matrices in float16, norms, biases and the
    measure of familiarity (small, of wide range) in float32.

    Raises ImageError where the folder cannot be written.
    """
    import safetensors.torch
    import torch

    tensors = {
        key: value.detach().cpu().to(torch.float16 if value.ndim > 1 else torch.float32).contiguous()
        for key, value in network.own_state().items()
        if value.is_floating_point() and key not in _STATISTICS
    }
    statistics = {key: json.dumps(getattr(network, key).float().cpu().tolist()) for key in _STATISTICS}
    said = {
        "format": FORMAT,
        "format_version": str(FORMAT_VERSION),
        "name": name,
        "version": version,
        "domain": domain,
        "architecture": json.dumps(network.architecture.to_dict()),
        "calibration": json.dumps(calibration.to_dict()),
        "training": training,
        "terms": terms,
        "metrics": json.dumps(dict(metrics)),
        **statistics,
    }
    write_atomically(path, safetensors.torch.save(tensors, said))
    return read_info(path)
