"""Golden values of test/tasks/metrics.test.ts and correlation.test.ts, by scikit-learn and scipy: python metrics.py > metrics.json"""
import json
import random

from scipy.stats import pearsonr, spearmanr
from sklearn.metrics import accuracy_score, f1_score, matthews_corrcoef

random.seed(90)
pairs = [
    ([1, 1, 1, 1], [1, 1, 1, 1]),
    ([0, 0, 0], [0, 0, 0]),  # no positive at all: F1 is 0/0, which scikit-learn calls 0
    ([1, 1, 0], [0, 0, 0]),
    ([0, 0, 0], [1, 0, 1]),
]
for size, share in [(7, 0.5), (50, 0.684), (408, 0.684)]:
    labels = [int(random.random() < share) for _ in range(size)]
    pairs.append(([label if random.random() < 0.75 else 1 - label for label in labels], labels))
cases = [
    {
        "predictions": predictions,
        "labels": labels,
        "accuracy": accuracy_score(labels, predictions),
        "f1": float(f1_score(labels, predictions, zero_division=0)),
        "matthews": float(matthews_corrcoef(labels, predictions)),
    }
    for predictions, labels in pairs
]
several = []
for size, classes in [(30, 3), (200, 5)]:
    labels = [random.randrange(classes) for _ in range(size)]
    predictions = [label if random.random() < 0.6 else random.randrange(classes) for label in labels]
    several.append(
        {
            "predictions": predictions,
            "labels": labels,
            "accuracy": accuracy_score(labels, predictions),
            "matthews": float(matthews_corrcoef(labels, predictions)),
        }
    )
scores = []
for size, noise, digits in [(2, 0.1, 3), (12, 1.0, 0), (40, 0.5, 3), (300, 2.0, 1)]:
    labels = [round(random.uniform(0, 5), digits) for _ in range(size)]  # few digits: ties
    predictions = [round(label + random.gauss(0, noise), digits) for label in labels]
    scores.append(
        {
            "predictions": predictions,
            "labels": labels,
            "pearson": float(pearsonr(predictions, labels)[0]),
            "spearman": float(spearmanr(predictions, labels)[0]),
        }
    )


def lines(values):
    return "[\n" + ",\n".join(json.dumps(value) for value in values) + "\n]"


print('{"cases": ' + lines(cases) + ',\n"several": ' + lines(several) + ',\n"scores": ' + lines(scores) + "}")
