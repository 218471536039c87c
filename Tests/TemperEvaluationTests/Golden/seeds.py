"""Makes seeds.json: quantiles and tails of Student's t by scipy, mean squares of two-way layouts by statsmodels.

Run: python3 seeds.py > seeds.json   (scipy 1.17, statsmodels 0.15, pandas 3.1)
"""

import json

import numpy
import pandas
from scipy import stats
from statsmodels.formula.api import ols
from statsmodels.stats.anova import anova_lm

generator = numpy.random.default_rng(20231012)

critical = [
    {"degrees": nu, "value": float(stats.t.ppf(0.975, nu))}
    for nu in [0.6, 1, 1.5, 2, 2.7, 4, 4.3, 8, 11.25, 29, 99, 299, 1234.5, 1e5, 1e8]
]
tails = [
    {"t": t, "degrees": nu, "tail": float(2 * stats.t.sf(t, nu))}
    for t in [0.0, 0.1, 1.0, 1.96, 4.3, 12.0] for nu in [1, 2, 3.5, 20, 400]
]

layouts = []
for name, tasks, seeds, level in [("three seeds", 12, 3, 0.3), ("five seeds", 40, 5, 0.8), ("scores", 9, 4, None)]:
    if level is None:
        y = generator.random((tasks, 1)) * 0.5 + generator.normal(0, 0.1, (1, seeds)) + generator.random((tasks, seeds)) * 0.2
        y = numpy.round(y, 6)
    else:
        odds = numpy.log(level / (1 - level)) + generator.normal(0, 1.5, (tasks, 1)) + generator.normal(0, 0.5, (1, seeds))
        y = (generator.random((tasks, seeds)) < 1 / (1 + numpy.exp(-odds))).astype(float)
    frame = pandas.DataFrame(
        [{"task": f"t{t}", "seed": f"s{s}", "y": y[t, s]} for t in range(tasks) for s in range(seeds)])
    table = anova_lm(ols("y ~ C(task) + C(seed)", data=frame).fit())
    squares = table["sum_sq"] / table["df"]
    # The interval by hand from the mean squares, on the plain scale.
    of_tasks = max(0, squares["C(task)"] - squares["Residual"]) / (tasks * seeds)
    of_seeds = squares["C(seed)"] / (tasks * seeds)
    half = stats.t.ppf(0.975, (seeds - 1) * (of_tasks + of_seeds) / of_seeds) * numpy.sqrt(of_tasks + of_seeds)
    layouts.append({
        "name": name, "tasks": tasks, "seeds": seeds, "values": [float(v) for v in y.reshape(-1)], "mean": float(y.mean()),
        "task_squares": float(squares["C(task)"]), "seed_squares": float(squares["C(seed)"]),
        "rest_squares": float(squares["Residual"]), "half_width": float(half),
    })

print(json.dumps({"critical": critical, "tails": tails, "layouts": layouts}, indent=1))
