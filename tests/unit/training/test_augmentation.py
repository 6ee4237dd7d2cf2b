import pytest
import torch

from lsegdiff_gui.training import appearance
from lsegdiff_gui.training.appearance import (
    add_glints,
    add_hairs,
    blur,
    borrow_colours,
    dye,
    jitter_colour,
    quantise_as_jpeg,
)
from lsegdiff_gui.training.augmentation import (
    add_borders,
    augment,
    background_crops,
    border_fields,
    vary_masks,
    warp_masks,
    warp_pictures,
)
from lsegdiff_gui.training.state import step_generator

MASKS = (torch.rand(8, 1, 64, 64, generator=torch.Generator().manual_seed(0)) > 0.5).float()
PICTURES = torch.rand(8, 3, 64, 64, generator=torch.Generator().manual_seed(0)) * 2 - 1


def test_that_a_batch_keeps_its_shapes_and_ranges() -> None:
    pictures, masks = augment(PICTURES, MASKS, step_generator(0, "twin", 1))
    assert pictures.shape == PICTURES.shape
    assert masks.shape == MASKS.shape
    assert float(pictures.min()) >= -1.0
    assert float(pictures.max()) <= 1.0
    assert set(masks.unique().tolist()) <= {0.0, 1.0}


def test_that_the_same_step_draws_the_same_batch_and_the_next_another() -> None:
    first = augment(PICTURES, MASKS, step_generator(0, "twin", 1))
    again = augment(PICTURES, MASKS, step_generator(0, "twin", 1))
    other = augment(PICTURES, MASKS, step_generator(0, "twin", 2))
    assert all(torch.equal(a, b) for a, b in zip(first, again, strict=True))
    assert not torch.equal(first[0], other[0])


def test_that_picture_and_mask_move_together() -> None:
    masks = torch.zeros(16, 1, 64, 64)
    masks[:, :, 20:44, 20:44] = 1.0
    pictures = masks.expand(-1, 3, -1, -1) * 2 - 1
    moved, warped = augment(pictures, masks, step_generator(3, "twin", 0))
    for picture, mask in zip(moved, warped, strict=True):
        inside, outside = picture[:, mask[0] == 1], picture[:, mask[0] == 0]
        assert float(inside.mean()) > float(outside.mean()) + 0.5


def test_that_what_lies_outside_is_black_not_grey() -> None:
    far = torch.tensor([[1.0, 0.0, 3.0], [0.0, 1.0, 3.0]]).expand(8, 2, 3)
    assert torch.all(warp_pictures(PICTURES, far) == -1.0)
    assert torch.all(warp_pictures(PICTURES, far, outside=0.0) == 0.0)


def test_that_hairs_lie_on_the_share_of_skin_that_is_asked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    haired: list[int] = []

    def counted(pictures: torch.Tensor, generator: torch.Generator) -> torch.Tensor:
        haired.append(len(pictures))
        return pictures

    monkeypatch.setattr(appearance, "add_hairs", counted)
    for share in (0.0, 1.0):
        augment(PICTURES, MASKS, step_generator(0, "twin", 1), style="skin", hairs=share)
    augment(PICTURES, MASKS, step_generator(0, "twin", 1), style="polyp", hairs=1.0)
    assert haired == [len(PICTURES)]


def test_that_black_stays_dark_when_colours_change() -> None:
    black = torch.full((8, 3, 16, 16), -1.0)
    black[:, :, :8] = 0.5
    changed = jitter_colour(black, step_generator(1, "twin", 0))
    assert torch.isfinite(changed).all()
    assert (
        float((changed[:, :, 8:].mean(dim=(1, 2, 3)) < changed[:, :, :8].mean(dim=(1, 2, 3))).float().min())
        == 1.0
    )


def test_that_the_vae_sees_empty_and_full_masks_too() -> None:
    shares = torch.cat(
        [vary_masks(MASKS, step_generator(0, "vae", i)).mean(dim=(1, 2, 3)) for i in range(60)]
    )
    assert float(shares.min()) == 0.0
    assert float(shares.max()) == 1.0


@pytest.mark.parametrize("style", ["polyp", "skin"])
def test_that_harsh_styles_keep_shapes_and_ranges_and_repeat(style: str) -> None:
    runs = [augment(PICTURES, MASKS, step_generator(0, "twin", 5), style=style, crops=0.5) for _ in range(2)]
    assert all(torch.equal(a, b) for a, b in zip(*runs, strict=True))
    pictures, masks = runs[0]
    assert pictures.shape == PICTURES.shape
    assert float(pictures.abs().max()) <= 1.0
    assert set(masks.unique().tolist()) <= {0.0, 1.0}


