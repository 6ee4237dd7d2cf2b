from dataclasses import replace
from itertools import islice

import numpy as np
import pytest
import torch

from lsegdiff_gui.annotation.draft import Draft
from lsegdiff_gui.annotation.edges import FINE
from lsegdiff_gui.annotation.hint_planes import BELONGS, no_planes
from lsegdiff_gui.annotation.hints import Hint, Told, told_by_hints
from lsegdiff_gui.annotation.postprocess import base_mask
from lsegdiff_gui.annotation.recipe import Recipe
from lsegdiff_gui.imaging.picture import Picture
from lsegdiff_gui.model.grid import GRID
from lsegdiff_gui.model.segmenter import Segmenter, Step


def test_that_each_step_has_a_preview_and_the_last_one_the_draft(
    segmenter: Segmenter, picture: Picture
) -> None:
    steps = list(segmenter.sample(segmenter.encode(picture), steps=3, samples=2))
    assert [(s.index, s.steps) for s in steps] == [(1, 3), (2, 3), (3, 3)]
    assert all(s.preview.shape == (GRID, GRID) and s.preview.dtype == np.uint8 for s in steps)
    assert [s.draft is not None for s in steps] == [False, False, True]
    draft = steps[-1].draft
    assert draft is not None
    assert draft.samples.shape == (2, GRID, GRID)
    assert np.array_equal(draft.film, np.stack([s.preview for s in steps]))


def test_that_the_same_seed_gives_the_same_draft_and_another_seed_another(
    segmenter: Segmenter, picture: Picture
) -> None:
    encoding = segmenter.encode(picture)
    first, again = (segmenter.draft_encoded(encoding, steps=2, samples=2, seed=4) for _ in range(2))
    other = segmenter.draft_encoded(encoding, steps=2, samples=2, seed=9)
    for name in ("probability", "spread", "samples", "film"):
        assert np.array_equal(getattr(first, name), getattr(again, name))
    assert not np.array_equal(first.samples, other.samples)


def test_that_one_sample_is_the_first_of_five(segmenter: Segmenter, picture: Picture) -> None:
    encoding = segmenter.encode(picture)
    one = segmenter.draft_encoded(encoding, steps=3, samples=1, seed=2)
    five = segmenter.draft_encoded(encoding, steps=3, samples=5, seed=2)
    # A batch of another size may round differently in the last place: one level of 255.
    assert np.abs(one.samples[0].astype(int) - five.samples[0]).max() <= 1


def calibrated(segmenter: Segmenter, **changes: float) -> Segmenter:
    """The same network under another calibration."""
    info = replace(segmenter.info, calibration=replace(segmenter.info.calibration, **changes))
    return Segmenter(segmenter._network, info, device=segmenter.device, dtype=torch.float32)


def test_that_probability_and_spread_are_mean_and_deviation_of_the_samples(
    segmenter: Segmenter, picture: Picture
) -> None:
    sure = calibrated(segmenter, presence_offset=-50.0, twin_share=0.25)
    encoding = sure.encode(picture)
    draft = sure.draft_encoded(encoding, steps=1, samples=4)
    samples = draft.samples / 255.0
    mixed = 0.75 * samples.mean(axis=0) + 0.25 * encoding.twin
    assert np.abs(mixed * 255 - draft.probability).max() <= 1.0
    assert np.abs(samples.std(axis=0) * 510 - draft.spread).max() <= 2.0


def test_that_the_picture_is_kept_for_its_edges_only_where_the_model_follows_them(
    segmenter: Segmenter, picture: Picture
) -> None:
    follows = calibrated(segmenter, edge_radius=16.0)
    assert segmenter.encode(picture).guide is None
    assert segmenter.draft(picture, steps=1, samples=1).fine is None
    guide = follows.encode(picture).guide
    assert guide is not None
    assert guide.shape == (FINE, FINE, 3)
    assert follows.draft(picture, steps=1, samples=1).fine is not None


def test_that_a_draft_can_be_cancelled_between_steps(segmenter: Segmenter, picture: Picture) -> None:
    calls = 0

    def count(*_: object) -> None:
        nonlocal calls
        calls += 1

    hook = segmenter._network.denoiser.register_forward_hook(count)
    running = segmenter.sample(segmenter.encode(picture), steps=10, samples=1)
    seen: list[Step] = list(islice(running, 2))
    running.close()
    hook.remove()
    assert calls == 2
    assert seen[-1].preview.any()


def test_that_sampling_leaves_the_callers_autograd_mode_alone(segmenter: Segmenter, picture: Picture) -> None:
    running = segmenter.sample(segmenter.encode(picture), steps=2, samples=1)
    next(running)
    assert torch.is_grad_enabled()
    assert not torch.is_inference_mode_enabled()
    running.close()


def test_that_hint_planes_of_zeros_are_no_hints(segmenter: Segmenter, picture: Picture) -> None:
    with torch.no_grad():
        segmenter._network.denoiser.hints.to32.weight.normal_()
    encoding = segmenter.encode(picture)
    without = segmenter.draft_encoded(encoding, steps=2, samples=1)
    *_, silent = segmenter.sample(encoding, steps=2, samples=1, hints=Told((), no_planes(GRID)))
    planes = no_planes(GRID)
    planes[BELONGS, 100:110, 100:110] = 1
    *_, told = segmenter.sample(encoding, steps=2, samples=1, hints=Told((), planes))
    assert silent.draft is not None
    assert told.draft is not None
    assert np.array_equal(without.samples, silent.draft.samples)
    assert not np.array_equal(without.samples, told.draft.samples)


