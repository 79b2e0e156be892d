"""Tails enclosed by other formulas than those of the package, for checks that do not trust it.

In each the ratio of two areas is taken, in which roots, powers and gamma functions cancel, so
that whole numbers are enough.
"""

from __future__ import annotations

from fractions import Fraction

ONE = 10**40


def checked_student_tail(t_squared: Fraction, df: Fraction) -> tuple[Fraction, Fraction]:
    """Enclose P(|T| >= t): two areas beside x = df / (df + t^2), by two power series."""
    a, x = df / 2, df / (df + t_squared)

    def series(b: Fraction, c: Fraction, z: Fraction) -> tuple[int, int]:
        scale = b.denominator * c.denominator
        top, bottom = int(b * scale), int(c * scale)
        low = high = least = most = ONE
        while True:
            up, down = top * z.numerator, bottom * z.denominator
            ratio = max(Fraction(up, down), z)  # of no term to come is the ratio greater
            if ratio < 1 and most * ratio < (1 - ratio) * 10**10:
                return low, high + 10**10
            least, most = least * up // down, -(-most * up // down)
            low, high, top, bottom = low + least, high + most, top + scale, bottom + scale

    out_low, out_high = series(a + Fraction(1, 2), a + 1, x)
    in_low, in_high = (2 * a * bound for bound in series(a + Fraction(1, 2), Fraction(3, 2), 1 - x))
    return out_low / (out_low + in_high), out_high / (out_high + in_low)


def checked_normal_tail(z_squared: Fraction, depth: int = 2_000) -> tuple[Fraction, Fraction]:
    """Enclose P(|Z| >= z): Mills's ratio by its continued fraction, the rest by a power series."""
    zn, zd = z_squared.numerator, z_squared.denominator
    low, high = ONE, ONE + -(-ONE * (depth + 1) * zd // zn)
    for k in range(depth, 0, -1):
        # 1 + (k / z^2) / (what stands below)
        low, high = (
            ONE + ONE * ONE * k * zd // (zn * high),
            ONE + -(-ONE * ONE * k * zd // (zn * low)),
        )
    least = most = ONE * zn // zd + 1
    least -= 1
    in_low, in_high, n = least, most, 0
    while most > 1 or 2 * zn > (2 * n + 3) * zd:
        n += 1
        least = least * zn // (zd * (2 * n + 1))
        most = -(-most * zn // (zd * (2 * n + 1)))
        in_low, in_high = in_low + least, in_high + most
    in_high += most
    out_low, out_high = ONE * ONE // high, ONE * ONE // low + 1
    return Fraction(out_low, out_low + in_high), Fraction(out_high, out_high + in_low)
