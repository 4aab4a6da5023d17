"""
Golden values for lib/models/masked-lm.ts from Hugging Face Transformers; run by hand like bert.py, results are committed:

    oracle/bin/python test/oracles/masked_lm.py

masked-lm.safetensors: a random BertForMaskedLM (hidden 16, 2 layers, tied embeddings) under theta/, a batch of 3 rows with 2 masked
positions each (one of them unused), and from float64, eager attention and no dropout: logits at the positions, the mean loss over the
labels that are not ignored, and the gradients of all parameters.
"""
import pathlib
import numpy as np, torch
from safetensors.numpy import save_file
from transformers import BertConfig, BertForMaskedLM
from bert import hashes, uniform

HERE = pathlib.Path(__file__).parent
SIZES = dict(vocab_size=64, hidden_size=16, num_hidden_layers=2, num_attention_heads=4, intermediate_size=32, max_position_embeddings=24)

model = BertForMaskedLM(BertConfig(**SIZES, attn_implementation="eager")).eval()
with torch.no_grad():
    for i, (name, p) in enumerate(model.named_parameters()):
        p.copy_(torch.tensor(uniform(p.shape, i) * 0.4 + (1 if name.endswith("LayerNorm.weight") else 0)))
model = model.double()
lengths = np.array([12, 7, 9])
mask = (np.arange(12)[None] < lengths[:, None]).astype(np.int64)
ids = (hashes(36, 99) % 64).astype(np.int64).reshape(3, 12) * mask
columns = np.array([[3, 10], [5, 0], [2, 7]])
asked = np.array([[17, 40], [9, -1], [63, 5]])
labels = np.full((3, 12), -100)
for row in range(3):
    for column, label in zip(columns[row], asked[row]):
        if label >= 0:
            labels[row, column] = label
out = model(input_ids=torch.tensor(ids), attention_mask=torch.tensor(mask), token_type_ids=torch.zeros(3, 12, dtype=torch.long), labels=torch.tensor(labels))
out.loss.backward()
positions = (np.arange(3)[:, None] * 12 + columns).reshape(-1)
values = {"input_ids": ids, "attention_mask": mask, "positions": positions, "labels": asked.reshape(-1), "loss": out.loss.detach().numpy().reshape(1),
          "logits": out.logits.detach().numpy().reshape(36, -1)[positions]}
for name, p in model.named_parameters():
    values[f"theta/{name}"] = p.detach().numpy()
    values[f"gradient/{name}"] = p.grad.numpy()
save_file({k: np.ascontiguousarray(v, dtype=np.float32) for k, v in values.items()}, HERE / "masked-lm.safetensors")
print("loss", out.loss.item(), list(dict(model.named_parameters())))
