"""Data sets, augmentation, losses, stages and evaluation."""
