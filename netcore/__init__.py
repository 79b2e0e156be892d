"""Check published papers number by number.

A paper is a set of claims, and claims about the same patients constrain one
another.  ``netcore`` works out what follows from the claims and gives every
one of them a verdict with evidence that a reader can check.

The layers, each importing only from those before it: :mod:`netcore.printed`,
:mod:`netcore.stats`, :mod:`netcore.study`, :mod:`netcore.checks`,
:mod:`netcore.ledger`, :mod:`netcore.tables`, :mod:`netcore.publishing`,
:mod:`netcore.cli`.
"""

__version__ = "0.1.0"
