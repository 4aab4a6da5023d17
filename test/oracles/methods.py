"""
Golden values for lib/reparameterisations' LoRA, IA3 and BitFit from PyTorch; run by hand, results are committed:

    python -m venv oracle && oracle/bin/pip install torch==2.13.* transformers==5.23.* numpy safetensors
    oracle/bin/python test/oracles/methods.py

It loads bert-tiny (made by bert.py), puts adapters into Transformers' own modules as PEFT defines them (peft/tuners/lora/layer.py:
y = W x + b + alpha / r B A x; peft/tuners/ia3/layer.py: y = (W x + b) l for key and value, y = W (x l) + b for the feed-forward
output; BitFit: every bias), and does three steps of torch.optim.AdamW in float64. Adapters act on activations there and on theta
here, so both agree only if the merged weights are right. methods.safetensors holds, for each method,
  start/<method>/<name>   what is trained, before the first step (LoRA's A among it);
  end/<method>/<name>     the same after three steps, under this project's names;
  loss/<method>           the losses before each step.
"""
import pathlib
import numpy as np, torch
from safetensors.numpy import save_file
from transformers import BertForSequenceClassification

HERE = pathlib.Path(__file__).parent
RATE, STEPS, RANK, ALPHA = 0.02, 3, 3, 5.0
INPUTS = torch.tensor([[2, 9, 14, 3, 21, 3], [2, 30, 5, 3, 8, 3]])
TYPES = torch.tensor([[0, 0, 0, 0, 1, 1], [0, 0, 0, 0, 1, 1]])
LABELS = torch.tensor([1, 2])


class Lora(torch.nn.Module):
    def __init__(self, base, A):
        super().__init__()
        self.base, self.A = base, torch.nn.Parameter(A)
        self.B = torch.nn.Parameter(torch.zeros(base.out_features, RANK, dtype=torch.float64))

    def forward(self, x):
        return self.base(x) + ALPHA / RANK * (x @ self.A.T @ self.B.T)


class Ia3(torch.nn.Module):
    def __init__(self, base, feedforward):
        super().__init__()
        self.base, self.feedforward = base, feedforward
        width = base.in_features if feedforward else base.out_features
        self.l = torch.nn.Parameter(torch.ones(width, dtype=torch.float64))

    def forward(self, x):
        return self.base(x * self.l) if self.feedforward else self.base(x) * self.l


def fresh():
    model = BertForSequenceClassification.from_pretrained(HERE / "bert-tiny", attn_implementation="eager", num_labels=3).double().eval()
    for parameter in model.parameters():
        parameter.requires_grad_(False)
    return model


def modules(model):
    for i, layer in enumerate(model.bert.encoder.layer):
        yield f"bert.encoder.layer.{i}", layer


def lora():
    model, generator, trained = fresh(), torch.Generator().manual_seed(5), {}
    for name, layer in modules(model):
        for part in ("query", "value"):
            base = getattr(layer.attention.self, part)
            A = torch.rand(RANK, base.in_features, generator=generator, dtype=torch.float64) * 0.5 - 0.25
            adapter = Lora(base, A.float().double())
            setattr(layer.attention.self, part, adapter)
            trained[f"{name}.attention.self.{part}.lora_A"], trained[f"{name}.attention.self.{part}.lora_B"] = adapter.A, adapter.B
    return model, trained


def ia3():
    model, trained = fresh(), {}
    for name, layer in modules(model):
        for part in ("key", "value"):
            adapter = Ia3(getattr(layer.attention.self, part), False)
            setattr(layer.attention.self, part, adapter)
            trained[f"{name}.attention.self.{part}.ia3"] = adapter.l
        layer.output.dense = Ia3(layer.output.dense, True)
        trained[f"{name}.output.dense.ia3"] = layer.output.dense.l
    return model, trained


def bitfit():
    model = fresh()
    return model, {name: p for name, p in model.named_parameters() if name.endswith(".bias") and not name.startswith("classifier")}


values = {"inputIds": INPUTS.int().numpy().astype(np.float32), "tokenTypeIds": TYPES.int().numpy().astype(np.float32),
          "labels": LABELS.numpy().astype(np.float32)}
for method, make in (("lora", lora), ("ia3", ia3), ("bitfit", bitfit)):
    model, trained = make()
    for name in ("classifier.weight", "classifier.bias"):
        trained[name] = dict(model.named_parameters())[name]
    for parameter in trained.values():
        parameter.requires_grad_(True)
    values.update({f"start/{method}/{name}": p.detach().numpy().astype(np.float32).copy() for name, p in trained.items()})
    optimizer, losses = torch.optim.AdamW(trained.values(), lr=RATE, weight_decay=0.0), []
    for _ in range(STEPS):
        optimizer.zero_grad()
        loss = model(input_ids=INPUTS, token_type_ids=TYPES, labels=LABELS).loss
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
    print(method, sum(p.numel() for p in trained.values()), "numbers, losses", [f"{value:.6f}" for value in losses])
    values.update({f"end/{method}/{name}": p.detach().numpy().astype(np.float32) for name, p in trained.items()})
    values[f"loss/{method}"] = np.array(losses, dtype=np.float32)
save_file({name: np.ascontiguousarray(value) for name, value in values.items()}, HERE / "methods.safetensors")
