"""Bounds on the true error, each from its formula in 60 digits, for test/bounds/oracle.test.ts.

Run: python test/oracles/bounds.py > test/oracles/bounds.json     (mpmath 1.3)
Written from the papers' formulas, not from lib/bounds; Catoni's minimum is taken on a dense grid and refined.
"""
import json
from mpmath import mp, mpf, log, sqrt, exp, expm1, findroot

mp.dps = 60

SITUATIONS = [
    dict(rows=67349, error=0.15, delta=0.05, dimension=300, levels=8, codebookBits=128, codeBits=1064, choices=[6, 3, 4], parameters=22714370,
         chance=0.442),
    dict(rows=3668, error=0.23, delta=0.05, dimension=207, levels=16, codebookBits=16, codeBits=900, choices=[1], parameters=22714370, chance=0.326),
    dict(rows=363846, error=0.2, delta=0.01, dimension=774, levels=4, codebookBits=64, codeBits=1608, choices=[12, 5, 2, 3], parameters=124647170,
         chance=0.369),
    dict(rows=1000, error=0.0, delta=0.1, dimension=10, levels=2, codebookBits=32, codeBits=64, choices=[], parameters=1000, chance=0.5),
    dict(rows=200, error=0.5, delta=0.05, dimension=5000, levels=256, codebookBits=4096, codeBits=44096, choices=[100], parameters=5000, chance=0.5),
]
SUBSAMPLE = dict(rows=2000, error=0.16)
SPLIT = dict(rows=900, error=0.17, codeBits=150)
NORMS = dict(logProduct=12.5, layers=7, inputNorm=3.5, margin=0.25, marginError=0.4)


def kl(q, p):
    q, p = mpf(q), mpf(p)
    a = q * log(q / p) if q > 0 else mpf(0)
    b = (1 - q) * log((1 - q) / (1 - p)) if q < 1 else mpf(0)
    return a + b


def kl_inverse(q, nats):
    low, high = mpf(q), mpf(1)
    for _ in range(220):
        mid = (low + high) / 2
        if mid < 1 and kl(q, mid) <= nats:
            low = mid
        else:
            high = mid
    return low


def prefix_free(bits):
    bits = mpf(bits)
    return bits + 2 * log(max(bits, 1), 2) + 1


def catoni(error, nats, rows):
    alpha = 1 + mpf("1e-4")

    def at(g):
        q = mpf(error) + alpha / g * (nats + 2 * log(2 + log(g) / log(alpha)))
        return (1 - exp(-g / rows * q)) / (1 - exp(-mpf(g) / rows))

    low, high = mpf("1e-9"), log(mpf(50) * rows)
    for _ in range(12):
        points = [low + (high - low) * i / 40 for i in range(41)]
        values = [at(exp(x)) for x in points]
        best = min(range(41), key=lambda i: values[i])
        low, high = points[max(0, best - 1)], points[min(40, best + 1)]
    return min(values)


def bounds(s):
    m, error, delta = s["rows"], mpf(s["error"]), mpf(s["delta"])
    choices = sum((log(mpf(n), 2) for n in s["choices"]), mpf(0))
    bits = prefix_free(s["codeBits"]) + choices
    nats = bits * log(2)
    finite = s["dimension"] * log(mpf(s["levels"]), 2) + prefix_free(s["codebookBits"]) + choices
    n = NORMS
    split_nats = (prefix_free(SPLIT["codeBits"]) + choices) * log(2) + log(1 / delta)
    return {
        "occam": kl_inverse(s["error"], ((s["codeBits"] + choices) * log(2) + log(1 / delta)) / m),
        "catoni": catoni(error, nats + log(1 / delta), m),
        "mcallester": error + sqrt((nats + log(m / delta)) / (2 * m - 1)),
        "finite-class": error + sqrt((finite * log(2) + log(1 / delta)) / (2 * m)),
        "subsampled": mpf(SUBSAMPLE["error"]) + sqrt((nats + log(2 / delta)) / (2 * m)) + sqrt(log(2 / delta) / (2 * SUBSAMPLE["rows"])),
        "split-prior": kl_inverse(SPLIT["error"], split_nats / SPLIT["rows"]),
        "parameter-count": error + sqrt(((32 * s["parameters"] + choices) * log(2) + log(1 / delta)) / (2 * m)),
        "norm": mpf(n["marginError"]) + 2 * mpf(n["inputNorm"]) * (sqrt(2 * n["layers"] * log(2)) + 1) * exp(mpf(n["logProduct"]))
        / (mpf(n["margin"]) * sqrt(mpf(m))) + 3 * sqrt((log(2 / delta) + choices * log(2)) / (2 * m)),
    }


cases = []
for s in SITUATIONS:
    situation = {**s, "choices": [{"name": f"choice {i}", "candidates": n} for i, n in enumerate(s["choices"])],
                 "subsample": SUBSAMPLE, "split": SPLIT, "norms": NORMS}
    cases.append({"situation": situation, "bounds": {name: float(value) for name, value in bounds(s).items()}})
inverse = [{"q": q, "nats": x, "p": float(kl_inverse(q, mpf(x)))} for q in (0.0, 1e-6, 0.01, 0.25, 0.5, 0.9, 1.0) for x in (0.0, 1e-9, 1e-4, 0.01, 0.3, 4.0)]
print(json.dumps({"cases": cases, "klInverse": inverse}, indent=1))
