import torch

from lsegdiff_gui.model.views import VIEWS

PLANE = torch.arange(16.0).reshape(1, 4, 4)


def test_that_there_are_eight_different_views_the_first_upright() -> None:
    assert len({tuple(view.of(PLANE).flatten().tolist()) for view in VIEWS}) == 8
    assert torch.equal(VIEWS[0].of(PLANE), PLANE)
    assert torch.equal(VIEWS[1].of(PLANE), PLANE.flip(-1))


def test_that_every_view_can_be_undone() -> None:
    assert all(torch.equal(view.undo(view.of(PLANE)), PLANE) for view in VIEWS)
