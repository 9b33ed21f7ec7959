#!/usr/bin/env python3
"""check_reference.py ember FOLDER | transformers: is reference.py right? Not run by the tests.

ember         a trained checkpoint with logits of Hugging Face's own run beside it (reference/)
transformers  every variant that LlamaForCausalLM or MistralForCausalLM can express, weights in float64; needs torch and
              transformers (4.46 on): its YaRN takes max_position_embeddings for the original context up to 4.48
"""
import json
import os
import struct
import sys

import numpy as np

import make_variants
import reference


def read_safetensors(path):
    with open(path, "rb") as file:
        (n_bytes,) = struct.unpack("<Q", file.read(8))
        header, data = json.loads(file.read(n_bytes)), file.read()
    tensors = {}
    for name, entry in header.items():
        if name != "__metadata__":
            begin, end = entry["data_offsets"]
            assert entry["dtype"] == "BF16", f"{name}: {entry['dtype']} is not read here"
            bits = np.frombuffer(data[begin:end], "<u2").astype(np.uint32) << 16
            tensors[name] = bits.view(np.float32).reshape(entry["shape"])
    return tensors


def check_ember(folder):
    with open(os.path.join(folder, "config.json")) as file:
        values = json.load(file)
    fields = ("hidden_size", "intermediate_size", "num_hidden_layers", "num_attention_heads", "num_key_value_heads",
              "head_dim", "vocab_size", "max_position_embeddings", "rms_norm_eps")
    config = reference.Config(**{name: values[name] for name in fields}, tied=values["tie_word_embeddings"],
                              rope_theta=values["rope_parameters"]["rope_theta"])
    weights = read_safetensors(os.path.join(folder, "model.safetensors"))
    with open(os.path.join(folder, "reference", "reference.json")) as file:
        cases = json.load(file)["cases"]
    for case in cases:
        if "logits" not in case:
            continue
        theirs = np.load(os.path.join(folder, "reference", case["logits"])).astype(np.float64)
        ours = reference.logits(config, weights, case["ids"])[: len(theirs)]
        worst = max(make_variants.relative(a, b) for a, b in zip(ours, theirs))
        print(f"{case['logits']}: {len(theirs)} rows, largest relative error {worst:.1e}")
        assert worst < 2e-6


def hugging_face_model(config):
    import transformers

    if config.value_dim != config.head_dim or config.n_rotary != config.head_dim:
        return None
    values = {name: getattr(config, name) for name in (
        "hidden_size", "intermediate_size", "num_hidden_layers", "num_attention_heads", "num_key_value_heads", "head_dim",
        "vocab_size", "max_position_embeddings", "rms_norm_eps", "rope_theta")}
    values |= {"tie_word_embeddings": config.tied, "attn_implementation": "eager", "torch_dtype": "float64"}
    if config.sliding_window:
        return transformers.MistralForCausalLM(transformers.MistralConfig(sliding_window=config.sliding_window, **values))
    scaling = dict(config.rope_scaling or {})
    if scaling.get("rope_type") == "yarn" and tuple(map(int, transformers.__version__.split(".")[:2])) < (4, 49):
        values["max_position_embeddings"] = scaling.pop("original_max_position_embeddings")
    return transformers.LlamaForCausalLM(transformers.LlamaConfig(
        rope_scaling=scaling or None, attention_bias="q_proj" in config.biases, mlp_bias="up_proj" in config.biases, **values))


def check_transformers():
    import torch

    for seed, (name, (config, *_)) in enumerate(make_variants.VARIANTS.items(), 1):
        model = hugging_face_model(config)
        if model is None:
            print(f"{name:18} is not one of theirs")
            continue
        weights = make_variants.random_weights(config, seed)
        given = {key: torch.from_numpy(value.astype(np.float64)) for key, value in weights.items()}
        missing, unexpected = model.double().load_state_dict(given, strict=False)
        zeroed = [key for key in missing if key.endswith(".bias")]  # theirs has all four of attention, or none
        for key in zeroed:
            model.state_dict()[key].zero_()
        assert not unexpected and not set(missing) - set(zeroed) - {"lm_head.weight"}, (missing, unexpected)
        with torch.no_grad():
            theirs = model(torch.tensor([make_variants.PROMPT])).logits[0].numpy()
        ours = reference.logits(config, weights, make_variants.PROMPT)
        worst = max(make_variants.relative(a, b) for a, b in zip(ours, theirs))
        print(f"{name:18} {type(model).__name__}: largest relative error of a row {worst:.1e}")
        assert worst < 1e-5  # their norms, angles and softmax are float32, whatever the weights are


if __name__ == "__main__":
    if len(sys.argv) == 3 and sys.argv[1] == "ember":
        check_ember(sys.argv[2])
    elif sys.argv[1:] == ["transformers"]:
        check_transformers()
    else:
        sys.exit(__doc__)
