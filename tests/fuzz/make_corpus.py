#!/usr/bin/env python3
"""Writes checkpoint/, a tiny LLaMA checkpoint without config.json, and the first files of corpus/: good ones, from which a fuzzer
sets out, and bad ones by what is bad in them. Files that were found are not its own and stay."""
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


def hostile_configs():
    """A good config with one thing wrong."""
    llama = checkpoint.config()
    for name, change in (
            ("no_class", {"architectures": []}), ("layers_beyond_measure", {"num_hidden_layers": 2**62}),
            ("layers_negative", {"num_hidden_layers": -1}), ("heads_many", {"num_attention_heads": 16384}),
            ("heads_of_nothing", {"head_dim": 0}), ("vocabulary_beyond_measure", {"vocab_size": 2**63}),
            ("numbers_as_text", {"hidden_size": "16"}), ("theta_infinite", {"rope_theta": 1e308}),
            ("rope_of_itself", {"rope_scaling": {"rope_scaling": {"rope_scaling": {}}}}),
            ("factors_beyond_measure", {"rope_scaling": {"rope_type": "yarn", "factor": 1e-300}}),
            ("turning_nothing", {"partial_rotary_factor": 1e-9}), ("turning_a_third", {"partial_rotary_factor": 0.34}),
            ("two_names_for_one_key", {"rope_scaling.rope_type": "yarn", "rope_scaling": {"rope_type": "linear", "factor": 2}}),
            ("packed", {"quantization_config": {"quant_method": "gptq\x1b[2J"}}),
            ("lists_of_everything", {"eos_token_id": [1, 2.5, "x", None, [], {}]}),
            ("class_with_control_characters", {"architectures": ["Llama\x1b[2J\n"]})):
        yield name, {**llama, **change}
    yield "a_list", []


def hostile_tokenizers():
    good = checkpoint.tokenizer()
    for name, change in (
            ("no_model", {"model": None}), ("ids_apart", {"model": {**good["model"], "vocab": {"a": 0, "b": 299}}}),
            ("ids_beyond_measure", {"model": {**good["model"], "vocab": {"a": 2**53}}}),
            ("ids_negative", {"model": {**good["model"], "vocab": {"a": -1}}}),
            ("merges_of_nothing", {"model": {**good["model"], "merges": ["", " ", "a", "a  b", ["a", "b", "c"]]}}),
            ("added_twice", {"added_tokens": [{"id": 1, "content": "x"}, {"id": 1, "content": "y"}]}),
            ("steps_in_steps", {"pre_tokenizer": {"type": "Sequence", "pretokenizers": [
                {"type": "Sequence", "pretokenizers": [{"type": "Sequence", "pretokenizers": []}]}]}}),
            ("pattern_without_end", {"pre_tokenizer": {"type": "Split", "pattern": {"Regex": "((((a+)+)+)+"}, "behavior": "Isolated"}}),
            ("names_with_control_characters", {"normalizer": {"type": "\x1b[2J\n"}}),
            ("processor_of_numbers", {"post_processor": {"type": "TemplateProcessing", "single": [1, 2]}})):
        yield name, {**good, **change}


def hostile_headers():
    def one(**changes):
        return safetensors({"a": {"dtype": "U8", "shape": [4], "data_offsets": [0, 4], **changes}}, 4)
    yield "shape_overflows", one(shape=[2**32, 2**32, 2**32])
    yield "shape_negative", one(shape=[-4])
    yield "offsets_backwards", one(data_offsets=[4, 0])
    yield "offsets_beyond_the_end", one(data_offsets=[0, 2**63])
    yield "offsets_of_one", one(data_offsets=[0])
    yield "dtype_unknown", one(dtype="U\x1b[2J")
    yield "dimensions_many", one(shape=[1] * 65)
    yield "half_bytes", one(dtype="F4", shape=[7])
    yield "key_twice", struct.pack("<Q", 15) + b'{"a":{},"a":{}}'
    yield "header_beyond_the_end", struct.pack("<Q", 2**63) + b"{}"
    yield "nested", struct.pack("<Q", 20000) + b'{"a":' * 4000
    yield "overlap", safetensors({name: {"dtype": "U8", "shape": [3], "data_offsets": [i, i + 3]}
                                  for i, name in enumerate("ab")}, 4)


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
    for name, config in [*configs(), *hostile_configs()]:
        put("config", name, config)
    for name, tokenizer in [*tokenizers(), *hostile_tokenizers()]:
        put("tokenizer", name, tokenizer)
    put("sentencepiece", "bpe", checkpoint.sentencepiece(PIECES))
    model = checkpoint.sentencepiece(PIECES)
    put("sentencepiece", "cut", model[:len(model) // 2])
    put("sentencepiece", "length_beyond_the_end", b"\x0a\xff\xff\xff\xff\xff\xff\xff\xff\x7f")
    put("sentencepiece", "number_without_end", b"\x0a" + b"\x80" * 20)
    put("sentencepiece", "piece_of_type_9", checkpoint.sentencepiece([("a", 0, 9)]))
    put("sentencepiece", "score_of_nan", checkpoint.sentencepiece([("a", float("nan"), 1)]))
    put("sentencepiece", "two_of_one_text", checkpoint.sentencepiece([("a", 0, 1), ("a", 0, 1)]))
    put("sentencepiece", "unigram", checkpoint.sentencepiece(PIECES, model_type=1))
    put("safetensors", "two_tensors", safetensors({
        "__metadata__": {"format": "pt"}, "a": {"dtype": "BF16", "shape": [2, 2], "data_offsets": [0, 8]},
        "b": {"dtype": "U8", "shape": [], "data_offsets": [8, 9]}}, 9))
    for name, data in hostile_headers():
        put("safetensors", name, data)
    put("safetensors", "none", safetensors({}, 0))
    put("safetensors_index", "two_shards", {"metadata": {"total_size": 4}, "weight_map": {
        "first": "a.safetensors", "second": "b.safetensors"}})
    put("safetensors_index", "one_shard", {"weight_map": {"first": "a.safetensors"}})
    put("safetensors_index", "numbers", {"weight_map": {"first": 1, "second": None}})
    put("safetensors_index", "other_shard", {"weight_map": {"first": "b.safetensors", "second": "a.safetensors"}})
    put("safetensors_index", "itself", {"weight_map": {"first": "model.safetensors.index.json"}})
    put("safetensors_index", "elsewhere", {"weight_map": {"first": "../a.safetensors"}})


if __name__ == "__main__":
    main()
