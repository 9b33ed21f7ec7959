#!/usr/bin/env python3
"""Makes fixtures/lfm2*: tiny random LFM2 and LFM2-MoE models and what transformers computes with them in float32.

Run once, with torch 2.15.0 and transformers 5.23.0 (gguf 0.19.0, numpy 2.4.6); see tests/examples/hf_fixture.py. transformers
has no sliding window for these models, so none is here.
"""
import os
import sys

import gguf
import transformers

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(HERE, "..", "examples"))
import hf_fixture  # noqa: E402

FOLDER = os.path.join(HERE, "fixtures")
LAYERS = ["conv", "full_attention", "conv", "full_attention"]
COMMON = {"vocab_size": hf_fixture.N_TOKENS, "hidden_size": 32, "intermediate_size": 48, "num_hidden_layers": len(LAYERS),
          "num_attention_heads": 4, "num_key_value_heads": 2, "max_position_embeddings": 128, "norm_eps": 1e-5,
          "layer_types": LAYERS, "rope_parameters": {"rope_type": "default", "rope_theta": 1000000.0},
          "attn_implementation": "eager"}
DENSE = {"block_auto_adjust_ff_dim": False}
MOE = {"moe_intermediate_size": 24, "num_experts": 6, "num_experts_per_tok": 2, "num_dense_layers": 1}
CASES = {
    "lfm2_cache3": ("lfm2", DENSE | {"conv_L_cache": 3, "tie_word_embeddings": True}),
    "lfm2_cache4": ("lfm2", DENSE | {"conv_L_cache": 4, "tie_word_embeddings": True}),
    "lfm2_cache2_own_output": ("lfm2", DENSE | {"conv_L_cache": 2, "tie_word_embeddings": False}),
    "lfm2moe": ("lfm2moe", MOE | {"conv_L_cache": 3}),
    "lfm2moe_all_sparse": ("lfm2moe", MOE | {"conv_L_cache": 3, "num_dense_layers": 0, "num_experts_per_tok": 3}),
}
CLASSES = {"lfm2": (transformers.Lfm2Config, transformers.Lfm2ForCausalLM, gguf.MODEL_ARCH.LFM2),
           "lfm2moe": (transformers.Lfm2MoeConfig, transformers.Lfm2MoeForCausalLM, gguf.MODEL_ARCH.LFM2MOE)}


def add_config(writer, family, config):
    writer.add_vocab_size(config.vocab_size)
    writer.add_context_length(config.max_position_embeddings)
    writer.add_embedding_length(config.hidden_size)
    writer.add_block_count(config.num_hidden_layers)
    writer.add_feed_forward_length(config.intermediate_size)
    writer.add_head_count(config.num_attention_heads)
    writer.add_head_count_kv([config.num_key_value_heads if kind == "full_attention" else 0 for kind in config.layer_types])
    writer.add_layer_norm_rms_eps(config.norm_eps)
    writer.add_rope_freq_base(config.rope_parameters["rope_theta"])
    writer.add_shortconv_l_cache(config.conv_L_cache)
    if family == "lfm2moe":
        writer.add_expert_count(config.num_experts)
        writer.add_expert_used_count(config.num_experts_per_tok)
        writer.add_expert_feed_forward_length(config.moe_intermediate_size)
        writer.add_leading_dense_block_count(config.num_dense_layers)
        writer.add_expert_gating_func(gguf.ExpertGatingFuncType.SIGMOID)


def converted(tensors):
    """What gguf's table does not do: the convolution's empty dimension, experts side by side, a bias without that suffix."""
    result = {}
    for name, value in tensors.items():
        if name == "lm_head.weight":
            result["output.weight"] = value
        elif ".shortconv.conv" in name:
            result[name] = value.squeeze(1)
        elif name.endswith("exp_probs_b"):
            result[name + ".bias"] = value
        elif name.endswith("experts.gate_up_proj"):
            block = f"blk.{name.split('.')[2]}."
            half = value.shape[1] // 2
            result[block + "ffn_gate_exps.weight"] = value[:, :half]
            result[block + "ffn_up_exps.weight"] = value[:, half:]
        elif name.endswith("ffn_down_exps"):
            result[name + ".weight"] = value
        else:
            result[name] = value
    return result


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
    tensors = converted(hf_fixture.mapped_names(model, arch, config.num_hidden_layers))
    hf_fixture.write(stem, model, writer, tensors, "lfm2")


if __name__ == "__main__":
    for i, case in enumerate(CASES):
        make(case, 200 + i)
