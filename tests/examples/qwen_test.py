#!/usr/bin/env python3
# The Qwen example against float32 runs of Hugging Face transformers on tiny random models (make_qwen.py).
import glob
import os
import tempfile
import unittest

import example_plugins
import checkpoint
import program

TEXT = "Once upon a time, 7 wicks burnt in 1 row."
# f32 with sums of up to 48 products over three layers; a wrong bias, norm, window or frequency is far above.
BOUND = 2e-5


class Qwen(program.TestCase):
    def setUp(self):
        os.environ["WICK_PLUGIN_PATH"] = example_plugins.folder("arch-qwen")

    def tearDown(self):
        del os.environ["WICK_PLUGIN_PATH"]

    def test_logits_are_those_of_transformers(self):
        models = sorted(glob.glob(os.path.join(example_plugins.FIXTURES, "qwen*.gguf")))
        self.assertEqual(len(models), 8)
        for model in models:
            with self.subTest(os.path.basename(model)), tempfile.TemporaryDirectory() as folder:
                out = os.path.join(folder, "logits.npy")
                self.assert_done("logits", "-m", model, "--precise", "-p", TEXT, "-o", out)
                want = program.read_npy(model.replace(".gguf", ".npy"))
                error = max(example_plugins.row_errors(program.read_npy(out), want))
                print(f"{os.path.basename(model)}: relative L2 of a row at most {error:.2e}")
                self.assertLessEqual(error, BOUND)

    def test_a_model_runs_and_the_plugin_is_listed(self):
        model = os.path.join(example_plugins.FIXTURES, "qwen3_norms.gguf")
        self.assertEqual(len(self.json("run", "-m", model, "-p", "a", "-n", "3", "--temp", "0", "--json")["token_ids"]), 3)
        rows = [row for row in self.json("plugins", "--json") if row["id"] in ("qwen2", "qwen3")]
        self.assertEqual([row["state"] for row in rows], ["loaded", "loaded"])


SOURCES = {"attn_norm": "input_layernorm", "ffn_norm": "post_attention_layernorm", "attn_q": "self_attn.q_proj",
           "attn_k": "self_attn.k_proj", "attn_v": "self_attn.v_proj", "attn_output": "self_attn.o_proj",
           "attn_q_norm": "self_attn.q_norm", "attn_k_norm": "self_attn.k_norm", "ffn_gate": "mlp.gate_proj",
           "ffn_up": "mlp.up_proj", "ffn_down": "mlp.down_proj", "token_embd": "model.embed_tokens", "output_norm": "model.norm",
           "output": "lm_head"}


def config_of(metadata, tensors):
    """The config.json that a fixture was made from, as far as its keys say."""
    family = metadata["general.architecture"]

    def key(name, fallback=None):
        return metadata.get(f"{family}.{name}", fallback)
    config = {"architectures": [family.capitalize() + "ForCausalLM"], "num_hidden_layers": key("block_count"),
              "hidden_size": key("embedding_length"), "intermediate_size": key("feed_forward_length"),
              "num_attention_heads": key("attention.head_count"), "num_key_value_heads": key("attention.head_count_kv"),
              "max_position_embeddings": key("context_length"), "rms_norm_eps": key("attention.layer_norm_rms_epsilon"),
              "rope_theta": key("rope.freq_base"), "head_dim": key("attention.key_length"),
              "vocab_size": tensors["token_embd.weight"][1][1], "tie_word_embeddings": "output.weight" not in tensors}
    if key("rope.scaling.type"):
        config["rope_scaling"] = {"rope_type": key("rope.scaling.type"), "factor": key("rope.scaling.factor"),
                                  "original_max_position_embeddings": key("rope.scaling.original_context_length"),
                                  "attention_factor": key("rope.scaling.yarn_attn_factor"),
                                  "beta_fast": key("rope.scaling.yarn_beta_fast"), "beta_slow": key("rope.scaling.yarn_beta_slow")}
    if key("attention.sliding_window"):
        pattern = key("attention.sliding_window_pattern", [True] * key("block_count"))
        config.update(use_sliding_window=True, sliding_window=key("attention.sliding_window"),
                      layer_types=["sliding_attention" if slides else "full_attention" for slides in pattern])
    return config


class Converted(Qwen):
    """Checkpoints with the fixtures' weights, back through `wick quantize`."""

    def test_logits_are_those_of_transformers(self):
        for model in sorted(glob.glob(os.path.join(example_plugins.FIXTURES, "qwen*.gguf"))):
            with self.subTest(os.path.basename(model)), tempfile.TemporaryDirectory() as folder:
                metadata, tensors = checkpoint.read_gguf(self, model)
                content = {checkpoint.source_name(name, SOURCES): (kind, shape[::-1], data) for name, (kind, shape, data) in tensors.items()}
                tokens = metadata["tokenizer.ggml.tokens"]
                pattern = checkpoint.LLAMA3_PATTERN.replace("{1,3}", "")
                tokenizer = checkpoint.tokenizer_of(metadata, pattern, ignore_merges=False)
                source, made, out = (os.path.join(folder, name) for name in ("model", "made.gguf", "out.npy"))
                checkpoint.write(source, content, config=config_of(metadata, tensors), tokenizer=tokenizer)
                self.assert_done("quantize", source, made, "--type", "F32")
                self.assert_done("logits", "-m", made, "--precise", "-p", TEXT, "-o", out)
                error = max(example_plugins.row_errors(program.read_npy(out), program.read_npy(model.replace(".gguf", ".npy"))))
                self.assertLessEqual(error, BOUND)


class WithoutThePlugin(program.TestCase):
    def test_the_architecture_is_named(self):
        self.assert_fails(3, "run", "-m", os.path.join(example_plugins.FIXTURES, "qwen3_norms.gguf"), "-p", "a", says="qwen3 plugins")


if __name__ == "__main__":
    unittest.main()
