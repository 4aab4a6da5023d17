"""Golden values for lib/support/regression.ts from SciPy; run by hand like bert.py: oracle/bin/python test/oracles/regression.py"""
import json, pathlib
import numpy as np
from scipy import stats

rng = np.random.default_rng(0)
cases = []
for n in (3, 5, 12, 40):
    x = np.round(rng.uniform(5, 8, n), 4)
    y = np.round(3 - 0.4 * x + rng.normal(0, 0.2, n), 4)
    fit = stats.linregress(x, y)
    half = stats.t.ppf(0.975, n - 2) * fit.stderr
    cases.append({"x": x.tolist(), "y": y.tolist(), "slope": fit.slope, "intercept": fit.intercept, "correlation": fit.rvalue, "slopeInterval": [fit.slope - half, fit.slope + half]})
path = pathlib.Path(__file__).parent / "regression.json"
path.write_text(json.dumps({"cases": cases, "quantiles": {str(d): stats.t.ppf(0.975, d) for d in (1, 2, 3, 10, 30, 31, 60, 200)}}) + "\n")
