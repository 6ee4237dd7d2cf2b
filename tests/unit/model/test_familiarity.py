import torch

from lsegdiff_gui.model.familiarity import FEATURES, Familiarity
from lsegdiff_gui.model.image_encoder import Pyramid


def pyramid_of(features: torch.Tensor) -> Pyramid:
    """Levels whose means are these features (N, 192)."""
    levels = [part[:, :, None, None].expand(-1, -1, 2, 2) for part in features.split(64, dim=1)]
    return Pyramid(torch.zeros(len(features), 64, 4, 4), *levels)


def test_that_distances_are_about_one_for_the_familiar_and_large_for_the_strange() -> None:
    generator = torch.Generator().manual_seed(0)
    mixing = torch.randn(FEATURES, FEATURES, generator=generator)
    known = torch.randn(2000, FEATURES, generator=generator) @ mixing
    familiarity = Familiarity()
    familiarity.fit(known)
    near = familiarity(pyramid_of(torch.randn(200, FEATURES, generator=generator) @ mixing))
    far = familiarity(pyramid_of(torch.randn(200, FEATURES, generator=generator) @ mixing + 200.0))
    assert 0.8 < float(near.mean()) < 1.3
    assert float(far.min()) > float(near.max())


def test_that_fewer_pictures_than_features_will_do() -> None:
    familiarity = Familiarity()
    familiarity.fit(torch.randn(5, FEATURES, generator=torch.Generator().manual_seed(0)))
    assert torch.isfinite(familiarity(pyramid_of(torch.ones(3, FEATURES)))).all()


def test_that_nothing_is_strange_before_anything_was_learnt() -> None:
    assert torch.equal(Familiarity()(pyramid_of(torch.ones(3, FEATURES))), torch.zeros(3))
