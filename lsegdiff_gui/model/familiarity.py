"""Does a picture look like those the model was trained on? A distance of its features to theirs."""

from __future__ import annotations

import torch
from torch import Tensor, nn

from lsegdiff_gui.model.image_encoder import PYRAMID_CHANNELS, Pyramid

FEATURES = 4 * PYRAMID_CHANNELS  # means and deviations of the levels at strides 4 and 8
SHRINKAGE = 0.05  # of the covariance towards its diagonal: fewer pictures than it has numbers must still do


def pooled(pyramid: Pyramid) -> Tensor:
    """One vector for each picture: mean and deviation of each channel at strides 4 and 8. Pyramid → (B, 256) float32.

    The fine levels know of texture and colour; the coarse ones have learnt to see lesions in anything.
    """
    fine = [level.float() for level in (pyramid.p4, pyramid.p8)]
    means = [level.mean(dim=(2, 3)) for level in fine]
    return torch.cat([*means, *map(_deviation, fine, means)], dim=1)


def _deviation(level: Tensor, mean: Tensor) -> Tensor:
    """As torch.std over rows and columns, which takes eleven times as long where channels come last."""
    cells = level.shape[2] * level.shape[3]
    return ((level - mean[:, :, None, None]).square().sum(dim=(2, 3)) / (cells - 1)).sqrt()


class Familiarity(nn.Module):
    """Mahalanobis distance to the training pictures' pooled features (Lee et al. 2018, section 2.1, one class).

    `centre` (256,) is their mean; `whitening`, the lower triangle of a matrix (256, 256) row by row, turns
    differences into independent ones of unit variance.
    Before `fit` every picture is at distance 0.
    """

    centre: Tensor
    whitening: Tensor

    def __init__(self) -> None:
        super().__init__()
        self.register_buffer("centre", torch.zeros(FEATURES))
        self.register_buffer("whitening", torch.zeros(FEATURES * (FEATURES + 1) // 2))

    def fit(self, features: Tensor) -> None:
        """Learn what is familiar from the training pictures' pooled features (N, 256), N ≥ 2."""
        features = features.double()
        covariance = torch.cov(features.T)
        diagonal = torch.diag(covariance.diagonal())
        covariance = (1 - SHRINKAGE) * covariance + SHRINKAGE * diagonal
        covariance += 1e-6 * diagonal.diagonal().mean().clamp(min=1e-12) * torch.eye(FEATURES).to(covariance)
        lower = torch.linalg.cholesky(covariance)
        eye = torch.eye(FEATURES).to(covariance)
        self.centre.copy_(features.mean(dim=0))
        whole = torch.linalg.solve_triangular(lower, eye, upper=False)
        self.whitening.copy_(whole[_below()])

    def forward(self, pyramid: Pyramid) -> Tensor:
        """Pyramid → distances (B,) float32."""
        return self.of(pooled(pyramid))

    def of(self, features: Tensor) -> Tensor:
        """Pooled features (B, 256) → distances (B,) float32.

        The root mean square of whitened differences: about 1 for the familiar.
        """
        difference = features - self.centre.float()
        whole = difference.new_zeros(FEATURES, FEATURES)
        whole[_below()] = self.whitening.float()
        return (difference @ whole.T).square().mean(dim=1).sqrt()


def _below() -> tuple[Tensor, Tensor]:
    """Rows and columns of the lower triangle, row by row."""
    rows, columns = torch.tril_indices(FEATURES, FEATURES)
    return rows, columns
