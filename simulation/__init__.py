"""Made-up patients, published as papers publish: what the checks must never condemn.

Everything but :mod:`simulation.run` is independent of ``netcore``: patients are drawn,
summarised and tested with numpy, scipy and the standard library, and printed by the rules
of real software.  What such a study prints is true, so a conflict found in it is a fault
of the checks.
"""
