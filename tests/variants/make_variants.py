#!/usr/bin/env python3
"""make_variants.py: writes fixtures/NAME.gguf, a tiny random model each, and fixtures/NAME.npy, what it must compute.

Needs numpy; written with Python 3.11 and numpy 2.4. The .npy holds float32 logits of the positions POSITIONS of PROMPT.
Every variant names changes that take its peculiarity away, and is refused where one of them would hardly move its
logits: a test that passes without the feature proves nothing.
"""
import dataclasses
import os

import numpy as np

import gguf_file
import reference
from reference import Config

PROMPT = [1] + [(i * 37 + 11) % 250 + 3 for i in range(1, 70)]
POSITIONS = [0, 1, 20, 33, 64, 69]  # variants_test.cpp has the same two lists
ATTENTION, FEED_FORWARD = ("q_proj", "k_proj", "v_proj", "o_proj"), ("gate_proj", "up_proj", "down_proj")
LLAMA3 = {"rope_type": "llama3", "factor": 8.0, "low_freq_factor": 1.0, "high_freq_factor": 4.0,
          "original_max_position_embeddings": 8192}
YARN = {"rope_type": "yarn", "factor": 8.0, "original_max_position_embeddings": 2048}
YARN_ALL = {"rope_type": "yarn", "factor": 4.0, "original_max_position_embeddings": 512, "attention_factor": 1.25,
            "beta_fast": 16.0, "beta_slow": 4.0}

# Name: the model, and changes of it, each of which must matter.
VARIANTS = {
    "tied_gqa": (Config(),),
    "untied_mha": (Config(num_key_value_heads=4, tied=False), {"tied": True}),
    "mqa": (Config(num_key_value_heads=1),),
    "biases": (Config(biases=ATTENTION + FEED_FORWARD, tied=False), {"biases": ()}),
    "attention_biases": (Config(biases=("q_proj", "k_proj", "v_proj")), {"biases": ()}),
    "wide_heads": (Config(head_dim=24),),
    "odd_heads": (Config(num_attention_heads=3, num_key_value_heads=3, head_dim=10),),
    "narrow_values": (Config(head_dim=16, value_dim=6),),
    "partial_rotary": (Config(head_dim=16, n_rotary=6), {"n_rotary": 16}),
    "llama3": (Config(head_dim=16, rope_theta=5e5, max_position_embeddings=131072, rope_scaling=LLAMA3), {"rope_scaling": None}),
    "linear": (Config(rope_scaling={"rope_type": "linear", "factor": 4.0}), {"rope_scaling": None}),
    "yarn": (Config(head_dim=16, max_position_embeddings=16384, rope_scaling=YARN),
             {"rope_scaling": YARN | {"attention_factor": 1.0}}, {"rope_scaling": YARN | {"rope_type": "linear"}}),
    "yarn_all_keys": (Config(head_dim=16, max_position_embeddings=2048, rope_scaling=YARN_ALL),
                      {"rope_scaling": YARN_ALL | {"beta_fast": 32.0}}, {"rope_scaling": YARN_ALL | {"beta_slow": 1.0}},
                      {"rope_scaling": {k: v for k, v in YARN_ALL.items() if k != "attention_factor"}}),
    "window": (Config(sliding_window=40), {"sliding_window": 41}),
    "narrow_window": (Config(sliding_window=3, num_attention_heads=4, head_dim=16), {"sliding_window": 4}),
    "q8_0": (Config(biases=ATTENTION + FEED_FORWARD, tied=False, head_dim=24, intermediate_size=96, matrices="Q8_0"), {"biases": ()}),
    "q8_0_tied": (Config(num_key_value_heads=1, head_dim=8, intermediate_size=64, matrices="Q8_0"),),
}


def shapes(c):
    """Every tensor of a checkpoint; biases of all projections, of which a config has some."""
    yield "model.embed_tokens.weight", (c.vocab_size, c.hidden_size)
    q, k = c.num_attention_heads * c.head_dim, c.num_key_value_heads * c.head_dim
    projections = {"self_attn.q_proj": (q, c.hidden_size), "self_attn.k_proj": (k, c.hidden_size),
                   "self_attn.v_proj": (c.num_key_value_heads * c.value_dim, c.hidden_size),
                   "self_attn.o_proj": (c.hidden_size, c.num_attention_heads * c.value_dim),
                   "mlp.gate_proj": (c.intermediate_size, c.hidden_size), "mlp.up_proj": (c.intermediate_size, c.hidden_size),
                   "mlp.down_proj": (c.hidden_size, c.intermediate_size)}
    for i in range(c.num_hidden_layers):
        for norm in ("input_layernorm", "post_attention_layernorm"):
            yield f"model.layers.{i}.{norm}.weight", (c.hidden_size,)
        for name, shape in projections.items():
            yield f"model.layers.{i}.{name}.weight", shape
            if name.split(".")[1] in c.biases:
                yield f"model.layers.{i}.{name}.bias", shape[:1]
    yield "model.norm.weight", (c.hidden_size,)
    if not c.tied:
        yield "lm_head.weight", (c.vocab_size, c.hidden_size)


def rounded(values, kind):
    """To what a file of that type can hold."""
    if kind == "F16":
        return values.astype(np.float16)
    blocks = values.reshape(-1, 32)
    scales = (np.abs(blocks).max(axis=1, keepdims=True) / 127).astype(np.float16).astype(np.float64)
    return (np.clip(np.rint(blocks / scales), -127, 127) * scales).reshape(values.shape)


def random_weights(config, seed):
    """Vectors in f32. Scores of a deviation near 2: attention that is neither flat nor on one token."""
    random = np.random.default_rng(seed)
    weights = {}
    for name, shape in shapes(config):
        values = random.standard_normal(shape)
        if len(shape) == 2:
            gain = 1.4 if "q_proj" in name or "k_proj" in name else 1.0
            weights[name] = rounded(values * gain / np.sqrt(shape[1]), config.matrices)
        else:
            weights[name] = (0.5 * values if name.endswith("bias") else 1 + 0.2 * values).astype(np.float32)
    return weights


def relative(a, b):
    return float(np.linalg.norm(a - b) / np.linalg.norm(b))


def without(config, weights, change):
    """Logits of the same weights without the peculiarity."""
    plain = dataclasses.replace(config, **change)
    kept = {name: value for name, value in weights.items() if plain.biases or not name.endswith("bias")}
    return reference.logits(plain, kept, PROMPT)


def least_effect(name, config, weights, expected, changes):
    effects = [relative(without(config, weights, change)[POSITIONS[-1]], expected[POSITIONS[-1]]) for change in changes]
    for change, effect in zip(changes, effects):
        if effect < 0.01:
            raise SystemExit(f"{name}: with {change} the last logits move by {effect:.1e}, need 0.01")
    return min(effects, default=1.0)


def main():
    folder = os.path.join(os.path.dirname(os.path.abspath(__file__)), "fixtures")
    os.makedirs(folder, exist_ok=True)
    for seed, (name, (config, *changes)) in enumerate(VARIANTS.items(), 1):
        weights = random_weights(config, seed)
        expected = reference.logits(config, weights, PROMPT)
        effect = least_effect(name, config, weights, expected, changes)
        gguf_file.write(os.path.join(folder, name + ".gguf"), name, config, weights)
        np.save(os.path.join(folder, name + ".npy"), expected[POSITIONS].astype(np.float32))
        print(f"{name:18} least effect {effect:8.1e}  largest logit {np.abs(expected).max():.1f}")


if __name__ == "__main__":
    main()
