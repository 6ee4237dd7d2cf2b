"""What computes a network's parts: PyTorch, or another run time that gives the same numbers sooner."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterable
from typing import NamedTuple

import torch
from torch import Tensor, nn

from lsegdiff_gui.model.familiarity import pooled
from lsegdiff_gui.model.image_encoder import FIRST_BLOCKS, DirectNetwork, Pyramid
from lsegdiff_gui.model.network import LATENT_GRID, LSegDiffNetwork

FEATURES, ANSWERS, DENOISER, DECODER, SHARED = "features", "answers", "denoiser", "decoder", "shared"
BEGINNING, OWN_BEGINNING = "beginning", "own_beginning"
EXACT_PARTS = (BEGINNING, OWN_BEGINNING)  # in float32 always, see `narrowing`
BEGUN_PARTS = (FEATURES, ANSWERS, SHARED)  # these take what a beginning gave


class Answers(NamedTuple):
    """What a direct network says of V views, each as it is seen.

    masks: (V, 256, 256) float32 probabilities. presences: (V,) float32 logits. features: (V, 256) float32, pooled
    for `Familiarity`.
    """

    masks: Tensor
    presences: Tensor
    features: Tensor


class Look(NamedTuple):
    """All that the encoders find in a picture's views.

    pyramid: of the first views, on the latent's grids. presences: float32 logits of diffusion's encoder on them.
    twin: its answers, on as many as were asked for.
    """

    pyramid: Pyramid
    presences: Tensor
    twin: Answers


class Runtime(ABC):
    """Computes the parts of one network (`parts`); how is what run times differ in.

    precision: names the numbers it computes in, and itself where it is not PyTorch.
    """

    precision: str

    def __init__(self, known: Iterable[str]) -> None:
        """`known`: the names of the parts that this network has."""
        known = set(known)
        self._shares_encoder = SHARED in known
        self._begins_apart = OWN_BEGINNING in known

    @abstractmethod
    def compute(self, part: str, *inputs: Tensor) -> tuple[Tensor, ...]:
        """What a part makes of a batch; float32 goes in and comes out, but for features, which may be narrower."""

    def look(self, views: Tensor, *, sides: int, twin_sides: int) -> Look:
        """Views (V, 3, S, S) in [−1, 1] → Look: features of the first `sides`, the twin's answers on `twin_sides`.

        V is the larger of both. A shared encoder, or the same beginning of two, sees the views once.
        """
        (begun,) = self.compute(BEGINNING, views)
        if self._shares_encoder:
            *levels, masks, presences, features = self.compute(SHARED, begun)
            twin = Answers(masks[:twin_sides], presences[:twin_sides], features[:twin_sides])
            return Look(Pyramid(*levels).take(slice(sides)), presences[:sides], twin)
        twin = Answers(*self.compute(ANSWERS, begun[:twin_sides]))
        if self._begins_apart:
            (begun,) = self.compute(OWN_BEGINNING, views[:sides])
        *levels, presences = self.compute(FEATURES, begun[:sides])
        return Look(Pyramid(*levels), presences, twin)

    def answer(self, views: Tensor) -> Answers:
        """What the twin alone says of views (V, 3, S, S) in [−1, 1]."""
        return Answers(*self.compute(ANSWERS, *self.compute(BEGINNING, views)))

    def denoise(self, zt: Tensor, t: Tensor, pyramid: Pyramid) -> Tensor:
        """The clean latent's estimate (B, 4, 32, 32) float32, as `Denoiser` gives it."""
        (clean,) = self.compute(DENOISER, zt, t, *pyramid)
        return clean

    def decode(self, latents: Tensor) -> Tensor:
        """Normalised latents (B, 4, 32, 32) → foreground probabilities (B, 256, 256) float32."""
        (probabilities,) = self.compute(DECODER, latents)
        return probabilities


class BeginningOf(nn.Module):
    """An encoder's first blocks: views (V, 3, S, S) → (V, 24, S/4, S/4)."""

    def __init__(self, direct: DirectNetwork) -> None:
        super().__init__()
        self.direct = direct

    def forward(self, views: Tensor) -> tuple[Tensor]:
        """(V, 3, S, S) → (V, 24, S/4, S/4)."""
        return (self.direct.encoder.beginning(views),)


class FeaturesOf(nn.Module):
    """What diffusion asks of a direct network: begun views → the four levels on the latent's grids, presences."""

    def __init__(self, direct: DirectNetwork) -> None:
        super().__init__()
        self.direct = direct

    def forward(self, begun: Tensor) -> tuple[Tensor, Tensor, Tensor, Tensor, Tensor]:
        """(V, 24, S/4, S/4) → levels (V, 64, 64 … 8, 64 … 8), presences (V,) float32."""
        pyramid = self.direct.encoder.pyramid(begun)
        return (*pyramid.on_grid(LATENT_GRID), self.direct.presence(pyramid).float())


