"""Broken files made on purpose: what is tried, how it is broken, and who reads it."""
