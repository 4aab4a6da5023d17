"""
Golden logits for a model that `d90 pretrain` wrote, from Hugging Face Transformers; run by hand like bert.py. The folder `pretrained` beside
this file was made by (after a build):

    node -e 'import("./dist/test/pretraining/tiny.js").then(({ writeOracle }) => writeOracle())'
    oracle/bin/python test/oracles/pretrained.py

pretrained.safetensors: Transformers' token ids of three sentences with a mask, and the logits of BertForMaskedLM at every token. The script fails
when Transformers finds a weight missing, unexpected or of another shape, or the embeddings untied.
"""
import pathlib
import numpy as np, torch
from safetensors.numpy import save_file
from transformers import AutoModelForMaskedLM, AutoTokenizer

HERE = pathlib.Path(__file__).parent
SENTENCES = ["the company said [MASK] would sell", "Prices rose, the [MASK] said on Tuesday.", "it's"]

model, info = AutoModelForMaskedLM.from_pretrained(HERE / "pretrained", output_loading_info=True, attn_implementation="eager")
assert not any(info[key] for key in ("missing_keys", "unexpected_keys", "mismatched_keys")), info
assert model.cls.predictions.decoder.weight.data_ptr() == model.bert.embeddings.word_embeddings.weight.data_ptr()
tokenizer = AutoTokenizer.from_pretrained(HERE / "pretrained")
assert tokenizer.mask_token == "[MASK]" and tokenizer.pad_token_id == 0 and tokenizer.is_fast
batch = tokenizer(SENTENCES, padding=True, return_tensors="pt")
print([tokenizer.convert_ids_to_tokens(ids) for ids in batch["input_ids"]])
logits = model.eval().double()(**batch).logits.detach().numpy()
save_file({"input_ids": batch["input_ids"].numpy().astype(np.float32), "attention_mask": batch["attention_mask"].numpy().astype(np.float32),
           "logits": np.ascontiguousarray(logits, dtype=np.float32)}, HERE / "pretrained.safetensors")
