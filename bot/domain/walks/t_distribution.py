"""Student's t distribution in pure Python: quantile, cumulative probability and density."""

import math
from statistics import NormalDist

NORMAL = NormalDist()
_MOST_TERMS = 300
_ENOUGH = 1e-16


def t_quantile(share: float, df: float) -> float:
    """Return the value that a share of a t distribution stays below.

    The expansion of G. W. Hill (1970, Algorithm 396), with a relative error of at most 3e-5 from `df` 2.5 on.

    Args:
        share: between 0 and 1, both excluded.
        df: degrees of freedom, more than 2.
    """
    if share == 0.5:  # noqa: PLR2004 - the middle of a symmetric distribution
        return 0.0
    tails = 2 * min(share, 1 - share)
    a = 1 / (df - 0.5)
    b = 48 / (a * a)
    c = ((20700 * a / b - 98) * a - 16) * a + 96.36
    d = ((94.5 / (b + c) - 3) / b + 1) * math.sqrt(a * math.pi / 2) * df
    x = d * tails
    y = x ** (2 / df)
    if y > 0.05 + a:
        y = _near_normal(NORMAL.inv_cdf(tails / 2), df, a, b, c, d)
    else:
        y = ((1 / (((df + 6) / (df * y) - 0.089 * d - 0.822) * (df + 2) * 3) + 0.5 / (df + 4)) * y - 1) * (df + 1) / (
            df + 2
        ) + 1 / y
    return math.copysign(math.sqrt(df * y), share - 0.5)


def _near_normal(x: float, df: float, a: float, b: float, c: float, d: float) -> float:
    y = x * x
    if df < 5:  # noqa: PLR2004 - Hill's correction of few degrees of freedom
        c += 0.3 * (df - 4.5) * (x + 0.6)
    c = (((0.05 * d * x - 5) * x - 7) * x - 2) * x + b + c
    y = (((((0.4 * y + 6.3) * y + 36) * y + 94.5) / c - y - 3) / b + 1) * x
    return math.expm1(a * y * y)


def t_cdf(value: float, df: float) -> float:
    """Return the share of a t distribution below `value`: exact to about 14 digits, by the incomplete beta function."""
    if value == 0:
        return 0.5
    x = df / (df + value * value)
    tail = _incomplete_beta(x, df / 2, 0.5) / 2
    return tail if value < 0 else 1 - tail


def t_constant(df: float) -> float:
    """Return the density of a t distribution at 0."""
    return math.exp(math.lgamma((df + 1) / 2) - math.lgamma(df / 2)) / math.sqrt(df * math.pi)


def _incomplete_beta(x: float, a: float, b: float) -> float:
    """The regularized incomplete beta function, for `x` between 0 and 1."""
    if x > (a + 1) / (a + b + 2):
        return 1 - _incomplete_beta(1 - x, b, a)
    log_front = math.lgamma(a + b) - math.lgamma(a) - math.lgamma(b) + a * math.log(x)
    log_front += b * math.log1p(-x) if x < 1 else 0.0
    return math.exp(log_front) * _continued_fraction(x, a, b) / a


def _continued_fraction(x: float, a: float, b: float) -> float:
    """The continued fraction of the incomplete beta function by Lentz's method."""
    tiny = 1e-300
    c, d = 1.0, 1 / (1 - (a + b) * x / (a + 1) or tiny)
    result = d
    for m in range(1, _MOST_TERMS):
        even = m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m))
        odd = -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1))
        for term in (even, odd):
            d = 1 / (1 + term * d or tiny)
            c = 1 + term / c or tiny
            result *= d * c
        if abs(d * c - 1) < _ENOUGH:
            break
    return result