def test_that_pictures_and_masks_may_be_of_different_sides() -> None:
    pictures, masks = augment(PICTURES, MASKS.repeat(1, 1, 2, 2), step_generator(0, "twin", 1), style="skin")
    assert pictures.shape[-1] == 64
    assert masks.shape[-1] == 128


def test_that_background_crops_hold_no_lesion_where_they_say_so() -> None:
    masks = torch.zeros(16, 1, 256, 256)
    masks[:, :, 90:150, 90:150] = 1.0
    masks[0] = 1.0
    matrices, free = background_crops(masks, step_generator(0, "twin", 0))
    assert not free[0]
    assert 4 <= int(free.sum()) < 16
    assert float(warp_masks(masks, matrices)[free].sum()) == 0.0


def test_that_borders_take_what_they_cover_out_of_picture_and_mask() -> None:
    white, full = torch.ones(64, 3, 64, 64), torch.ones(64, 1, 64, 64)
    pictures, masks = add_borders(white, full, step_generator(0, "twin", 0))
    bordered = masks.mean(dim=(1, 2, 3)) < 1
    assert 4 <= int(bordered.sum()) <= 26
    assert torch.equal(pictures[~bordered], white[~bordered])
    assert float(pictures[bordered][(masks[bordered] == 0).expand(-1, 3, -1, -1)].mean()) < -0.8
    assert float(pictures[bordered][(masks[bordered] == 1).expand(-1, 3, -1, -1)].mean()) > 0.8
    assert float(border_fields(32, step_generator(0, "twin", 1))[:, :, 32, 32].min()) > 0


def test_that_blur_smooths_and_keeps_the_mean() -> None:
    blurred = blur(PICTURES, step_generator(0, "twin", 0))
    assert torch.allclose(blurred.mean(dim=(1, 2, 3)), PICTURES.mean(dim=(1, 2, 3)), atol=0.02)
    assert (blurred.std(dim=(1, 2, 3)) < PICTURES.std(dim=(1, 2, 3))).all()


def test_that_jpegs_loss_spares_flat_blocks_and_coarsens_noise() -> None:
    flat = torch.full((2, 3, 64, 64), 0.25)
    assert float((quantise_as_jpeg(flat, step_generator(0, "twin", 0)) - flat).abs().max()) < 0.1
    noise = 0.02 * PICTURES
    assert float(quantise_as_jpeg(noise, step_generator(0, "twin", 0)).std()) < float(noise.std())


def test_that_dye_takes_red_from_parts_of_a_picture_and_leaves_black_black() -> None:
    grey = torch.zeros(8, 3, 64, 64)
    red, green, blue = dye(grey, step_generator(0, "twin", 0)).unbind(dim=1)
    assert torch.all(red <= green)
    assert torch.all(red.mean(dim=(1, 2)) < green.mean(dim=(1, 2)))
    assert float(green.mean()) < float(blue.mean())
    loss = (grey[:, 0] - red).flatten(1)
    assert torch.all(loss.amax(dim=1) > loss.amin(dim=1) + 0.02)
    assert torch.all(dye(grey - 1.0, step_generator(0, "twin", 0)) == -1.0)


def test_that_glints_only_brighten_and_hairs_touch_little() -> None:
    grey = torch.full((8, 3, 64, 64), -0.2)
    glinting = add_glints(grey, step_generator(0, "twin", 0))
    assert float(glinting.min()) >= -0.2001
    assert float(glinting.max()) > 0.5
    hairy = add_hairs(grey, step_generator(0, "twin", 0))
    changed = (hairy != grey).float().mean(dim=(1, 2, 3))
    assert (changed > 0).all()
    assert float(changed.max()) < 0.7


def test_that_borrowed_colours_are_the_neighbours_and_the_black_rim_stays() -> None:
    pictures = torch.full((2, 3, 16, 16), -1.0)
    noise = 0.1 * torch.randn(2, 3, 12, 16, generator=torch.Generator().manual_seed(0))
    pictures[:, :, 4:] = noise + torch.tensor([0.5, -0.3])[:, None, None, None]
    borrowed = borrow_colours(pictures, torch.Generator().manual_seed(0))
    assert torch.all(borrowed[:, :, :4] == -1.0)
    assert float(borrowed[0, :, 4:].mean()) < 0.4
    assert float(borrowed[1, :, 4:].mean()) > -0.2
