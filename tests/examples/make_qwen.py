#!/usr/bin/env python3
"""Makes fixtures/qwen*: tiny random Qwen2 and Qwen3 models and what transformers computes with them in float32.

Run once, with torch 2.15.0 and transformers 5.23.0 (gguf 0.19.0, numpy 2.4.6); other versions may differ in the last bits of the
logits, and draw other weights.
"""
import os

import gguf
import transformers

import hf_fixture

FOLDER = os.path.join(os.path.dirname(os.path.abspath(__file__)), "fixtures")
COMMON = {"vocab_size": hf_fixture.N_TOKENS, "hidden_size": 32, "intermediate_size": 48, "num_hidden_layers": 3,
          "num_attention_heads": 4, "num_key_value_heads": 2, "max_position_embeddings": 128, "rms_norm_eps": 1e-6,
          "attn_implementation": "eager"}
PLAIN = {"rope_type": "default", "rope_theta": 10000.0}
# Frequencies on both sides of the ramp and on it, within the 41 tokens of the text.
YARN = {"rope_type": "yarn", "rope_theta": 1000.0, "factor": 4.0, "original_max_position_embeddings": 32, "beta_fast": 1.5,
        "beta_slow": 0.25}
CASES = {
    "qwen2_biases": ("qwen2", {"tie_word_embeddings": True, "rope_parameters": PLAIN}),
    "qwen2_own_output": ("qwen2", {"tie_word_embeddings": False, "rope_parameters": PLAIN | {"rope_theta": 1e6}}),
    "qwen2_window": ("qwen2", {"tie_word_embeddings": True, "rope_parameters": PLAIN, "use_sliding_window": True,
                               "sliding_window": 7, "max_window_layers": 0}),
    "qwen2_window_above": ("qwen2", {"tie_word_embeddings": True, "rope_parameters": PLAIN, "use_sliding_window": True,
                                     "sliding_window": 7, "max_window_layers": 1}),
    "qwen2_yarn": ("qwen2", {"tie_word_embeddings": True, "rope_parameters": YARN}),
    "qwen3_norms": ("qwen3", {"tie_word_embeddings": False, "head_dim": 16, "rope_parameters": PLAIN}),
    "qwen3_tied_window": ("qwen3", {"tie_word_embeddings": True, "head_dim": 16, "rope_parameters": PLAIN,
                                    "use_sliding_window": True, "sliding_window": 5, "max_window_layers": 0}),
    "qwen3_yarn": ("qwen3", {"tie_word_embeddings": True, "head_dim": 16, "rope_parameters": YARN}),
}
CLASSES = {"qwen2": (transformers.Qwen2Config, transformers.Qwen2ForCausalLM, gguf.MODEL_ARCH.QWEN2),
           "qwen3": (transformers.Qwen3Config, transformers.Qwen3ForCausalLM, gguf.MODEL_ARCH.QWEN3)}


def add_config(writer, family, config):
    writer.add_context_length(config.max_position_embeddings)
    writer.add_embedding_length(config.hidden_size)
    writer.add_block_count(config.num_hidden_layers)
    writer.add_feed_forward_length(config.intermediate_size)
    writer.add_head_count(config.num_attention_heads)
    writer.add_head_count_kv(config.num_key_value_heads)
    writer.add_layer_norm_rms_eps(config.rms_norm_eps)
    if family == "qwen3":
        writer.add_key_length(config.head_dim)
        writer.add_value_length(config.head_dim)
    rope = config.rope_parameters
    writer.add_rope_freq_base(rope["rope_theta"])
    if rope["rope_type"] == "yarn":
        writer.add_rope_scaling_type(gguf.RopeScalingType.YARN)
        writer.add_rope_scaling_factor(rope["factor"])
        writer.add_rope_scaling_orig_ctx_len(rope["original_max_position_embeddings"])
        writer.add_rope_scaling_yarn_beta_fast(rope["beta_fast"])
        writer.add_rope_scaling_yarn_beta_slow(rope["beta_slow"])
    slides = [kind == "sliding_attention" for kind in config.layer_types]
    if any(slides):
        writer.add_sliding_window(config.sliding_window)
    if any(slides) and not all(slides):
        writer.add_sliding_window_pattern(slides)


def make(name, seed):
    family, own = CASES[name]
    config_class, model_class, arch = CLASSES[family]
    config = config_class(**COMMON, **own)
    model = model_class(config)
    hf_fixture.randomize(model, seed)
    stem = os.path.join(FOLDER, name)
    writer = gguf.GGUFWriter(stem + ".gguf", family)
    writer.add_name(name)
    add_config(writer, family, config)
    hf_fixture.write(stem, model, writer, hf_fixture.mapped_names(model, arch, config.num_hidden_layers), "qwen2")


if __name__ == "__main__":
    for i, case in enumerate(CASES):
        make(case, 100 + i)
