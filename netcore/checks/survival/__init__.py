"""Survival: printed rates, medians, means and tests of times to an event."""
