"""Survival curves and tests of two of them from what is printed: every value they can have."""
