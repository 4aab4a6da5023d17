"""What bags of words get on a task in MRPC's form: python bag_of_words.py FOLDER (with train.tsv and dev.tsv).

Logistic regression on (a) word overlap: Jaccard, containment, length difference, tf-idf cosine; (b) words: which words
the two sentences share and which only one has; (c) both. Accuracy on dev after training on train, and the mean of
ten-fold cross-validation over all rows (less noisy), beside the majority share. Needs scikit-learn.
"""
import csv
import re
import sys
import warnings

import numpy as np
from scipy.sparse import csr_matrix, hstack
from sklearn.feature_extraction.text import CountVectorizer, TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import StratifiedKFold, cross_val_score
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import MaxAbsScaler, StandardScaler

warnings.filterwarnings("ignore")
folder = sys.argv[1]


def read(name):
    with open(f"{folder}/{name}.tsv", encoding="utf-8-sig", newline="\n") as file:
        rows = list(csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE))
    return [(r["#1 String"], r["#2 String"]) for r in rows], np.array([int(r["Quality"]) for r in rows])


def words(text):
    return re.findall(r"[a-z0-9]+", text.lower())


def overlap(pairs):
    vectorizer = TfidfVectorizer(tokenizer=words, token_pattern=None).fit(s for pair in train for s in pair)
    a, b = (vectorizer.transform(side) for side in zip(*pairs))
    cosine = np.asarray(a.multiply(b).sum(axis=1)).ravel()
    rows = []
    for (s, t), c in zip(pairs, cosine):
        x, y = words(s), words(t)
        u, v = set(x), set(y)
        rows.append([len(u & v) / len(u | v), len(u & v) / min(len(u), len(v)), abs(len(x) - len(y)), len(x) + len(y), c])
    return np.array(rows)


def word_features(pairs):
    counts = CountVectorizer(tokenizer=words, token_pattern=None, binary=True, min_df=2).fit(s for pair in train for s in pair)
    a, b = (counts.transform(side) for side in zip(*pairs))
    shared = a.multiply(b)
    return csr_matrix(hstack([shared, abs(a - b)]))


train, train_labels = read("train")
dev, dev_labels = read("dev")
everything, labels = train + dev, np.concatenate([train_labels, dev_labels])
features = {"overlap": overlap(everything), "words": word_features(everything)}
features["both"] = csr_matrix(hstack([features["words"], features["overlap"]]))
folds = StratifiedKFold(10, shuffle=True, random_state=0)
print(f"{len(train)} train, {len(dev)} dev; majority share: train {train_labels.mean():.3f}, dev {dev_labels.mean():.3f}")
for name, x in features.items():
    scaler = StandardScaler() if name == "overlap" else MaxAbsScaler()
    model = make_pipeline(scaler, LogisticRegression(C=1.0 if name == "overlap" else 0.1, max_iter=2000))
    model.fit(x[: len(train)], train_labels)
    on_dev = model.score(x[len(train) :], dev_labels)
    crossed = cross_val_score(model, x, labels, cv=folds)
    auc = cross_val_score(model, x, labels, cv=folds, scoring="roc_auc")
    print(f"{name:8s} dev {on_dev:.3f}; ten folds {crossed.mean():.3f} +- {crossed.std() / np.sqrt(10):.3f}; area under ROC {auc.mean():.3f}")
jaccard = features["overlap"][:, 0]
for label in (0, 1):
    print(f"Jaccard of label {label}: quartiles", np.round(np.quantile(jaccard[labels == label], [0, 0.25, 0.5, 0.75, 1]), 2))
