# Makes tiny Hugging Face checkpoints with the standard library alone, and reads tensors of GGUF files.
import json
import os
import random
import struct

import program

DIM, FF, LAYERS, HEADS, KV_HEADS, HEAD_DIM = 64, 96, 2, 4, 2, 16
LLAMA3_PATTERN = (r"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n]*"
                  r"|\s*[\r\n]+|\s+(?!\S)|\s+")
N_VALUES = {"F32": 4, "F64": 8, "F16": 2, "BF16": 2, "I8": 1}


def byte_tokens():
    """The 256 bytes as byte-level BPE spells them."""
    plain = [*range(33, 127), *range(161, 173), *range(174, 256)]
    other = [byte for byte in range(256) if byte not in plain]
    return [chr(byte) if byte in plain else chr(256 + other.index(byte)) for byte in range(256)]


def tokenizer(pattern=LLAMA3_PATTERN):
    """A byte-level BPE of the 256 bytes, one merge, and two special tokens; ids 258 and 259 of 260."""
    texts = byte_tokens()
    vocabulary = {text: i for i, text in enumerate(texts)}
    vocabulary["th"] = 256
    added = [{"id": 258, "content": "<|begin|>", "special": True}, {"id": 259, "content": "<tool>", "special": False}]
    return {"version": "1.0", "added_tokens": added, "normalizer": None,
            "pre_tokenizer": {"type": "Sequence", "pretokenizers": [
                {"type": "Split", "pattern": {"Regex": pattern}, "behavior": "Isolated", "invert": False},
                {"type": "ByteLevel", "add_prefix_space": False, "use_regex": False}]},
            "post_processor": {"type": "TemplateProcessing", "single": [
                {"SpecialToken": {"id": "<|begin|>", "type_id": 0}}, {"Sequence": {"id": "A", "type_id": 0}}]},
            "model": {"type": "BPE", "ignore_merges": True, "vocab": vocabulary, "merges": ["t h"]}}


def varint(value):
    out = b""
    while value > 127:
        out += bytes([value & 127 | 128])
        value >>= 7
    return out + bytes([value])


def message(number, data):
    return varint(number << 3 | 2) + varint(len(data)) + data


def sentencepiece(pieces, model_type=2, adds_space=True):
    """tokenizer.model of (text, score, type) in order."""
    out = b""
    for text, score, kind in pieces:
        kind_field = b"" if kind == 1 else varint(3 << 3) + varint(kind)
        out += message(1, message(1, text.encode()) + varint(2 << 3 | 5) + struct.pack("<f", score) + kind_field)
    trainer = varint(3 << 3) + varint(model_type) + message(36, b"unknown fields are passed over")
    return out + message(2, trainer) + message(3, varint(3 << 3) + varint(int(adds_space)))


def piece_json(pieces, added=()):
    """tokenizer.json as one is made of such a model: every pair of pieces that makes a piece, the best first."""
    ids = {text: i for i, (text, _, _) in enumerate(pieces)}
    merges = []
    for text, score, kind in pieces:
        if kind == 1:
            merges += [(-score, ids[text[:i]], ids[text[i:]], text[:i], text[i:]) for i in range(1, len(text))
                       if text[:i] in ids and text[i:] in ids]
    special = [{"id": i, "content": text, "special": True} for text, i in ids.items() if pieces[i][2] in (2, 3)]
    return {"version": "1.0", "added_tokens": special + list(added),
            "normalizer": {"type": "Sequence", "normalizers": [
                {"type": "Prepend", "prepend": "\u2581"}, {"type": "Replace", "pattern": {"String": " "}, "content": "\u2581"}]},
            "pre_tokenizer": None,
            "post_processor": {"type": "TemplateProcessing", "single": [
                {"SpecialToken": {"id": "<s>", "type_id": 0}}, {"Sequence": {"id": "A", "type_id": 0}}]},
            "model": {"type": "BPE", "unk_token": "<unk>", "byte_fallback": True, "vocab": ids,
                      "merges": [f"{left} {right}" for _, _, _, left, right in sorted(merges)]}}


def tokenizer_of(metadata, pattern, ignore_merges):
    """The same for the vocabulary of a GGUF file, without special tokens."""
    made = tokenizer(pattern)
    made.update(post_processor=None, added_tokens=[])
    made["model"].update(ignore_merges=ignore_merges, merges=metadata["tokenizer.ggml.merges"],
                         vocab={text: i for i, text in enumerate(metadata["tokenizer.ggml.tokens"])})
    return made


