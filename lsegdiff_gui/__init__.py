"""LSegDiff: draft, correct and export lesion and polyp masks with a latent diffusion segmenter."""

__version__ = "0.1.0"
