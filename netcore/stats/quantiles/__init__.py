"""Medians, quartiles and extremes: every definition, and which values can have them.

A printed quantile says something about one or two of the ordered values.  Which
ones depends on the definition, and papers seldom name it; so each question is
answered for every definition, and for all of them at once.
"""
