#!/usr/bin/env python3
"""Writes checkpoint/, a tiny LLaMA checkpoint without config.json, and the first files of corpus/: good ones, from which a fuzzer
sets out. Files that were found are not its own and stay."""
import json
import os
import struct
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(HERE, "..", "end_to_end"))
import checkpoint  # noqa: E402

checkpoint.DIM, checkpoint.FF, checkpoint.LAYERS, checkpoint.HEADS, checkpoint.KV_HEADS, checkpoint.HEAD_DIM = 16, 8, 1, 2, 1, 8
PIECES = ([("<unk>", 0, 2), ("<s>", 0, 3), ("</s>", 0, 3)] + [(f"<0x{byte:02X}>", 0, 6) for byte in range(256)]
          + [("\u2581t", -1, 1), ("he", -2, 1), ("\u2581", -4, 1), ("t", -5, 1), ("h", -6, 1), ("e", -7, 1)])


def put(target, name, data):
    folder = os.path.join(HERE, "corpus", target)
    os.makedirs(folder, exist_ok=True)
    with open(os.path.join(folder, name), "wb") as file:
        file.write(data if isinstance(data, bytes) else json.dumps(data, separators=(",", ":")).encode())


def safetensors(header, n_bytes):
    text = json.dumps(header, separators=(",", ":")).encode()
    return struct.pack("<Q", len(text)) + text + bytes(n_bytes)


def configs():
    llama = checkpoint.config()
    yield "llama", llama
    yield "mistral", {**llama, "architectures": ["MistralForCausalLM"], "sliding_window": 64, "head_dim": 8}
    for kind, more in (("llama3", {"low_freq_factor": 1.0, "high_freq_factor": 4.0, "original_max_position_embeddings": 64}),
                       ("yarn", {"original_max_position_embeddings": 64, "beta_fast": 32, "beta_slow": 1}), ("linear", {}),
                       ("longrope", {"short_factor": [1.0] * 4, "long_factor": [2.0] * 4, "original_max_position_embeddings": 64})):
        yield "rope_" + kind, {**llama, "rope_scaling": {"rope_type": kind, "factor": 8.0, **more}}
    yield "lfm2", {"architectures": ["Lfm2ForCausalLM"], "hidden_size": 16, "num_hidden_layers": 2, "num_attention_heads": 2,
                   "num_key_value_heads": 1, "intermediate_size": 8, "block_ff_dim": 8, "conv_L_cache": 3, "norm_eps": 1e-5,
                   "layer_types": ["conv", "full_attention"], "max_position_embeddings": 128, "rope_theta": 1e6, "vocab_size": 260}


def tokenizers():
    yield "byte_level", checkpoint.tokenizer()
    yield "pieces", checkpoint.piece_json(PIECES)
    unigram = checkpoint.piece_json(PIECES)
    unigram["model"] = {"type": "Unigram", "unk_id": 0, "byte_fallback": True, "vocab": [[text, score] for text, score, _ in PIECES]}
    yield "unigram", unigram


def main():
    os.makedirs(os.path.join(HERE, "checkpoint"), exist_ok=True)
    weights = {name: ("BF16", shape, bytes(2 * shape[0] * (shape[1] if len(shape) > 1 else 1)))
               for name, shape in checkpoint.shapes().items()}
    checkpoint.write_safetensors(os.path.join(HERE, "checkpoint", "model.safetensors"), weights)
    with open(os.path.join(HERE, "checkpoint", "tokenizer.json"), "w", encoding="utf-8") as file:
        json.dump(checkpoint.tokenizer(), file, separators=(",", ":"))
    for name, config in configs():
        put("config", name, config)
    for name, tokenizer in tokenizers():
        put("tokenizer", name, tokenizer)
    put("sentencepiece", "bpe", checkpoint.sentencepiece(PIECES))
    put("sentencepiece", "unigram", checkpoint.sentencepiece(PIECES, model_type=1))
    put("safetensors", "two_tensors", safetensors({
        "__metadata__": {"format": "pt"}, "a": {"dtype": "BF16", "shape": [2, 2], "data_offsets": [0, 8]},
        "b": {"dtype": "U8", "shape": [], "data_offsets": [8, 9]}}, 9))
    put("safetensors", "none", safetensors({}, 0))
    put("safetensors_index", "two_shards", {"metadata": {"total_size": 4}, "weight_map": {
        "first": "a.safetensors", "second": "b.safetensors"}})
    put("safetensors_index", "one_shard", {"weight_map": {"first": "a.safetensors"}})
    put("safetensors_index", "elsewhere", {"weight_map": {"first": "../a.safetensors"}})


if __name__ == "__main__":
    main()
