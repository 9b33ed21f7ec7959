# `wick quantize`: what config.json may say of a LLaMA-like checkpoint, as public ones do, and what becomes of it.
import unittest

import checkpoint
import quantize_case


class Rope(quantize_case.TestCase):
    def keys(self, **changes):
        checkpoint.write(self.source, config={**checkpoint.config(), **changes})
        metadata, tensors = self.converted()
        rope = {key.split("rope.")[1]: value for key, value in metadata.items() if "rope." in key}
        return rope, tensors

    def test_scalings_have_their_keys(self):
        plain, _ = self.keys()
        self.assertEqual(plain, {"dimension_count": 16, "freq_base": 10000.0})
        for scaling, want in (
                ({"type": "linear", "factor": 4.0}, {"scaling.type": "linear", "scaling.factor": 4.0}),
                ({"rope_type": "default"}, {}),
                # It begins to stretch behind the trained length.
                ({"type": "dynamic", "factor": 2.0}, {}),
                ({"rope_type": "yarn", "factor": 4.0, "original_max_position_embeddings": 32, "beta_fast": 32.0, "truncate": True},
                 {"scaling.type": "yarn", "scaling.factor": 4.0, "scaling.original_context_length": 32,
                  "scaling.yarn_beta_fast": 32.0})):
            with self.subTest(scaling):
                got, tensors = self.keys(rope_scaling=scaling)
                self.assertEqual(got, {**plain, **want})
                self.assertNotIn("rope_freqs.weight", tensors)

    def test_parameters_of_newer_files_are_the_same(self):
        linear = {"rope_type": "linear", "factor": 4.0, "rope_theta": 5e5}
        self.assertEqual(self.keys(rope_theta=None, rope_scaling=None, rope_parameters=linear)[0],
                         self.keys(rope_theta=5e5, rope_scaling={"type": "linear", "factor": 4.0})[0])

    def test_of_other_kinds_is_refused_by_name(self):
        for scaling, says in (({"rope_type": "longrope", "short_factor": [1.0] * 8, "long_factor": [1.0] * 8}, "'longrope' yarn"),
                              ({"type": "su"}, "'su'"), ({"type": "mrope", "mrope_section": [4, 2, 2]}, "'mrope'"),
                              ({"rope_type": "yarn", "factor": 4.0, "truncate": False}, "truncate"),
                              ({"rope_type": "yarn", "factor": 4.0, "mscale": 1.0}, "mscale")):
            checkpoint.write(self.source, config={**checkpoint.config(), "rope_scaling": scaling})
            self.refused(3, "--force", says=says)

    def test_of_a_part_of_each_head_interleaves_that_part(self):
        for where in ({"partial_rotary_factor": 0.5}, {"rope_parameters": {"rope_theta": 1e4, "partial_rotary_factor": 0.5}}):
            rope, tensors = self.keys(**where)
            self.assertEqual(rope["dimension_count"], 8)
            for name, source, n_heads in (("attn_q", "q_proj", 4), ("attn_k", "k_proj", 2)):
                data = checkpoint.tensors()[f"model.layers.1.self_attn.{source}.weight"][2]
                rows = [data[i:i + 128] for i in range(0, len(data), 128)]
                order = [16 * head + i for head in range(n_heads)
                         for i in (0, 4, 1, 5, 2, 6, 3, 7, 8, 9, 10, 11, 12, 13, 14, 15)]
                self.assertEqual(tensors[f"blk.1.{name}.weight"][2], b"".join(rows[i] for i in order))
            self.assertTrue(self.json("run", "-m", self.out, "-p", "the", "-n", "4", "--temp", "0", "--json")["token_ids"])
        checkpoint.write(self.source, config={**checkpoint.config(), "partial_rotary_factor": 0.2})
        self.refused(4, "--force", says="partial_rotary_factor even 16")


class Attention(quantize_case.TestCase):
    def write(self, shapes=None, **changes):
        checkpoint.write(self.source, checkpoint.tensors("BF16", shapes or checkpoint.shapes()),
                         config={**checkpoint.config(), **changes})

    def test_biases_are_there_where_the_config_has_them(self):
        shapes = checkpoint.shapes()
        for i in range(checkpoint.LAYERS):
            for name, n in (("q", 64), ("k", 32), ("v", 32), ("o", 64)):
                shapes[f"model.layers.{i}.self_attn.{name}_proj.bias"] = [n]
        self.write(shapes, attention_bias=True)
        _, tensors = self.converted()
        self.assertEqual([tensors[f"blk.1.attn_{name}.bias"][1] for name in ("q", "k", "v", "output")], [[64], [32], [32], [64]])
        self.write(attention_bias=True)
        self.refused(4, "--force", says="model.layers.0.self_attn.q_proj.bias 'attention_bias'")
        self.write(mlp_bias=True)
        self.refused(4, "--force", says="model.layers.0.mlp.gate_proj.bias 'mlp_bias'")

    def test_heads_may_have_a_width_of_their_own(self):
        checkpoint.write(self.source, config={**checkpoint.config(), "head_dim": 16})
        self.assertEqual(self.converted()[0]["llama.attention.key_length"], 16)
        shapes = checkpoint.shapes()
        for name, shape in shapes.items():
            if ".self_attn." in name:
                at = 1 if "o_proj" in name else 0
                shape[at] *= 2
        self.write(shapes, head_dim=32)
        metadata, tensors = self.converted()
        self.assertEqual(metadata["llama.attention.value_length"], 32)
        self.assertEqual(metadata["llama.rope.dimension_count"], 32)
        self.assertEqual(tensors["blk.0.attn_q.weight"][1], [64, 128])  # GGUF has the width first
        self.write(shapes)
        self.refused(4, "--force", says="shape [128, [64,")

    def test_slides_where_the_class_does(self):
        for name, want in (("MistralForCausalLM", 32), ("LlamaForCausalLM", None)):
            self.write(architectures=[name], sliding_window=32)
            self.assertEqual(self.converted()[0].get("llama.attention.sliding_window"), want)
        self.write(architectures=["MistralForCausalLM"], sliding_window=None)
        self.assertNotIn("llama.attention.sliding_window", self.converted()[0])

    def test_has_a_head_for_each_query_where_the_config_is_silent(self):
        shapes = checkpoint.shapes()
        for i in range(checkpoint.LAYERS):
            for name in ("k", "v"):
                shapes[f"model.layers.{i}.self_attn.{name}_proj.weight"] = [64, 64]
        self.write(shapes, num_key_value_heads=None)
        self.assertEqual(self.converted()[0]["llama.attention.head_count_kv"], 4)


if __name__ == "__main__":
    unittest.main()
