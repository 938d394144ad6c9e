"""Frozen values that rooms hand to each other; no behaviour beyond simple arithmetic, no I/O, no models."""
