"""Makes statistics.json: intervals and exact tests by scipy and numpy.

Run: python3 statistics.py > statistics.json   (scipy 1.17, numpy 2.4)
"""

import json

import numpy
from scipy import stats

generator = numpy.random.default_rng(20231005)


def interval(values, confidence=0.95):
    found = stats.bootstrap(
        (numpy.array(values),), numpy.mean, n_resamples=200_000, batch=2_000, confidence_level=confidence,
        method="percentile", random_state=numpy.random.default_rng(1),
    ).confidence_interval
    return [float(found.low), float(found.high)]


def ones(k, n):
    return [1.0] * k + [0.0] * (n - k)


samples = {
    "166 of 200": ones(166, 200),
    "131 of 500": ones(131, 500),
    "6 of 200": ones(6, 200),
    "1 of 3": ones(1, 3),
    "f1": [round(float(v), 6) for v in numpy.clip(generator.beta(0.6, 0.9, 150), 0, 1)],
    "quarters": [float(v) / 4 for v in generator.integers(0, 5, 60)],
}
means = [
    {"name": name, "values": values, "mean": float(numpy.mean(values)), "interval": interval(values)}
    for name, values in samples.items()
]

pairs = []
for name, n, before_rate, after_rate in [("large gain", 120, 0.1, 0.7), ("no gain", 80, 0.4, 0.45)]:
    before = (generator.random(n) < before_rate).astype(float)
    after = (generator.random(n) < after_rate).astype(float)
    draws = numpy.random.default_rng(2).integers(0, n, (200_000, n))
    resampled = (after - before)[draws].mean(axis=1)
    pairs.append({
        "name": name, "baseline": before.tolist(), "policy": after.tolist(), "difference": float((after - before).mean()),
        "interval": interval(after - before), "share_at_or_below_zero": float((resampled <= 0).mean()),
    })

mcnemar = [
    {"baseline_only": b, "policy_only": c, "p": float(stats.binomtest(b, b + c, 0.5).pvalue) if b + c else 1.0}
    for b, c in [(0, 0), (1, 0), (3, 3), (2, 9), (5, 12), (40, 22), (7, 160), (300, 350), (0, 900)]
]

quantiles = [
    {"values": values, "share": share, "quantile": float(numpy.quantile(values, share))}
    for values, share in [([1, 2, 4], 0.5), ([1, 2, 4, 8], 0.025), ([1, 2, 4, 8], 0.975), ([3], 0.3), ([0, 10], 0.25)]
]

print(json.dumps({"means": means, "pairs": pairs, "mcnemar": mcnemar, "quantiles": quantiles}, indent=1))
