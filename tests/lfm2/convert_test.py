#!/usr/bin/env python3
# Checkpoints with the fixtures' weights, dense and with experts, through `wick quantize`: logits are those of make_lfm2.py.
import glob
import os
import sys
import tempfile
import unittest

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path[:0] = [os.path.join(HERE, "..", folder) for folder in ("end_to_end", "examples")]
import checkpoint  # noqa: E402
import example_plugins  # noqa: E402
import program  # noqa: E402

TEXT = "Once upon a time, 7 wicks burnt in 1 row."
BOUND = 2e-5  # as in lfm2_test.cpp: f32 with sums of few products; a wrong order of experts or taps is far above
SOURCES = {"attn_norm": "operator_norm", "ffn_norm": "ffn_norm", "attn_q": "self_attn.q_proj", "attn_k": "self_attn.k_proj",
           "attn_v": "self_attn.v_proj", "attn_output": "self_attn.out_proj", "attn_q_norm": "self_attn.q_layernorm",
           "attn_k_norm": "self_attn.k_layernorm", "shortconv.in_proj": "conv.in_proj", "shortconv.conv": "conv.conv",
           "shortconv.out_proj": "conv.out_proj", "ffn_gate": "feed_forward.w1", "ffn_up": "feed_forward.w3",
           "ffn_down": "feed_forward.w2", "ffn_gate_inp": "feed_forward.gate", "exp_probs_b": "feed_forward.expert_bias",
           "ffn_gate_exps": "feed_forward.experts.*.w1", "ffn_up_exps": "feed_forward.experts.*.w3",
           "ffn_down_exps": "feed_forward.experts.*.w2", "token_embd": "model.embed_tokens",
           "token_embd_norm": "model.embedding_norm", "output": "lm_head"}


def content_of(tensors):
    content = {}
    for name, (kind, shape, data) in tensors.items():
        source, shape = checkpoint.source_name(name, SOURCES), shape[::-1]
        if source.endswith("expert_bias.bias"):
            source = source[:-len(".bias")]
        if "*" in source:
            step = len(data) // shape[0]
            for i in range(shape[0]):
                content[source.replace("*", str(i))] = (kind, shape[1:], data[i * step:(i + 1) * step])
        else:
            content[source] = (kind, [shape[0], 1, shape[1]] if "conv.conv" in source else shape, data)
    return content


def config_of(metadata, tensors):
    family = metadata["general.architecture"]

    def key(name):
        return metadata.get(f"{family}.{name}")
    heads = key("attention.head_count_kv")
    return {"architectures": ["Lfm2ForCausalLM" if family == "lfm2" else "Lfm2MoeForCausalLM"],
            "num_hidden_layers": key("block_count"), "hidden_size": key("embedding_length"),
            "intermediate_size": key("feed_forward_length"), "num_attention_heads": key("attention.head_count"),
            "num_key_value_heads": max(heads), "max_position_embeddings": key("context_length"),
            "norm_eps": key("attention.layer_norm_rms_epsilon"), "conv_L_cache": key("shortconv.l_cache"),
            "rope_parameters": {"rope_type": "default", "rope_theta": key("rope.freq_base")}, "vocab_size": key("vocab_size"),
            "tie_word_embeddings": "output.weight" not in tensors, "num_experts": key("expert_count"),
            "num_experts_per_tok": key("expert_used_count"), "moe_intermediate_size": key("expert_feed_forward_length"),
            "num_dense_layers": key("leading_dense_block_count")}


class Converted(program.TestCase):
    def convert(self, model, folder, kind):
        metadata, tensors = checkpoint.read_gguf(self, model)
        source, made = os.path.join(folder, "model"), os.path.join(folder, "made.gguf")
        tokenizer = checkpoint.tokenizer_of(metadata, checkpoint.LLAMA3_PATTERN, ignore_merges=True)
        checkpoint.write(source, content_of(tensors), config=config_of(metadata, tensors), tokenizer=tokenizer)
        self.assert_done("quantize", source, made, "--type", kind)
        return made

    def test_logits_are_those_of_transformers(self):
        models = sorted(glob.glob(os.path.join(HERE, "fixtures", "*.gguf")))
        self.assertEqual(len(models), 5)
        for model in models:
            with self.subTest(os.path.basename(model)), tempfile.TemporaryDirectory() as folder:
                out = os.path.join(folder, "out.npy")
                self.assert_done("logits", "-m", self.convert(model, folder, "F32"), "--precise", "-p", TEXT, "-o", out)
                want = program.read_npy(model.replace(".gguf", ".npy"))
                self.assertLessEqual(max(example_plugins.row_errors(program.read_npy(out), want)), BOUND)

    def test_the_matrix_that_chooses_experts_stays_exact(self):
        with tempfile.TemporaryDirectory() as folder:
            _, tensors = checkpoint.read_gguf(self, self.convert(os.path.join(HERE, "fixtures", "lfm2moe.gguf"), folder, "Q8_0"))
        kinds = {name.split(".", 2)[2]: kind for name, (kind, _, _) in tensors.items() if name.startswith("blk.2.")}
        self.assertEqual((kinds["ffn_gate_inp.weight"], kinds["shortconv.conv.weight"]), ("F32", "F32"))
        self.assertEqual((kinds["ffn_gate_exps.weight"], kinds["shortconv.in_proj.weight"]), ("Q8_0", "Q8_0"))
        self.assertEqual(kinds["ffn_down_exps.weight"], "F16")  # rows of 24


if __name__ == "__main__":
    unittest.main()
