"""
Golden token ids of every kind of tokenizer that the architectures come with, from Hugging Face's Rust tokenizers; run by hand,
the results are committed:

    python -m venv oracle && oracle/bin/pip install transformers==5.23.*
    oracle/bin/python test/oracles/tokenizers_by_kind.py

It writes tokenizers/<kind>.json: a tiny tokenizer.json, trained on the sentences below, and ids and types of texts written here.
"""
import json, pathlib
from tokenizers import AddedToken, Regex, Tokenizer, decoders, models, normalizers, pre_tokenizers, processors, trainers
from tokenizer import PAIRS, SINGLES, case

FOLDER = pathlib.Path(__file__).parent / "tokenizers"
CORPUS = [text for text in SINGLES if len(text) < 90] + [text for pair in PAIRS for text in pair] + [
    "The committee met on Monday and agreed on the budget for the coming year.", "Nobody agreed on the coming budget, the committee said on Monday.",
    "A storm passed over the coast, and the harbour was closed for the night.", "They've said it isn't what we'd hoped; I'll say no more!", "déjà vu, naïve café"]
LLAMA3 = r"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+"
SPECIAL = ["<s>", "<pad>", "</s>", "<unk>", "<mask>"]


def added(tokenizer):
    """RoBERTa's and XLM-R's mask takes the space before it."""
    tokenizer.add_special_tokens([AddedToken("<mask>", lstrip=True, normalized=False)])
    return tokenizer


def byte_level(post):
    tokenizer = Tokenizer(models.BPE())
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    tokenizer.decoder = decoders.ByteLevel()
    trainer = trainers.BpeTrainer(vocab_size=420, special_tokens=SPECIAL, initial_alphabet=pre_tokenizers.ByteLevel.alphabet())
    tokenizer.train_from_iterator(CORPUS, trainer)
    tokenizer.post_processor = post(tokenizer)
    return added(tokenizer)


def roberta():
    return byte_level(lambda t: processors.RobertaProcessing(sep=("</s>", t.token_to_id("</s>")), cls_token=("<s>", t.token_to_id("<s>")), add_prefix_space=False))


def gpt2():
    return byte_level(lambda t: processors.ByteLevel(trim_offsets=False))


def marks(tokenizer, single, pair, names):
    return processors.TemplateProcessing(single=single, pair=pair, special_tokens=[(name, tokenizer.token_to_id(name)) for name in names])


def llama3():
    tokenizer = byte_level(lambda t: processors.Sequence([processors.ByteLevel(trim_offsets=False), marks(t, "<s> $A", "<s> $A <s>:1 $B:1", ["<s>"])]))
    tokenizer.pre_tokenizer = pre_tokenizers.Sequence([pre_tokenizers.Split(Regex(LLAMA3), "isolated"), pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=False)])
    return tokenizer


def unigram(normalizer, pre_tokenizer, single, pair, names, special):
    tokenizer = Tokenizer(models.Unigram())
    tokenizer.normalizer, tokenizer.pre_tokenizer, tokenizer.decoder = normalizer, pre_tokenizer, decoders.Metaspace()
    tokenizer.train_from_iterator(CORPUS, trainers.UnigramTrainer(vocab_size=320, special_tokens=special, unk_token="<unk>"))
    tokenizer.post_processor = marks(tokenizer, single, pair, names)
    return tokenizer


def xlm_roberta():
    spaces = normalizers.Sequence([normalizers.NFKC(), normalizers.Replace(Regex(" {2,}"), " ")])
    pre = pre_tokenizers.Sequence([pre_tokenizers.WhitespaceSplit(), pre_tokenizers.Metaspace()])
    return added(unigram(spaces, pre, "<s> $A </s>", "<s> $A </s> </s> $B </s>", ["<s>", "</s>"], SPECIAL))


def albert():
    text = normalizers.Sequence([normalizers.Replace("``", '"'), normalizers.Replace("''", '"'), normalizers.NFKD(), normalizers.StripAccents(),
                                 normalizers.Lowercase(), normalizers.Replace(Regex(" {2,}"), " ")])
    return unigram(text, pre_tokenizers.Metaspace(), "[CLS] $A [SEP]", "[CLS] $A [SEP] $B:1 [SEP]:1", ["[CLS]", "[SEP]"], ["<pad>", "<unk>", "[CLS]", "[SEP]", "[MASK]"])


def llama():
    """SentencePiece's BPE: no pre-tokenizer, unknown characters as their bytes."""
    tokenizer = Tokenizer(models.BPE(byte_fallback=True, unk_token="<unk>", fuse_unk=True))
    tokenizer.normalizer = normalizers.Sequence([normalizers.Prepend("▁"), normalizers.Replace(" ", "▁")])
    trained = Tokenizer(models.BPE())
    trained.pre_tokenizer = pre_tokenizers.Metaspace()
    special = ["<unk>", "<s>", "</s>"] + [f"<0x{byte:02X}>" for byte in range(256)]
    trained.train_from_iterator(CORPUS[-5:], trainers.BpeTrainer(vocab_size=460, special_tokens=special))
    fields = json.loads(tokenizer.to_str())
    fields["model"] |= {key: json.loads(trained.to_str())["model"][key] for key in ("vocab", "merges")}
    tokenizer = Tokenizer.from_str(json.dumps(fields))
    tokenizer.post_processor = marks(tokenizer, "<s> $A", "<s> $A <s>:1 $B:1", ["<s>"])
    tokenizer.add_special_tokens(["<unk>", "<s>", "</s>"])
    return tokenizer


def mpnet():
    tokenizer = Tokenizer(models.WordPiece(unk_token="[UNK]"))
    tokenizer.normalizer, tokenizer.pre_tokenizer = normalizers.BertNormalizer(), pre_tokenizers.BertPreTokenizer()
    tokenizer.train_from_iterator(CORPUS, trainers.WordPieceTrainer(vocab_size=360, special_tokens=["<s>", "<pad>", "</s>", "[UNK]", "<mask>"]))
    tokenizer.post_processor = processors.RobertaProcessing(sep=("</s>", 2), cls_token=("<s>", 0), add_prefix_space=False)
    return tokenizer


if __name__ == "__main__":
    FOLDER.mkdir(exist_ok=True)
    for make in (roberta, gpt2, llama3, xlm_roberta, albert, llama, mpnet):
        rust = make()
        singles = [text for text in SINGLES if len(text) < 120] + ["They've said it isn't what we'd hoped", "a <mask> b</s>", "  two  spaces "]
        cases = [case(rust, text, None, None) for text in singles] + [case(rust, *pair, length) for pair in PAIRS for length in (None, 6, 9)]
        golden = {"tokenizer": json.loads(rust.to_str()), "cases": cases}
        golden["tokenizer"]["truncation"] = golden["tokenizer"]["padding"] = None
        path = FOLDER / f"{make.__name__.replace('_', '-')}.json"
        path.write_text(json.dumps(golden, ensure_ascii=True, separators=(",", ":")).replace('{"text"', '\n{"text"') + "\n")
        print(path.name, path.stat().st_size)
