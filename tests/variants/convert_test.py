#!/usr/bin/env python3
# Checkpoints with the fixtures' weights through `wick quantize`: the same tensors and numbers come back, so their logits do.
import os
import struct
import sys
import tempfile
import unittest

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(HERE, "..", "end_to_end"))
import checkpoint  # noqa: E402
import program  # noqa: E402

# Of heads whose values have a width of their own no checkpoint of these classes exists.
NAMES = ["tied_gqa", "untied_mha", "mqa", "biases", "attention_biases", "wide_heads", "odd_heads", "llama3", "linear", "yarn",
         "yarn_all_keys", "window", "partial_rotary"]
SOURCES = {"attn_norm": "input_layernorm", "ffn_norm": "post_attention_layernorm", "attn_q": "self_attn.q_proj",
           "attn_k": "self_attn.k_proj", "attn_v": "self_attn.v_proj", "attn_output": "self_attn.o_proj",
           "ffn_gate": "mlp.gate_proj", "ffn_up": "mlp.up_proj", "ffn_down": "mlp.down_proj",
           "token_embd": "model.embed_tokens", "output_norm": "model.norm", "output": "lm_head"}
LLAMA3 = {"rope_type": "llama3", "factor": 8.0, "low_freq_factor": 1.0, "high_freq_factor": 4.0,
          "original_max_position_embeddings": 8192}


def halves(data, n_rows, n_heads, n_rotary=None):
    """The inverse of checkpoint.interleaved(); of each head the first n_rotary rows, or all."""
    step = len(data) // n_rows
    if n_rotary:
        heads = [data[i:i + len(data) // n_heads] for i in range(0, len(data), len(data) // n_heads)]
        cut = n_rotary * step
        return b"".join(halves(head[:cut], n_rotary, 1) + head[cut:] for head in heads)
    numbers = checkpoint.interleaved(b"".join(struct.pack("<I", i) for i in range(n_rows)), n_rows, n_heads)
    rows = [b""] * n_rows
    for i, (row,) in enumerate(struct.iter_unpack("<I", numbers)):
        rows[row] = data[i * step:(i + 1) * step]
    return b"".join(rows)


def content_of(metadata, tensors):
    n_heads = metadata["llama.attention.head_count"]
    heads = {"attn_q": n_heads, "attn_k": metadata.get("llama.attention.head_count_kv", n_heads)}
    content = {}
    for name, (kind, shape, data) in tensors.items():
        if name == "rope_freqs.weight":
            continue
        part = name.split(".")[-2]
        if part in heads:
            data = halves(data, shape[-1], heads[part], metadata.get("llama.rope.dimension_count"))
        content[checkpoint.source_name(name, SOURCES)] = (kind, shape[::-1], data)
    return content


def config_of(name, metadata, tensors):
    def key(name, fallback=None):
        return metadata.get("llama." + name, fallback)
    scaling = {ours: key("rope.scaling." + theirs) for ours, theirs in (
        ("rope_type", "type"), ("factor", "factor"), ("original_max_position_embeddings", "original_context_length"),
        ("attention_factor", "yarn_attn_factor"), ("beta_fast", "yarn_beta_fast"), ("beta_slow", "yarn_beta_slow"))}
    head_dim = key("attention.key_length", key("embedding_length") // key("attention.head_count"))
    return {"architectures": ["MistralForCausalLM" if key("attention.sliding_window") else "LlamaForCausalLM"],
            "partial_rotary_factor": key("rope.dimension_count", head_dim) / head_dim, "num_hidden_layers": key("block_count"),
            "hidden_size": key("embedding_length"), "intermediate_size": key("feed_forward_length"),
            "num_attention_heads": key("attention.head_count"), "num_key_value_heads": key("attention.head_count_kv"),
            "head_dim": key("attention.key_length"), "max_position_embeddings": key("context_length"),
            "rms_norm_eps": key("attention.layer_norm_rms_epsilon"), "rope_theta": key("rope.freq_base"),
            "rope_scaling": LLAMA3 if name == "llama3" else scaling if scaling["rope_type"] else None,
            "sliding_window": key("attention.sliding_window"), "vocab_size": tensors["token_embd.weight"][1][1],
            "tie_word_embeddings": "output.weight" not in tensors, "bos_token_id": 1, "eos_token_id": 2}


class Converted(program.TestCase):
    def test_variants_come_back(self):
        for name in NAMES:
            with self.subTest(name), tempfile.TemporaryDirectory() as folder:
                want_metadata, want = checkpoint.read_gguf(self, os.path.join(HERE, "fixtures", name + ".gguf"))
                tokens = [want_metadata["tokenizer.ggml." + key] for key in ("tokens", "scores", "token_type")]
                source, made = os.path.join(folder, name), os.path.join(folder, "made.gguf")
                checkpoint.write(source, content_of(want_metadata, want), config=config_of(name, want_metadata, want),
                                 tokenizer=checkpoint.piece_json(list(zip(*tokens))))
                self.assert_done("quantize", source, made, "--type", "F16")
                metadata, tensors = checkpoint.read_gguf(self, made)
                factors = [struct.unpack("<8f", found.pop("rope_freqs.weight")[2]) for found in (want, tensors)
                           if "rope_freqs.weight" in found]
                self.assertEqual(tensors, want)
                self.assertEqual(len(factors), 2 if name == "llama3" else 0)
                for got, expected in zip(*factors):
                    self.assertLessEqual(abs(got / expected - 1), 1e-6)
                for key, value in want_metadata.items():
                    if key.startswith("llama."):
                        self.assertEqual(metadata.get(key), value, key)


if __name__ == "__main__":
    unittest.main()
