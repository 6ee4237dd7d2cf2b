import torch

from lsegdiff_gui.training.augmentation import augment, jitter_colour, vary_masks, warp_pictures
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
    grid = torch.full((8, 64, 64, 2), 3.0)
    assert torch.all(warp_pictures(PICTURES, grid) == -1.0)


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
