"""Rank tests from what is printed of the samples: every value that their statistics can have."""