def source_name(name, sources):
    """The name in a checkpoint of a tensor of a GGUF file. sources: by the part of its name that is neither layer nor ending."""
    stem, end = name.rsplit(".", 1)
    if not stem.startswith("blk."):
        return f"{sources[stem]}.{end}"
    _, layer, stem = stem.split(".", 2)
    return f"model.layers.{layer}.{sources[stem]}.{end}"


def config():
    return {"architectures": ["LlamaForCausalLM"], "hidden_act": "silu", "hidden_size": DIM, "intermediate_size": FF,
            "num_hidden_layers": LAYERS, "num_attention_heads": HEADS, "num_key_value_heads": KV_HEADS,
            "max_position_embeddings": 128, "rms_norm_eps": 1e-5, "rope_theta": 10000.0, "vocab_size": 260,
            "tie_word_embeddings": True, "bos_token_id": 258, "eos_token_id": 258, "torch_dtype": "bfloat16",
            "rope_scaling": None}


def shapes():
    out = {"model.embed_tokens.weight": [260, DIM], "model.norm.weight": [DIM]}
    for i in range(LAYERS):
        layer = {"input_layernorm": [DIM], "post_attention_layernorm": [DIM], "self_attn.q_proj": [HEADS * HEAD_DIM, DIM],
                 "self_attn.k_proj": [KV_HEADS * HEAD_DIM, DIM], "self_attn.v_proj": [KV_HEADS * HEAD_DIM, DIM],
                 "self_attn.o_proj": [DIM, HEADS * HEAD_DIM], "mlp.gate_proj": [FF, DIM], "mlp.up_proj": [FF, DIM],
                 "mlp.down_proj": [DIM, FF]}
        out.update({f"model.layers.{i}.{name}.weight": shape for name, shape in layer.items()})
    return out


def pack(values, dtype):
    if dtype == "BF16":  # cut, not rounded: the values are made so
        return b"".join(struct.pack("<f", value)[2:] for value in values)
    return struct.pack(f"<{len(values)}" + {"F32": "f", "F64": "d", "F16": "e", "I8": "b"}[dtype], *values)


def numbers(shape, seed):
    """Values that BF16, F16 and F32 have exactly."""
    source = random.Random(seed)
    n = 1
    for dim in shape:
        n *= dim
    return [source.randint(-127, 127) / 512 for _ in range(n)]


def tensors(dtype="BF16", all_shapes=None):
    """{name: (dtype, shape, bytes)}"""
    return {name: (dtype, shape, pack(numbers(shape, name), dtype)) for name, shape in (all_shapes or shapes()).items()}


def write_safetensors(path, content):
    header, offset = {}, 0
    for name, (dtype, shape, data) in content.items():
        header[name] = {"dtype": dtype, "shape": shape, "data_offsets": [offset, offset + len(data)]}
        offset += len(data)
    text = json.dumps(header).encode()
    with open(path, "wb") as file:
        file.write(struct.pack("<Q", len(text)) + text + b"".join(data for _, _, data in content.values()))


def write(folder, content=None, **files):
    """files: config, tokenizer, tokenizer_config, ...: their JSON; None leaves one out."""
    os.makedirs(folder, exist_ok=True)
    write_safetensors(os.path.join(folder, "model.safetensors"), content or tensors())
    for name, value in {"config": config(), "tokenizer": tokenizer(), **files}.items():
        if value is not None:
            with open(os.path.join(folder, name + ".json"), "w", encoding="utf-8") as file:
                json.dump(value, file)
    return folder


def read_gguf(test, path):
    """(metadata, {name: (type, shape, bytes)}) by `wick inspect`."""
    document = test.json("inspect", "--json", path)
    with open(path, "rb") as file:
        data = file.read()
    found = {t["name"]: (t["type"], t["shape"], data[t["offset"]:t["offset"] + t["n_bytes"]]) for t in document["tensors"]}
    return document["metadata"], found


def interleaved(data, n_rows, n_heads):
    """Rows of a head's two halves, one each in turn."""
    step = len(data) // n_rows
    rows = [data[i * step:(i + 1) * step] for i in range(n_rows)]
    size = n_rows // n_heads
    order = [head * size + half * (size // 2) + i for head in range(n_heads) for i in range(size // 2) for half in (0, 1)]
    return b"".join(rows[i] for i in order)
