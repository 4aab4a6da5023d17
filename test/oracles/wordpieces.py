"""
Golden vocabularies for lib/pretraining/wordpiece.ts from Hugging Face's Rust WordPieceTrainer; run by hand like bert.py:

    oracle/bin/python test/oracles/wordpieces.py

wordpieces.json: for several sizes, the vocabulary (sorted) that the trainer learns from the sentences of data/paraphrases, lower-cased and
split as BERT does. Ids of continuing characters follow a hash map there, and pairs of equal count the ids, so sets are compared.
"""
import json, pathlib
from tokenizers import Tokenizer, models, normalizers, pre_tokenizers, trainers

HERE = pathlib.Path(__file__).parent
SPECIAL = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"]
rows = (HERE.parent.parent / "data" / "paraphrases" / "train.tsv").read_text(encoding="utf-8").split("\n")[1:]
lines = [text for row in rows if row for text in row.split("\t")[3:5]]
vocabularies = {}
for size in (150, 400, 1000):
    tokenizer = Tokenizer(models.WordPiece(unk_token="[UNK]"))
    tokenizer.normalizer = normalizers.BertNormalizer(lowercase=True)
    tokenizer.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    tokenizer.train_from_iterator(lines, trainers.WordPieceTrainer(vocab_size=size, min_frequency=2, limit_alphabet=1000, special_tokens=SPECIAL, show_progress=False))
    vocabularies[size] = sorted(tokenizer.get_vocab())
(HERE / "wordpieces.json").write_text(json.dumps(vocabularies, ensure_ascii=False) + "\n", encoding="utf-8")
print({size: len(words) for size, words in vocabularies.items()})
