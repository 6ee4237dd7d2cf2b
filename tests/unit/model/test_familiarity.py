import torch

from lsegdiff_gui.model.familiarity import FEATURES, Familiarity, pooled
from lsegdiff_gui.model.image_encoder import Pyramid


def pyramid_of(features: torch.Tensor) -> Pyramid:
    """Levels of which `pooled` makes these features (N, 256): means, then deviations, which may not be negative."""
    m4, m8, s4, s8 = features[:, :, None, None].split(64, dim=1)
    sign = torch.tensor([[1.0, -1.0], [-1.0, 1.0]]) * 0.75**0.5
    return Pyramid(m4 + s4 * sign, m8 + s8 * sign, m4, m4)


def test_that_distances_are_about_one_for_the_familiar_and_large_for_the_strange() -> None:
    generator = torch.Generator().manual_seed(0)
    mixing = torch.randn(FEATURES, FEATURES, generator=generator)

    def draws(count: int) -> torch.Tensor:
        features = torch.randn(count, FEATURES, generator=generator) @ mixing
        features[:, FEATURES // 2 :] = features[:, FEATURES // 2 :].abs()
        return features

    familiarity = Familiarity()
    familiarity.fit(draws(2000))
    near = familiarity(pyramid_of(draws(200)))
    far = familiarity(pyramid_of(draws(200) + 200.0))
    assert 0.8 < float(near.mean()) < 1.3
    assert float(far.min()) > float(near.max())


def test_that_means_and_deviations_of_the_fine_levels_are_pooled() -> None:
    features = torch.rand(3, FEATURES, generator=torch.Generator().manual_seed(1))
    assert torch.allclose(pooled(pyramid_of(features)), features, atol=1e-5)


def test_that_fewer_pictures_than_features_will_do() -> None:
    familiarity = Familiarity()
    familiarity.fit(torch.randn(5, FEATURES, generator=torch.Generator().manual_seed(0)))
    assert torch.isfinite(familiarity(pyramid_of(torch.ones(3, FEATURES)))).all()


def test_that_nothing_is_strange_before_anything_was_learnt() -> None:
    assert torch.equal(Familiarity()(pyramid_of(torch.ones(3, FEATURES))), torch.zeros(3))
