from pathlib import Path

import pytest
from made.network import TINY

from benchmarks import levers
from lsegdiff_gui.training.config import StageConfig, TrainConfig

SHORT = StageConfig(steps=2, batch=3, warm_up=1, evaluate_every=2, ema=0.5)
CONFIG = TrainConfig(threads=1, bf16=False, architecture=TINY, vae=StageConfig(steps=0), twin=SHORT)


def test_that_every_lever_is_explained_and_understood() -> None:
    base = CONFIG.changed({"counterfactual": 0.4, "pretrained": "imagenet.safetensors"})
    for name, values in levers.LEVERS.items():
        assert f"\n{name} " in (levers.__doc__ or "")
        assert (base.changed(values) == base) == (not values)


def test_that_what_changes_nothing_in_a_domain_is_not_run() -> None:
    polyp = CONFIG.changed({"counterfactual": 0.4, "hairs": 0.0, "pretrained": "imagenet.safetensors"})
    skin = CONFIG.changed({"domain": "skin", "pretrained": "imagenet.safetensors"})
    assert set(levers.LEVERS) - set(levers.telling(polyp)) == {"no-hairs"}
    assert set(levers.LEVERS) - set(levers.telling(skin)) == {"no-made"}


def test_that_a_run_is_tried_on_what_it_did_not_see_and_is_not_repeated(
    discs: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    first = levers.measure(CONFIG, [discs], [discs], tmp_path / "out")
    assert "step 2 of 2" in capsys.readouterr().out
    assert {"score", "unseen_score", "unseen_presence"} <= first.keys()
    assert all(0 <= figure <= 1 for figure in first.values())
    assert levers.measure(CONFIG, [discs], [discs], tmp_path / "out") == first
    assert "step" not in capsys.readouterr().out


def test_that_without_other_pictures_only_select_is_asked(discs: Path, tmp_path: Path) -> None:
    figures = levers.measure(CONFIG, [discs], [], tmp_path / "out")
    assert not any(key.startswith("unseen") for key in figures)


def test_that_a_misspelt_lever_is_named() -> None:
    with pytest.raises(ValueError, match="no_harsh"):
        CONFIG.changed({"no_harsh": True})


def test_that_the_table_shows_what_each_lever_changes() -> None:
    found = {"all": {"score": 0.75, "unseen_score": 0.5}, "large": {"score": 0.775, "dice_small": 0.6}}
    head, first, second = levers.table(found).splitlines()
    assert head.split() == list(levers.COLUMNS)
    assert first.split() == ["all", "0.750", "+0.000", "0.500", "+0.000"]
    assert second.split() == ["large", "0.775", "+0.025", "0.600"]
