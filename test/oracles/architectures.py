"""
Golden values for every architecture of lib/models from Hugging Face Transformers; run by hand, results are committed:

    python -m venv oracle && oracle/bin/pip install torch==2.13.* transformers==5.23.* numpy safetensors
    oracle/bin/python test/oracles/architectures.py

One file a case in architectures/: its metadata holds config.json and the parameters' names in Transformers' order, the head
last (XLM-R and CamemBERT have it first); its tensors the batch (three texts of 12, 5 and 9 tokens, padded right), logits and
gradients of it, and for decoders, which read the last token, logits of the same texts padded left. The weights are not kept: parameter i is `uniform(shape, i)` times 0.4, plus 1 for a norm's weight, and
test/models/architectures.ts makes the same numbers.

Everything but that is computed in float64, eager attention, no dropout; the loss is the mean cross-entropy. Where positions follow the
mask (decoders with position tables), Transformers is given those positions, as its `generate` does.
"""
import json
import numpy as np, torch
from safetensors.numpy import save_file
from transformers import AutoConfig, AutoModelForSequenceClassification
from bert import HERE, hashes, run, uniform

FOLDER = HERE / "architectures"
LENGTHS, WIDTH, LABELS = np.array([12, 5, 9]), 12, 3

BERT = dict(vocab_size=48, hidden_size=12, num_hidden_layers=2, num_attention_heads=3, intermediate_size=20, max_position_embeddings=18, layer_norm_eps=1e-5)
DISTILBERT = dict(vocab_size=48, dim=12, n_layers=2, n_heads=3, hidden_dim=20, max_position_embeddings=18)
GPT2 = dict(vocab_size=48, n_embd=12, n_layer=2, n_head=3, n_positions=18, pad_token_id=0)
LLAMA = dict(vocab_size=48, hidden_size=16, num_hidden_layers=2, num_attention_heads=4, num_key_value_heads=2, intermediate_size=20,
             max_position_embeddings=18, pad_token_id=0)
LLAMA3 = dict(rope_type="llama3", rope_theta=100.0, factor=8.0, low_freq_factor=1.0, high_freq_factor=4.0, original_max_position_embeddings=16)

CASES = {
    "bert": dict(model_type="bert", **BERT),
    "roberta": dict(model_type="roberta", type_vocab_size=1, **BERT),
    "roberta-two-types": dict(model_type="roberta", pad_token_id=3, hidden_act="quick_gelu", **BERT),
    "xlm-roberta": dict(model_type="xlm-roberta", type_vocab_size=1, **BERT),
    "camembert": dict(model_type="camembert", type_vocab_size=1, **BERT),
    "electra": dict(model_type="electra", embedding_size=8, **BERT),
    "electra-wide": dict(model_type="electra", embedding_size=12, hidden_act="mish", **BERT),
    "albert": dict(model_type="albert", embedding_size=8, **BERT | dict(num_hidden_layers=3)),
    "albert-groups": dict(model_type="albert", embedding_size=8, num_hidden_groups=2, inner_group_num=2, hidden_act="relu",
                          **BERT | dict(num_hidden_layers=4)),
    "distilbert": dict(model_type="distilbert", **DISTILBERT),
    "mpnet": dict(model_type="mpnet", **BERT),
    "gpt2": dict(model_type="gpt2", **GPT2),
    "gpt2-scaled": dict(model_type="gpt2", scale_attn_weights=False, scale_attn_by_inverse_layer_idx=True, n_inner=20, **GPT2),
    "llama": dict(model_type="llama", rope_parameters=dict(rope_type="default", rope_theta=100.0), **LLAMA),
    "llama-3": dict(model_type="llama", rope_parameters=LLAMA3, attention_bias=True, mlp_bias=True, head_dim=6, **LLAMA),
    "llama-linear": dict(model_type="llama", rope_parameters=dict(rope_type="linear", rope_theta=100.0, factor=2.0), **LLAMA),
    "llama-yarn": dict(model_type="llama", rope_parameters=dict(rope_type="yarn", rope_theta=100.0, factor=4.0,
                       original_max_position_embeddings=8), **LLAMA | dict(num_key_value_heads=4)),
    "mistral": dict(model_type="mistral", rope_parameters=dict(rope_type="default", rope_theta=100.0), sliding_window=16, **LLAMA),
    "qwen2": dict(model_type="qwen2", rope_parameters=dict(rope_type="default", rope_theta=100.0), **LLAMA),
    "llama-dynamic": dict(model_type="llama", rope_parameters=dict(rope_type="dynamic", rope_theta=100.0, factor=2.0), **LLAMA),
}
DECODERS, BY_MASK = {"gpt2", "llama", "mistral", "qwen2"}, {"gpt2"}


