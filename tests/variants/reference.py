"""The LLaMA forward pass in float64, from the papers and Hugging Face's definitions; weights under their names in a checkpoint.

Slow and plain on purpose: it is what the fixtures of this folder, and through them the C++, are measured against.
Heads are rotated by halves, as checkpoints have it; the order of rows in a GGUF file is gguf_file.py's concern.
"""
import dataclasses
import math

import numpy as np


@dataclasses.dataclass
class Config:
    """The numbers of a model; field names are those of a checkpoint's config.json, where it has them."""
    hidden_size: int = 32
    intermediate_size: int = 48
    num_hidden_layers: int = 2
    num_attention_heads: int = 4
    num_key_value_heads: int = 2
    head_dim: int = 8
    value_dim: int = 0  # 0: head_dim
    n_rotary: int = 0  # 0: head_dim
    vocab_size: int = 259
    max_position_embeddings: int = 256
    rms_norm_eps: float = 1e-5
    rope_theta: float = 10000.0
    rope_scaling: dict | None = None
    sliding_window: int = 0  # 0: none
    biases: tuple = ()  # of these projections, for example ("q_proj", "down_proj")
    tied: bool = True
    matrices: str = "F16"  # how the file has them, or Q8_0; their values are exact in float32 either way

    def __post_init__(self):
        self.value_dim = self.value_dim or self.head_dim
        self.n_rotary = self.n_rotary or self.head_dim


def llama3_divisors(inv_freq, scaling):
    """What the llama3 scaling divides each frequency by: nothing where waves are short, `factor` where they are long."""
    factor, low, high = scaling["factor"], scaling["low_freq_factor"], scaling["high_freq_factor"]
    original = scaling["original_max_position_embeddings"]
    divisors = []
    for f in inv_freq:
        wavelength = 2 * math.pi / f
        if wavelength < original / high:
            divisors.append(1.0)
        elif wavelength > original / low:
            divisors.append(factor)
        else:
            smooth = (original / wavelength - low) / (high - low)
            divisors.append(1 / ((1 - smooth) / factor + smooth))
    return np.array(divisors)


def yarn(inv_freq, config):
    """Frequencies and magnitude of YaRN (Peng et al., 2023, arXiv 2309.00071, sections 3.2 to 3.4)."""
    scaling, dim = config.rope_scaling, config.n_rotary
    factor, original = scaling["factor"], scaling["original_max_position_embeddings"]

    def dimension_that_turns(rotations):
        return dim * math.log(original / (rotations * 2 * math.pi)) / (2 * math.log(config.rope_theta))

    low = max(math.floor(dimension_that_turns(scaling.get("beta_fast", 32))), 0)
    high = min(math.ceil(dimension_that_turns(scaling.get("beta_slow", 1))), dim - 1)
    ramp = np.clip((np.arange(dim // 2) - low) / (high - low if high != low else 0.001), 0, 1)
    magnitude = scaling.get("attention_factor", 0.1 * math.log(factor) + 1 if factor > 1 else 1.0)
    return inv_freq / factor * ramp + inv_freq * (1 - ramp), magnitude


def frequencies(config):
    """Angle per position of each pair, and what rotated values are multiplied with."""
    inv_freq = config.rope_theta ** (-np.arange(0, config.n_rotary, 2) / config.n_rotary)
    scaling = config.rope_scaling or {"rope_type": "default"}
    if scaling["rope_type"] == "linear":
        return inv_freq / scaling["factor"], 1.0
    if scaling["rope_type"] == "llama3":
        return inv_freq / llama3_divisors(inv_freq, scaling), 1.0
    if scaling["rope_type"] == "yarn":
        return yarn(inv_freq, config)
    return inv_freq, 1.0


def rotate(x, config):
    """x [n_tokens, n_heads, head_dim]: dimension i turns with i + n_rotary / 2; those behind n_rotary stay."""
    inv_freq, magnitude = frequencies(config)
    angles = np.arange(x.shape[0])[:, None, None] * inv_freq
    cos, sin = np.cos(angles) * magnitude, np.sin(angles) * magnitude
    half = config.n_rotary // 2
    a, b, rest = x[..., :half], x[..., half : 2 * half], x[..., 2 * half :]
    return np.concatenate([a * cos - b * sin, b * cos + a * sin, rest], axis=-1)


def rms_norm(x, weight, eps):
    return x / np.sqrt(np.mean(x * x, axis=-1, keepdims=True) + eps) * weight


def attention(q, k, v, config):
    """[n_tokens, heads, dim] each; a token sees itself and, with a window of n, the n - 1 before it."""
    n, group = q.shape[0], config.num_attention_heads // config.num_key_value_heads
    k, v = np.repeat(k, group, axis=1), np.repeat(v, group, axis=1)
    scores = np.einsum("ihd,jhd->hij", q, k) / math.sqrt(config.head_dim)
    distance = np.arange(n)[:, None] - np.arange(n)[None, :]
    hidden = (distance < 0) | (distance >= (config.sliding_window or n))
    scores = np.where(hidden, -np.inf, scores)
    weights = np.exp(scores - scores.max(axis=-1, keepdims=True))
    weights /= weights.sum(axis=-1, keepdims=True)
    return np.einsum("hij,jhd->ihd", weights, v).reshape(n, -1)


def logits(config, weights, ids):
    """[n_tokens, vocab_size] for the whole prompt."""
    w = {name: np.asarray(value, np.float64) for name, value in weights.items()}

    def linear(x, name):
        return x @ w[name + ".weight"].T + w.get(name + ".bias", 0.0)

    x = w["model.embed_tokens.weight"][np.asarray(ids)]
    n = len(ids)
    for i in range(config.num_hidden_layers):
        block = f"model.layers.{i}."
        h = rms_norm(x, w[block + "input_layernorm.weight"], config.rms_norm_eps)
        q = linear(h, block + "self_attn.q_proj").reshape(n, -1, config.head_dim)
        k = linear(h, block + "self_attn.k_proj").reshape(n, -1, config.head_dim)
        v = linear(h, block + "self_attn.v_proj").reshape(n, -1, config.value_dim)
        x = x + linear(attention(rotate(q, config), rotate(k, config), v, config), block + "self_attn.o_proj")
        h = rms_norm(x, w[block + "post_attention_layernorm.weight"], config.rms_norm_eps)
        gate = linear(h, block + "mlp.gate_proj")
        x = x + linear(gate / (1 + np.exp(-gate)) * linear(h, block + "mlp.up_proj"), block + "mlp.down_proj")
    x = rms_norm(x, w["model.norm.weight"], config.rms_norm_eps)
    return x @ w["model.embed_tokens.weight" if config.tied else "lm_head.weight"].T
