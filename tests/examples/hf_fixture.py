"""Turns a tiny random Hugging Face model into a fixture: a GGUF file, and the float32 logits that transformers gives.

Needs torch, transformers and gguf, and is not run by the tests: make_qwen.py and tests/lfm2/make_lfm2.py were run once, with the
versions that they name. A vocabulary of bytes makes ids out of any text without a merge.
"""
import os

import gguf
import numpy as np
import torch

TEXT = "Once upon a time, 7 wicks burnt in 1 row."
N_BYTES, N_TOKENS = 256, 259


def byte_tokens():
    """The 256 bytes as byte-level BPE spells them, in the order of their ids here: that of the bytes."""
    plain = [*range(33, 127), *range(161, 173), *range(174, 256)]
    other = [byte for byte in range(256) if byte not in plain]
    return [chr(byte) if byte in plain else chr(256 + other.index(byte)) for byte in range(256)]


def token_ids(text=TEXT):
    return list(text.encode("utf-8"))


def add_vocabulary(writer, pre):
    texts = byte_tokens()
    writer.add_tokenizer_model("gpt2")
    writer.add_tokenizer_pre(pre)
    writer.add_token_list(texts + [texts[0] + texts[1], "<|endoftext|>", "<|startoftext|>"])
    writer.add_token_types([gguf.TokenType.NORMAL] * (N_BYTES + 1) + [gguf.TokenType.CONTROL] * 2)
    writer.add_token_merges([texts[0] + " " + texts[1]])  # bytes that no text has: a file without merges would be odd
    writer.add_eos_token_id(N_BYTES + 1)
    writer.add_bos_token_id(N_BYTES + 2)
    writer.add_add_bos_token(False)


def randomize(model, seed):
    """Weights that make every part matter: rows of about unit length, norms and biases that are not 1 and 0; in f16's values."""
    generator = torch.Generator().manual_seed(seed)
    with torch.no_grad():
        for name, tensor in [*model.named_parameters(), *model.named_buffers()]:
            if "inv_freq" in name:
                continue
            noise = torch.randn(tensor.shape, generator=generator)
            if tensor.dim() == 1:
                tensor.copy_(0.3 * noise + (1.0 if "norm" in name else 0.0))
            elif "embed_tokens" in name:
                tensor.copy_((0.7 * noise).half().float())
            else:
                tensor.copy_((1.2 * noise / tensor.shape[-1] ** 0.5).half().float())


def logits_of(model, ids):
    model = model.eval().float()
    with torch.no_grad():
        return model(torch.tensor([ids]), use_cache=False).logits[0].numpy().astype(np.float32)


def write(stem, model, writer, tensors, pre):
    """tensors: {name in GGUF: array}. Matrices as F16, exactly; vectors, kernels and what is not F16's value as F32."""
    add_vocabulary(writer, pre)
    for name, value in tensors.items():
        half = value.astype(np.float16)
        is_matrix = value.ndim > 1 and "shortconv.conv" not in name and "gate_inp" not in name
        exact = np.array_equal(half.astype(np.float32), value)
        writer.add_tensor(name, half if is_matrix and exact else value.astype(np.float32))
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()
    np.save(stem + ".npy", logits_of(model, token_ids()))
    print(f"{os.path.basename(stem)}: {os.path.getsize(stem + '.gguf')} + {os.path.getsize(stem + '.npy')} bytes")


def mapped_names(model, arch, n_layers):
    """{name in GGUF: array} by gguf's own table; names that it has not are returned as they are."""
    table = gguf.get_tensor_name_map(arch, n_layers)
    tensors = {}
    for name, tensor in model.state_dict().items():
        if name == "lm_head.weight" and model.config.tie_word_embeddings:
            continue
        tensors[table.get_name(name, try_suffixes=(".weight", ".bias")) or name] = tensor.float().numpy()
    return tensors
