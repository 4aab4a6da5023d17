"""Writes config-defaults.json: for each model_type of lib/models/registry.ts all fields that Transformers gives a config.json without any.

Run in an environment with transformers (5.x): python test/oracles/config_defaults.py
"""
import json
import pathlib

import transformers

MODEL_TYPES = ["bert", "roberta", "xlm-roberta", "camembert", "electra", "albert", "distilbert", "mpnet", "gpt2", "llama", "mistral", "qwen2"]


def fields(model_type):
    """The defaults; labels and version say nothing about the model."""
    known = transformers.AutoConfig.for_model(model_type).to_dict()
    return {key: value for key, value in known.items() if key not in ("transformers_version", "id2label", "label2id", "architectures")}


target = pathlib.Path(__file__).with_name("config-defaults.json")
target.write_text(json.dumps({name: fields(name) for name in MODEL_TYPES}, indent=1, sort_keys=True) + "\n")