def test_that_an_answer_is_obedient_from_the_same_seed_the_same_and_knows_what_it_was_told(
    segmenter: Segmenter, picture: Picture
) -> None:
    encoding = segmenter.encode(picture)
    before = segmenter.draft_encoded(encoding, steps=1, samples=1).probability
    size = (picture.width, picture.height)
    hints = [Hint(((10.0, 12.0),), belongs=True), Hint(((40.0, 30.0),), belongs=False)]

    def answer() -> Draft:
        told = told_by_hints(hints, size, before, newest=2)
        *_, last = segmenter.sample(encoding, steps=2, samples=2, hints=told)
        assert last.draft is not None
        return last.draft

    draft = answer()
    mask = base_mask(
        draft.probability, Recipe(operation="none", fill_holes=False, smallest_percent=0.0), *size
    )
    assert mask[12, 10] == 1
    assert mask[30, 40] == 0
    assert np.array_equal(draft.probability, answer().probability)
    assert draft.provenance.hints == tuple(hints)
    assert draft.presence == 1.0


def test_that_a_picture_without_a_lesion_gets_an_empty_draft_with_its_candidate_below_one_half(
    segmenter: Segmenter, picture: Picture
) -> None:
    seen = calibrated(segmenter, presence_offset=-50.0).draft(picture, steps=2, samples=2)
    denied = calibrated(segmenter, presence_offset=1.0, presence_scale=50.0).draft(
        picture, steps=2, samples=2
    )
    assert seen.presence == 1.0
    assert not seen.no_lesion
    assert denied.no_lesion
    assert denied.probability.max() < 128
    assert np.abs(denied.probability - seen.probability * denied.findings.share).max() <= 1.0
    assert np.array_equal(denied.samples, seen.samples)


def test_that_strangeness_is_the_distance_over_the_limit(segmenter: Segmenter, picture: Picture) -> None:
    segmenter._network.familiarity.fit(torch.randn(50, 256, generator=torch.Generator().manual_seed(0)))
    distance = calibrated(segmenter, strangeness_limit=1.0).encode(picture).strangeness
    draft = calibrated(segmenter, strangeness_limit=distance / 2).draft(picture, steps=1, samples=1)
    assert draft.strangeness == pytest.approx(2.0, abs=1e-3)
    assert draft.is_strange


def test_that_samples_take_turns_at_the_pictures_views(segmenter: Segmenter, picture: Picture) -> None:
    mirrored = replace(picture, rgb8=np.ascontiguousarray(picture.rgb8[:, ::-1]))
    encoding, other = segmenter.encode(picture), segmenter.encode(mirrored)
    assert torch.allclose(encoding.pyramid.p4[1], other.pyramid.p4[0], atol=1e-4)


def test_that_a_draft_hears_the_twin_from_the_upright_picture(segmenter: Segmenter, picture: Picture) -> None:
    assert np.allclose(segmenter.encode(picture).twin, segmenter.twin(picture, views=1), atol=1e-4)


def test_that_one_view_of_the_twin_is_its_plain_pass_and_eight_agree_with_the_turned_picture(
    segmenter: Segmenter, picture: Picture
) -> None:
    square = replace(picture, rgb8=np.ascontiguousarray(picture.rgb8[:, :120]))
    turned = replace(picture, rgb8=np.ascontiguousarray(np.rot90(square.rgb8)))
    assert not np.allclose(segmenter.twin(square, views=1), segmenter.twin(square, views=8), atol=1e-3)
    assert np.allclose(np.rot90(segmenter.twin(square)), segmenter.twin(turned), atol=1e-3)


def test_that_the_draft_names_its_origin(segmenter: Segmenter, picture: Picture) -> None:
    origin = segmenter.draft(picture, steps=2, samples=3, seed=8).provenance
    assert (origin.model, origin.version, origin.domain) == ("tiny", "7", "skin")
    assert (origin.steps, origin.samples, origin.seed) == (2, 3, 8)
    assert origin.weights_sha256 == segmenter.info.sha256
    assert origin.picture_sha256 == picture.sha256
    assert (origin.device, origin.precision) == ("cpu", "float32")


@pytest.mark.parametrize(
    ("width", "height"), [(16, 16), (17, 401), (999, 31), (256, 256), (1350, 1080), (4288, 2848)]
)
def test_that_a_picture_of_any_size_and_aspect_comes_back_at_its_own_size(
    segmenter: Segmenter, width: int, height: int
) -> None:
    rgb8 = np.full((height, width, 3), 120, np.uint8)
    draft = segmenter.draft(Picture(rgb8=rgb8, native=rgb8, sha256="0"), steps=1, samples=1)
    assert base_mask(draft.probability, Recipe(), width, height).shape == (height, width)


def test_that_the_largest_picture_comes_back_at_its_own_size(segmenter: Segmenter) -> None:
    rgb8 = np.zeros((8192, 8192, 3), np.uint8)
    draft = segmenter.draft(Picture(rgb8=rgb8, native=rgb8, sha256="0"), steps=1, samples=1)
    assert base_mask(draft.probability, Recipe(), 8192, 8192).shape == (8192, 8192)


@pytest.mark.parametrize(("steps", "samples"), [(0, 1), (1, 0)])
def test_that_no_steps_or_no_samples_are_refused(
    segmenter: Segmenter, picture: Picture, steps: int, samples: int
) -> None:
    with pytest.raises(ValueError, match="at least 1"):
        next(segmenter.sample(segmenter.encode(picture), steps=steps, samples=samples))
