"""Golden trajectories of AdamW, Adam and SGD with gradient clipping, by PyTorch.

Run in an environment with torch 2.13:  python test/oracles/optimizers.py > test/oracles/optimizers.json
The gradient of step t at value x is sin(3 x + t), so that a trajectory tests gradients, moments, decay and clipping together.
"""
import json
import torch

START = {"matrix": [[0.5, -1.0, 2.0], [0.25, 3.0, -0.75]], "vector": [1.0, -2.0]}
CASES = [
    {"name": "adamw", "learningRate": 0.1, "weightDecay": 0.0, "clipNorm": 0},
    {"name": "adamw", "learningRate": 0.05, "weightDecay": 0.1, "clipNorm": 1},
    {"name": "adam", "learningRate": 0.05, "weightDecay": 0.1, "clipNorm": 0},
    {"name": "sgd", "learningRate": 0.2, "weightDecay": 0.01, "clipNorm": 0.5},
]


def trajectory(case):
    values = {name: torch.tensor(value, requires_grad=True) for name, value in START.items()}
    groups = [
        {"params": [values["matrix"]], "weight_decay": case["weightDecay"]},
        {"params": [values["vector"]], "weight_decay": 0.0},
    ]
    make = {"adamw": torch.optim.AdamW, "adam": torch.optim.Adam, "sgd": torch.optim.SGD}[case["name"]]
    optimizer = make(groups, lr=case["learningRate"])
    for t in range(20):
        for value in values.values():
            value.grad = torch.sin(3 * value.detach() + t)
        if case["clipNorm"]:
            torch.nn.utils.clip_grad_norm_(list(values.values()), case["clipNorm"])
        optimizer.step()
    return {name: value.detach().tolist() for name, value in values.items()}


print(json.dumps({"start": START, "cases": [{**case, "end": trajectory(case)} for case in CASES]}, indent=1))