def tokens(config):
    """Ids, types and mask, padded right. No id of a token is the padding's, whose row has no gradient in PyTorch."""
    pad = config.pad_token_id
    ids = 4 + (hashes(len(LENGTHS) * WIDTH, 99) % (config.vocab_size - 4)).astype(np.int64).reshape(-1, WIDTH)
    mask = (np.arange(WIDTH)[None] < LENGTHS[:, None]).astype(np.int64)
    types = (np.arange(WIDTH)[None] >= (LENGTHS // 2)[:, None]).astype(np.int64) * mask
    return {"input_ids": np.where(mask == 1, ids, pad), "attention_mask": mask, "token_type_ids": types}


def left(batch, pad):
    """The same texts with the padding before them."""
    return {name: np.stack([np.roll(row, WIDTH - n) for row, n in zip(values, LENGTHS)]) for name, values in batch.items()}


def inputs_of(model, batch):
    given = {"input_ids": batch["input_ids"], "attention_mask": batch["attention_mask"]}
    if getattr(model.config, "type_vocab_size", 1) > 1:
        given["token_type_ids"] = batch["token_type_ids"]
    if model.config.model_type in BY_MASK:
        given["position_ids"] = np.maximum(np.cumsum(batch["attention_mask"], 1) - 1, 0)
    return {name: torch.tensor(values) for name, values in given.items()}


def parameters(model):
    """(name, parameter) in Transformers' order, the head last."""
    base = model.base_model_prefix + "."
    return sorted(model.named_parameters(), key=lambda item: not item[0].startswith(base))


def model_of(fields):
    settings = {k: v for k, v in fields.items() if k != "model_type"}
    config = AutoConfig.for_model(fields["model_type"], **settings, num_labels=LABELS)
    model = AutoModelForSequenceClassification.from_config(config, attn_implementation="eager").eval()
    with torch.no_grad():
        for i, (name, p) in enumerate(parameters(model)):
            is_norm = p.dim() == 1 and name.endswith(".weight")
            p.copy_(torch.tensor(uniform(p.shape, i) * 0.4 + (1 if is_norm else 0)))
    return model


def case(name, fields):
    model = model_of(fields)
    batch, labels = tokens(model.config), np.array([2, 0, 1])
    logits, gradients = run(model.double(), inputs_of(model, batch), torch.tensor(labels))
    values = {**batch, "labels": labels, "logits": logits}
    values |= {f"gradient/{key}": gradient for key, gradient in gradients.items()}
    if model.config.model_type in DECODERS:
        # in float32: in float64 Transformers' mask of the padding's own rows makes a Llama's logits NaN
        values["left/logits"] = model.float()(**inputs_of(model, left(batch, model.config.pad_token_id))).logits.detach().numpy()
    if model.config.model_type == "mpnet":  # the bucket of each distance from -600 to 600
        values["buckets"] = model.mpnet.encoder.relative_position_bucket(torch.arange(-600, 601)).numpy()
    names = {key: list(p.shape) for key, p in parameters(model)}
    path = FOLDER / f"{name}.safetensors"
    save_file({k: np.ascontiguousarray(v, dtype=np.float32) for k, v in values.items()}, path,
              {"config": json.dumps(fields), "names": json.dumps(names)})
    print(f"{name}: {path.stat().st_size} bytes, logits {np.abs(logits).max():.2f}")


if __name__ == "__main__":
    FOLDER.mkdir(exist_ok=True)
    for name, fields in CASES.items():
        case(name, fields)
