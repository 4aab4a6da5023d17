"""
Golden values for the next-sentence task of lib/models/masked-lm.ts from Hugging Face Transformers; run by hand like bert.py, results are
committed. The folder `pretrained-pairs` beside this file was made by (after a build):

    node -e 'import("./dist/test/pretraining/tiny.js").then(({ writePairsOracle }) => writePairsOracle())'
    oracle/bin/python test/oracles/next_sentence.py

next-sentence.safetensors: a random BertForPreTraining (hidden 16, 2 layers, tied embeddings) under theta/, a batch of 3 pairs with 2 masked
positions each (one of them unused) and with token types, and from float64, eager attention and no dropout: both heads' logits, the loss (the
sum of the two means, as Transformers adds them), the masked loss alone, and the gradients of all parameters of the sum.
pretrained-pairs.safetensors: BertForPreTraining's logits of two pairs by the model in `pretrained-pairs`. The script fails when Transformers
finds a weight missing, unexpected or of another shape, or the embeddings untied.
"""
import pathlib
import numpy as np, torch
from safetensors.numpy import save_file
from transformers import AutoModelForPreTraining, AutoTokenizer, BertConfig, BertForPreTraining
from bert import hashes, uniform

HERE = pathlib.Path(__file__).parent
SIZES = dict(vocab_size=64, hidden_size=16, num_hidden_layers=2, num_attention_heads=4, intermediate_size=32, max_position_embeddings=24)


def save(values, name):
    save_file({k: np.ascontiguousarray(v, dtype=np.float32) for k, v in values.items()}, HERE / f"{name}.safetensors")


model = BertForPreTraining(BertConfig(**SIZES, attn_implementation="eager")).eval()
with torch.no_grad():
    for i, (name, p) in enumerate(model.named_parameters()):
        p.copy_(torch.tensor(uniform(p.shape, i) * 0.4 + (1 if name.endswith("LayerNorm.weight") else 0)))
model = model.double()
lengths, seconds = np.array([12, 7, 9]), np.array([6, 4, 2])
columns_of = np.arange(12)[None]
mask = (columns_of < lengths[:, None]).astype(np.int64)
types = ((columns_of >= seconds[:, None]) * mask).astype(np.int64)
ids = (hashes(36, 99) % 64).astype(np.int64).reshape(3, 12) * mask
columns = np.array([[3, 10], [5, 0], [2, 7]])
asked = np.array([[17, 40], [9, -1], [63, 5]])
following = np.array([0, 1, 1])
labels = np.full((3, 12), -100)
for row in range(3):
    for column, label in zip(columns[row], asked[row]):
        if label >= 0:
            labels[row, column] = label
tensors = dict(input_ids=torch.tensor(ids), attention_mask=torch.tensor(mask), token_type_ids=torch.tensor(types))
out = model(**tensors, labels=torch.tensor(labels), next_sentence_label=torch.tensor(following))
out.loss.backward()
positions = (np.arange(3)[:, None] * 12 + columns).reshape(-1)
vocabulary_logits = out.prediction_logits.detach()
masked = torch.nn.functional.cross_entropy(vocabulary_logits.reshape(36, -1), torch.tensor(labels.reshape(-1)))
values = {"input_ids": ids, "attention_mask": mask, "token_type_ids": types, "positions": positions, "labels": asked.reshape(-1), "next_sentence": following,
          "loss": out.loss.detach().numpy().reshape(1), "masked_loss": masked.numpy().reshape(1),
          "logits": vocabulary_logits.numpy().reshape(36, -1)[positions], "next_sentence_logits": out.seq_relationship_logits.detach().numpy()}
for name, p in model.named_parameters():
    values[f"theta/{name}"] = p.detach().numpy()
    values[f"gradient/{name}"] = p.grad.numpy()
save(values, "next-sentence")
print("loss", out.loss.item(), "masked", masked.item(), list(dict(model.named_parameters())))

FOLDER = HERE / "pretrained-pairs"
PAIRS = [("he said [MASK] it", "the price."), ("it's", "the [MASK] said so.")]
written, info = AutoModelForPreTraining.from_pretrained(FOLDER, output_loading_info=True, attn_implementation="eager")
assert isinstance(written, BertForPreTraining) and not any(info[key] for key in ("missing_keys", "unexpected_keys", "mismatched_keys")), info
assert written.cls.predictions.decoder.weight.data_ptr() == written.bert.embeddings.word_embeddings.weight.data_ptr()
batch = AutoTokenizer.from_pretrained(FOLDER)(*map(list, zip(*PAIRS)), padding=True, return_tensors="pt")
print(batch["input_ids"].shape, batch["token_type_ids"])
told = written.eval().double()(**batch)
save({**{key: batch[key].numpy() for key in ("input_ids", "attention_mask", "token_type_ids")}, "logits": told.prediction_logits.detach().numpy(),
      "next_sentence_logits": told.seq_relationship_logits.detach().numpy()}, "pretrained-pairs")
