"""
Golden vocabulary for lib/pretraining/bytePairs.ts from Hugging Face's Rust BpeTrainer; run by hand like bert.py:

    oracle/bin/python test/oracles/byte_pairs.py

byte-pairs.json: the tokenizer.json that the trainer and RoBERTa's processor make of the sentences of data/paraphrases, with 700 pieces, and
the ids of texts and pairs that its tokenizer gives.
"""
import json, pathlib
from tokenizers import AddedToken, Tokenizer, decoders, models, pre_tokenizers, processors, trainers

HERE = pathlib.Path(__file__).parent
SPECIAL = ["<s>", "<pad>", "</s>", "<unk>", AddedToken("<mask>", lstrip=True, special=True)]
TEXTS = [
    ("Prices rose 1,234.5 points on Tuesday, it's said.", None), ("the company <mask> would sell", None), ("  two  spaces\nand\ta tab ", None),
    ("na\u00efve \u4e2d\u6587 \U0001f600 \u0130\u00df \u00ad", None), ("", None), ("We'll see", "They'd have seen it"), ("unseenwordsarecut", ""),
]
rows = (HERE.parent.parent / "data" / "paraphrases" / "train.tsv").read_text(encoding="utf-8").split("\n")[1:]
lines = [text for row in rows if row for text in row.split("\t")[3:5]]
tokenizer = Tokenizer(models.BPE())
tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=True)
tokenizer.decoder = decoders.ByteLevel()
tokenizer.train_from_iterator(lines, trainers.BpeTrainer(
    vocab_size=700, min_frequency=2, special_tokens=SPECIAL, initial_alphabet=pre_tokenizers.ByteLevel.alphabet(), show_progress=False))
tokenizer.post_processor = processors.RobertaProcessing(("</s>", 2), ("<s>", 0), trim_offsets=True, add_prefix_space=True)
cases = [{"text": text, "text2": text2, "inputIds": tokenizer.encode(text, text2).ids} for text, text2 in TEXTS]
golden = {"tokenizer": json.loads(tokenizer.to_str()), "cases": cases}
(HERE / "byte-pairs.json").write_text(json.dumps(golden, ensure_ascii=False) + "\n", encoding="utf-8")
print(tokenizer.get_vocab_size(), [tokenizer.encode(text).tokens for text, _ in TEXTS[:3]])
