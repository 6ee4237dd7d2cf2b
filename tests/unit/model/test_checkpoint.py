import json
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import safetensors.torch
import torch
from made.network import TINY, random_network, save_random

from lsegdiff_gui.imaging.picture import Picture
from lsegdiff_gui.model.checkpoint import CheckpointError, load_network, read_info, save_network
from lsegdiff_gui.model.network import LSegDiffNetwork
from lsegdiff_gui.model.segmenter import Segmenter


def rewritten(path: Path, change: Callable[[dict[str, str]], None]) -> Path:
    """The same tensors under a changed header."""
    with safetensors.safe_open(path, "pt") as file:
        said = dict(file.metadata())
        tensors = {key: file.get_tensor(key) for key in file.keys()}  # noqa: SIM118 - not a mapping
    change(said)
    safetensors.torch.save_file(tensors, path, said)
    return path


def test_that_saving_and_loading_gives_equal_output(tmp_path: Path, picture: Picture) -> None:
    first = save_random(tmp_path / "a.safetensors")
    network = load_network(first)
    second = tmp_path / "b.safetensors"
    save_network(second, network, name="tiny", version="7", domain="skin", training="", terms="", metrics={})
    drafts = [Segmenter.load(path).draft(picture, steps=2, samples=2) for path in (first.path, second)]
    assert np.array_equal(drafts[0].probability, drafts[1].probability)
    assert np.array_equal(drafts[0].samples, drafts[1].samples)


def test_that_loading_fills_everything_and_draws_no_random_numbers(tmp_path: Path) -> None:
    info = save_random(tmp_path / "a.safetensors")
    before = torch.get_rng_state()
    network = load_network(info)
    assert torch.equal(torch.get_rng_state(), before)
    state = network.state_dict()
    assert all(values.device.type == "cpu" for values in state.values())
    assert {values.dtype for key, values in state.items() if not key.endswith("tracked")} == {torch.float32}
    assert all(parameter.requires_grad for parameter in network.parameters())


def test_that_rounding_to_half_precision_is_all_that_saving_changes(tmp_path: Path) -> None:
    network = random_network()
    loaded = load_network(save_random(tmp_path / "a.safetensors"))
    for key, value in network.state_dict().items():
        rounded = value.is_floating_point() and value.ndim > 1
        expected = value.half().float() if rounded else value
        assert torch.equal(loaded.state_dict()[key], expected), key


def test_that_the_header_is_read_without_torch(weights: Path) -> None:
    code = (
        "import sys; from lsegdiff_gui.model.checkpoint import read_info; "
        f"info = read_info({str(weights)!r}); "
        "assert 'torch' not in sys.modules; print(info.name, info.version, info.domain, info.sha256)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    info = read_info(weights)
    assert done.stdout.split() == ["tiny", "7", "skin", info.sha256]
    assert info.metrics == {"select_dice": 0.5}
    assert info.parameters > 1000


def test_that_missing_weights_are_named_with_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(
        CheckpointError, match=r"gone\.safetensors” are not there.*choose another weight file"
    ):
        read_info(tmp_path / "gone.safetensors")


@pytest.mark.parametrize("content", [b"", b"hello", b"PK\x03\x04" + bytes(300), bytes(64)])
def test_that_a_file_of_another_kind_is_refused(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "wrong.safetensors"
    path.write_bytes(content)
    with pytest.raises(CheckpointError, match="is not a weight file"):
        read_info(path)


@pytest.mark.parametrize("kept", [0.0001, 0.5, 0.999])
def test_that_a_truncated_file_is_called_incomplete(weights: Path, kept: float) -> None:
    data = weights.read_bytes()
    weights.write_bytes(data[: max(20, int(len(data) * kept))])
    with pytest.raises(CheckpointError, match="is incomplete"):
        read_info(weights)


def test_that_weights_of_another_program_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "other.safetensors"
    safetensors.torch.save_file({"layer": torch.zeros(3)}, path)
    with pytest.raises(CheckpointError, match="of another program"):
        read_info(path)


def test_that_newer_weights_ask_for_an_update(weights: Path) -> None:
    rewritten(weights, lambda said: said.update(format_version="5"))
    with pytest.raises(CheckpointError, match=r"a newer LSegDiff.*Update LSegDiff"):
        read_info(weights)


def test_that_older_weights_ask_for_others(weights: Path) -> None:
    rewritten(weights, lambda said: said.update(format_version="2"))
    with pytest.raises(CheckpointError, match=r"an older LSegDiff.*Choose weights of this version"):
        read_info(weights)


def test_that_a_shared_encoder_is_written_once(tmp_path: Path, picture: Picture) -> None:
    shared = LSegDiffNetwork(replace(TINY, own_encoder=False)).eval()
    said = {"name": "tiny", "version": "7", "domain": "skin", "training": "", "terms": "", "metrics": {}}
    info = save_network(tmp_path / "shared.safetensors", shared, **said)
    assert info.parameters < save_random(tmp_path / "apart.safetensors").parameters
    loaded = load_network(info)
    assert loaded.image is loaded.twin
    assert Segmenter.load(info.path).draft(picture, steps=1, samples=1).samples.any()


@pytest.mark.parametrize("key", ["architecture", "latent_mean", "name"])
def test_that_a_header_without_its_entries_is_called_damaged(weights: Path, key: str) -> None:
    rewritten(weights, lambda said: said.pop(key))
    with pytest.raises(CheckpointError, match="is damaged"):
        read_info(weights)


def test_that_a_format_version_that_is_no_number_is_called_damaged(weights: Path) -> None:
    rewritten(weights, lambda said: said.update(format_version="two"))
    with pytest.raises(CheckpointError, match="is damaged"):
        read_info(weights)


def test_that_tensors_of_another_architecture_are_called_damaged(weights: Path) -> None:
    def widen(said: dict[str, str]) -> None:
        architecture = json.loads(said["architecture"])
        architecture["vae_inner"] = 32
        said["architecture"] = json.dumps(architecture)

    rewritten(weights, widen)
    with pytest.raises(CheckpointError, match="is damaged"):
        load_network(read_info(weights))


def test_that_a_folder_in_the_place_of_weights_is_named(tmp_path: Path) -> None:
    with pytest.raises(CheckpointError, match="are not there"):
        read_info(tmp_path)
