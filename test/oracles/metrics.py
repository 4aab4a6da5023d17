"""Golden values of test/tasks/metrics.test.ts, by scikit-learn: python metrics.py > metrics.json"""
import json
import random

from sklearn.metrics import accuracy_score, f1_score

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
    }
    for predictions, labels in pairs
]
print('{"cases": [\n' + ",\n".join(json.dumps(case) for case in cases) + "\n]}")
