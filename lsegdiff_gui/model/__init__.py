"""The latent diffusion segmenter."""
