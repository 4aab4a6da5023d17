"""What Transformers says about a folder that d90 apply made, for a person to compare with d90 evaluate --logits.

Run: python test/oracles/applied.py FOLDER TASK.tsv TEXT_COLUMN[,TEXT2_COLUMN] LOGITS.tsv
Prints the largest difference between its logits and those of LOGITS.tsv, and how many predictions differ. transformers 5, torch CPU.
"""
import csv
import sys

import torch
from transformers import AutoModelForSequenceClassification, AutoTokenizer

folder, rows_path, columns, logits_path = sys.argv[1:5]
tokenizer = AutoTokenizer.from_pretrained(folder)
model = AutoModelForSequenceClassification.from_pretrained(folder).eval()
with open(rows_path, encoding="utf-8-sig") as file:
    lines = [line.rstrip("\n").split("\t") for line in file]
header, rows = lines[0], lines[1:]
texts = [[row[header.index(name)] for row in rows] for name in columns.split(",")]
with open(logits_path) as file:
    expected = [[float(value) for name, value in row.items() if name.startswith("logit:")] for row in csv.DictReader(file, delimiter="\t")]
rows_compared = min(len(expected), int(sys.argv[5]) if len(sys.argv) > 5 else len(expected))
largest, different = 0.0, 0
with torch.no_grad():
    for i in range(rows_compared):
        batch = tokenizer(*[column[i] for column in texts], truncation=True, return_tensors="pt")
        logits = model(**batch).logits[0].tolist()
        largest = max(largest, *(abs(a - b) for a, b in zip(logits, expected[i])))
        different += logits.index(max(logits)) != expected[i].index(max(expected[i]))
print(f"{rows_compared} rows: largest difference of a logit {largest:.2e}, {different} predictions differ; labels {model.config.id2label}")
