"""What the model says of a picture as a whole: whether it shows a lesion, and whether it is of a kind it knows."""

from __future__ import annotations

import math
from dataclasses import dataclass

PRESENT = 0.5
"""From this presence on there is a lesion; the model is calibrated so."""

LIMIT = 1.0
"""Up to this strangeness a picture looks like what the model knows."""

FAINTEST = 0.2
"""A denied lesion keeps at least this share of its probability: enough levels to show the candidate's shape."""

_PICTURES = {"polyp": "colonoscopy pictures", "skin": "dermoscopy pictures"}
_LOOKS = {"polyp": "colonoscopy", "skin": "skin"}


@dataclass(frozen=True)
class Findings:
    """The two numbers of a picture. The defaults stand for drafts of a model that finds neither.

    presence:    probability, in [0, 1], that the picture shows a lesion at all.
    strangeness: distance of the picture to those the model was trained on, divided by the model's limit.

    Raises ValueError for numbers that are none of these.
    """

    presence: float = 1.0
    strangeness: float = 0.0

    def __post_init__(self) -> None:
        if not 0.0 <= self.presence <= 1.0:
            raise ValueError(f"presence is {self.presence}")
        if not 0.0 <= self.strangeness < math.inf:
            raise ValueError(f"strangeness is {self.strangeness}")

    @property
    def no_lesion(self) -> bool:
        """Whether the model holds that the picture shows no lesion."""
        return self.presence < PRESENT

    @property
    def share(self) -> float:
        """What the probability is multiplied by: 1 where there is a lesion, below one half where there is none."""
        return max(self.presence, FAINTEST) if self.no_lesion else 1.0

    @property
    def is_strange(self) -> bool:
        """Whether the picture does not look like those the model was trained on."""
        return self.strangeness > LIMIT

    @property
    def are_known(self) -> bool:
        """Whether the model has found anything out."""
        return self != UNKNOWN

    @property
    def presence_words(self) -> str:
        """The presence in percent; never rounded up to a half, nor down to nothing."""
        if self.presence < 0.01:
            return "below 1 %"
        percent = 100 * self.presence
        return f"{math.floor(percent) if self.no_lesion else round(percent)} %"


UNKNOWN = Findings()
"""What is said where no model has looked at the whole picture."""


def fitting_domain(domain: str, guess: str) -> str:
    """The domain a strange picture seems to be of: the guess, where it is another than the model's, else "".

    domain: the model's; "" too where nobody can tell, because the guess knows no such domain.
    """
    return guess if domain in _LOOKS and guess in _LOOKS and guess != domain else ""


def strange_words(what: str, model: str, domain: str, guess: str) -> str:
    """That a picture is unlike what the model knows: a sentence without its full stop, so that advice may follow.

    what: the picture, as the sentence's first words; model, domain: of the draft; guess: the domain it looks like.
    """
    unlike = f"{what} does not look like the {_PICTURES.get(domain, 'pictures')} the model {model} knows"
    if fitting := fitting_domain(domain, guess):
        return f"{unlike}: it looks like {_LOOKS[fitting]}"
    return f"{unlike}; check its draft with care"


def count_words(no_lesion: int, strange: int) -> str:
    """How many of several drafts found no lesion, or were of an unfamiliar kind; "" where none did."""
    parts = [f"{no_lesion} without a lesion"] if no_lesion else []
    return ", ".join(parts + ([f"{strange} of an unfamiliar kind"] if strange else []))
