"""Writes a model of reference.py as GGUF: names, the order of q and k rows, and keys. Reads nothing, checks nothing."""
import struct

import numpy as np

import reference

PROJECTIONS = {"self_attn.q_proj": "attn_q", "self_attn.k_proj": "attn_k", "self_attn.v_proj": "attn_v",
               "self_attn.o_proj": "attn_output", "mlp.gate_proj": "ffn_gate", "mlp.up_proj": "ffn_up",
               "mlp.down_proj": "ffn_down", "input_layernorm": "attn_norm", "post_attention_layernorm": "ffn_norm"}
U32, I32, F32, BOOL, STRING, ARRAY = 4, 5, 6, 7, 8, 9
TYPES = {"F32": 0, "F16": 1, "Q8_0": 8}


def name_in_gguf(name):
    whole = {"model.embed_tokens.weight": "token_embd.weight", "model.norm.weight": "output_norm.weight",
             "lm_head.weight": "output.weight"}
    if name in whole:
        return whole[name]
    _, _, layer, rest = name.split(".", 3)
    module, kind = rest.rsplit(".", 1)
    return f"blk.{layer}.{PROJECTIONS[module]}.{kind}"


def neighbours(rows, config):
    """Rows of q or k from halves to neighbours: pair i of each head moves from (i, i + n_rotary/2) to (2i, 2i + 1)."""
    half = config.n_rotary // 2
    order = np.arange(config.head_dim)
    order[0 : 2 * half : 2] = np.arange(half)
    order[1 : 2 * half : 2] = np.arange(half) + half
    heads = rows.reshape(-1, config.head_dim, *rows.shape[1:])
    return heads[:, order].reshape(rows.shape)


def q8_0(values):
    """Blocks of 32: an f16 scale and signed bytes. `values` are codes times scale, 127 or -127 among them: no rounding."""
    blocks = values.reshape(-1, 32).astype(np.float64)
    scales = np.abs(blocks).max(axis=1, keepdims=True) / 127
    codes = np.rint(blocks / scales).astype(np.int8)
    return b"".join(scale.astype(np.float16).tobytes() + row.tobytes() for scale, row in zip(scales, codes))


def tensors(config, weights):
    """Name in the file: type, values."""
    out = {}
    for name, value in weights.items():
        is_rotated = "q_proj" in name or "k_proj" in name
        kind = config.matrices if value.ndim == 2 else "F32"
        out[name_in_gguf(name)] = kind, neighbours(value, config) if is_rotated else value
    if (config.rope_scaling or {}).get("rope_type") == "llama3":
        inv_freq = config.rope_theta ** (-np.arange(0, config.n_rotary, 2) / config.n_rotary)
        out["rope_freqs.weight"] = "F32", reference.llama3_divisors(inv_freq, config.rope_scaling)
    return out


def scaling_keys(config):
    """As the converter of llama.cpp writes them: the llama3 scaling is a tensor, not keys."""
    scaling, prefix = config.rope_scaling, "llama.rope.scaling."
    if not scaling or scaling["rope_type"] == "llama3":
        return []
    keys = [(prefix + "type", STRING, scaling["rope_type"]), (prefix + "factor", F32, scaling["factor"])]
    if "original_max_position_embeddings" in scaling:
        keys.append((prefix + "original_context_length", U32, scaling["original_max_position_embeddings"]))
    for source, key in (("attention_factor", "yarn_attn_factor"), ("beta_fast", "yarn_beta_fast"), ("beta_slow", "yarn_beta_slow")):
        if source in scaling:
            keys.append((prefix + key, F32, scaling[source]))
    return keys


def model_keys(name, c):
    """Keys that say what the reader would assume anyway are left out, so that its defaults are tested too."""
    keys = [("general.architecture", STRING, "llama"), ("general.name", STRING, name),
            ("llama.block_count", U32, c.num_hidden_layers), ("llama.context_length", U32, c.max_position_embeddings),
            ("llama.embedding_length", U32, c.hidden_size), ("llama.feed_forward_length", U32, c.intermediate_size),
            ("llama.attention.head_count", U32, c.num_attention_heads),
            ("llama.attention.layer_norm_rms_epsilon", F32, c.rms_norm_eps)]
    optional = [("llama.attention.head_count_kv", U32, c.num_key_value_heads, c.num_attention_heads),
                ("llama.attention.key_length", U32, c.head_dim, c.hidden_size / c.num_attention_heads),
                ("llama.attention.value_length", U32, c.value_dim, c.head_dim),
                ("llama.rope.dimension_count", U32, c.n_rotary, c.head_dim),
                ("llama.rope.freq_base", F32, c.rope_theta, 10000.0),
                ("llama.attention.sliding_window", U32, c.sliding_window, 0)]
    return keys + [(key, kind, value) for key, kind, value, default in optional if value != default]


def vocabulary_keys():
    """SPM: unknown, begin, end, and the 256 bytes."""
    texts = ["<unk>", "<s>", "</s>"] + [f"<0x{i:02X}>" for i in range(256)]
    return [("tokenizer.ggml.model", STRING, "llama"), ("tokenizer.ggml.pre", STRING, "default"),
            ("tokenizer.ggml.tokens", ARRAY, (STRING, texts)), ("tokenizer.ggml.scores", ARRAY, (F32, [0.0] * len(texts))),
            ("tokenizer.ggml.token_type", ARRAY, (I32, [2, 3, 3] + [6] * 256)),
            ("tokenizer.ggml.bos_token_id", U32, 1), ("tokenizer.ggml.eos_token_id", U32, 2)]


def packed(kind, value):
    if kind == STRING:
        return struct.pack("<Q", len(value.encode())) + value.encode()
    if kind == ARRAY:
        element, values = value
        return struct.pack("<IQ", element, len(values)) + b"".join(packed(element, v) for v in values)
    return struct.pack({U32: "<I", I32: "<i", F32: "<f", BOOL: "<?"}[kind], value)


def write(path, name, config, weights):
    keys = model_keys(name, config) + scaling_keys(config) + vocabulary_keys()
    all_tensors = tensors(config, weights)
    head = b"GGUF" + struct.pack("<IQQ", 3, len(all_tensors), len(keys))
    head += b"".join(packed(STRING, key) + struct.pack("<I", kind) + packed(kind, value) for key, kind, value in keys)
    data = b""
    for tensor_name, (kind, value) in all_tensors.items():
        head += packed(STRING, tensor_name) + struct.pack("<I", value.ndim)
        head += b"".join(struct.pack("<Q", size) for size in reversed(value.shape))
        head += struct.pack("<IQ", TYPES[kind], len(data))
        data += q8_0(value) if kind == "Q8_0" else value.astype({"F32": "<f4", "F16": "<f2"}[kind]).tobytes()
        data += bytes(-len(data) % 32)
    head += bytes(-len(head) % 32)
    with open(path, "wb") as file:
        file.write(head + data)