class AnswersOf(nn.Module):
    """What a direct network says: begun views → masks, presences, pooled features. See `Answers`."""

    def __init__(self, direct: DirectNetwork) -> None:
        super().__init__()
        self.direct = direct

    def forward(self, begun: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        """(V, 24, S/4, S/4) → (V, 256, 256), (V,), (V, 256), all float32."""
        return self.of(self.direct.encoder.pyramid(begun))

    def of(self, pyramid: Pyramid) -> tuple[Tensor, Tensor, Tensor]:
        """The same from features that are at hand."""
        masks = self.direct.mask(pyramid).float().sigmoid()[:, 0]
        return masks, self.direct.presence(pyramid).float(), pooled(pyramid)


class DenoiserOf(nn.Module):
    """The denoiser with a pyramid's levels one by one, as run times take them: none of them knows a Pyramid."""

    def __init__(self, network: LSegDiffNetwork) -> None:
        super().__init__()
        self.denoiser = network.denoiser

    def forward(
        self, zt: Tensor, t: Tensor, p4: Tensor, p8: Tensor, p16: Tensor, p32: Tensor
    ) -> tuple[Tensor]:
        """(B, 4, 32, 32), (B,) and levels → (B, 4, 32, 32) float32."""
        return (self.denoiser(zt, t, Pyramid(p4, p8, p16, p32)),)


class DecoderOf(nn.Module):
    """The way from latents to probabilities: (B, 4, 32, 32) → (B, 256, 256) float32."""

    def __init__(self, network: LSegDiffNetwork) -> None:
        super().__init__()
        self.network = network

    def forward(self, latents: Tensor) -> tuple[Tensor]:
        """(B, 4, 32, 32) → (B, 256, 256)."""
        return (self.network.to_logits(latents).float().sigmoid()[:, 0],)


class SharedOf(nn.Module):
    """Both in one pass, where diffusion reads the twin's encoder: begun views → features, then answers."""

    def __init__(self, direct: DirectNetwork) -> None:
        super().__init__()
        self.answers = AnswersOf(direct)

    def forward(self, begun: Tensor) -> tuple[Tensor, ...]:
        """(V, 24, S/4, S/4) → four levels, and masks, presences and pooled features as `AnswersOf` gives them."""
        pyramid = self.answers.direct.encoder.pyramid(begun)
        return (*pyramid.on_grid(LATENT_GRID), *self.answers.of(pyramid))


def parts(network: LSegDiffNetwork) -> dict[str, nn.Module]:
    """What drafting computes of a network, by name."""
    common = {
        BEGINNING: BeginningOf(network.twin),
        ANSWERS: AnswersOf(network.twin),
        DENOISER: DenoiserOf(network),
        DECODER: DecoderOf(network),
    }
    if not network.architecture.own_encoder:
        return {**common, SHARED: SharedOf(network.twin)}
    common[FEATURES] = FeaturesOf(network.image)
    if _begin_alike(network):
        return common
    return {**common, OWN_BEGINNING: BeginningOf(network.image)}


def _begin_alike(network: LSegDiffNetwork) -> bool:
    """Whether both encoders still have the first blocks they started from: training leaves them as they are."""
    ours, theirs = (
        direct.encoder.features[:FIRST_BLOCKS].state_dict() for direct in (network.image, network.twin)
    )
    return all(torch.equal(value, theirs[key]) for key, value in ours.items())


class TorchRuntime(Runtime):
    """PyTorch itself, on the network's device and in its numbers."""

    def __init__(self, network: LSegDiffNetwork, *, dtype: torch.dtype) -> None:
        self._parts = parts(network)
        super().__init__(self._parts)
        self.precision = str(dtype).removeprefix("torch.")
        self._dtype = dtype

    def compute(self, part: str, *inputs: Tensor) -> tuple[Tensor, ...]:
        """See `Runtime`."""
        if part in EXACT_PARTS:
            (views,) = inputs
            # On a processor one view at a time: what is made of several is so large that the C library asks the
            # system for it anew each time, and its pages' first touch takes longer than the convolutions.
            each = torch.split(views, 1 if views.device.type == "cpu" else len(views))
            begin = self._parts[part]
            return (torch.cat([begin(few.contiguous(memory_format=torch.channels_last))[0] for few in each]),)
        if part in BEGUN_PARTS:
            inputs = tuple(begun.to(self._dtype) for begun in inputs)
        return tuple(self._parts[part](*inputs))
