# `wick quantize --type RECIPE`: which tensor gets which type.
import json
import os
import shutil
import unittest

import checkpoint
import measure
import program
import quantize_case

N_LAYERS = 16
MATRICES = ("attn_k", "attn_output", "attn_q", "attn_v", "ffn_down", "ffn_gate", "ffn_up")


class TestCase(quantize_case.TestCase):
    def types(self, path):
        return {t["name"]: t["type"] for t in self.json("inspect", "--json", path)["tensors"]}

    def quantized(self, kind, source=None, *more):
        self.quantize(kind, source, "--force", *more)
        return self.types(self.out)


class SharedModels(TestCase):
    def test_give_each_tensor_the_type_that_the_peers_file_has(self):
        for model in measure.MODELS:
            for kind in ("Q4_0", "Q4_K_M", "Q6_K", "Q8_0"):
                want = self.json("inspect", "--json", program.shared("models", f"{model}-{kind}.gguf"))
                for source in (model, f"{model}-BF16.gguf"):
                    with self.subTest(kind=kind, source=source):
                        got = self.quantized(kind, program.shared("models", source))
                        self.assertEqual(got, {t["name"]: t["type"] for t in want["tensors"]})
                        self.assertEqual(self.json("inspect", "--json", self.out)["metadata"], want["metadata"])


    def test_get_other_types_in_the_first_layers_with_importance(self):
        text = self.path("text")
        with open(text, "w", encoding="utf-8") as file:
            file.write("Once upon a time there was a cow who had a red barn. " * 50)
        before = self.quantized("Q4_0", program.shared("models", "taper"))
        after = self.quantized("Q4_0", program.shared("models", "taper"), "--imatrix", "auto", text)
        changed = {name: (before[name], kind) for name, kind in after.items() if before[name] != kind}
        self.assertEqual(changed, {"blk.0.ffn_down.weight": ("Q4_0", "Q4_1")})
        rows = self.assert_done("quantize", program.shared("models", "taper"), "--type", "Q4_0", "--dry-run", "--imatrix", "auto",
                                "none.txt").out.splitlines()  # nothing is run, so that nobody asks for the text
        self.assertEqual([row.split()[5] for row in rows if "ffn_down" in row], ["Q4_1"] + ["Q4_0"] * 7)


class Mixes(TestCase):
    """On a model of 16 layers, all zeros. The numbers of layers were worked out by hand."""

    def write(self, n_heads=8, n_kv_heads=2, tied=False):
        size, kv = 256, n_kv_heads * 256 // n_heads
        shapes = {"model.embed_tokens.weight": [260, size], "model.norm.weight": [size]}
        if not tied:
            shapes["lm_head.weight"] = [260, size]
        for i in range(N_LAYERS):
            layer = {"input_layernorm": [size], "post_attention_layernorm": [size], "self_attn.k_proj": [kv, size],
                     "self_attn.v_proj": [kv, size]}
            for name in ("self_attn.q_proj", "self_attn.o_proj", "mlp.gate_proj", "mlp.up_proj", "mlp.down_proj"):
                layer[name] = [size, size]
            shapes.update({f"model.layers.{i}.{name}.weight": shape for name, shape in layer.items()})
        content = {name: ("BF16", shape, bytes(2 * shape[0] * (shape[1] if len(shape) > 1 else 1)))
                   for name, shape in shapes.items()}
        config = {**checkpoint.config(), "hidden_size": size, "intermediate_size": size, "num_hidden_layers": N_LAYERS,
                  "num_attention_heads": n_heads, "num_key_value_heads": n_kv_heads, "tie_word_embeddings": tied}
        checkpoint.write(self.source, content, config=config)

    def mix(self, kind, *more):
        """{tensor: type, or {type: layers} where they differ}, norms left out."""
        types, found = self.quantized(kind, None, *more), {}
        for name in ("token_embd", "output"):
            found[name] = types.get(f"{name}.weight")
        for name in MATRICES:
            layers = {}
            for i in range(N_LAYERS):
                layers.setdefault(types[f"blk.{i}.{name}.weight"], []).append(i)
            found[name] = layers if len(layers) > 1 else list(layers)[0]
        return found

    def assert_mix(self, kind, base, output="Q6_K", **others):
        want = {"token_embd": base, "output": output, **dict.fromkeys(MATRICES, base), **others}
        self.assertEqual(self.mix(kind), want, kind)

    MORE, LESS = [0, 1, 4, 7, 10, 13, 14, 15], [2, 3, 5, 6, 8, 9, 11, 12]

    def test_of_names_that_say_one_type(self):
        self.write()
        for kind in ("Q4_0", "Q4_1", "Q5_0", "Q5_1", "Q5_K_S", "Q6_K"):
            self.assert_mix(kind, kind.replace("_S", ""))
        self.assert_mix("Q8_0", "Q8_0", "Q8_0")
        for kind in ("TQ1_0", "TQ2_0"):
            self.assert_mix(kind, kind, token_embd="Q4_K")
        for kind in ("F16", "BF16", "F32"):
            self.assert_mix(kind, kind, kind)

    def test_of_three_bits_and_less(self):
        self.write()
        self.assert_mix("Q2_K", "Q2_K", attn_v="Q4_K", attn_output="Q3_K", ffn_down="Q3_K")
        self.assert_mix("Q3_K_S", "Q3_K")
        first = {"Q5_K": [0, 1], "Q4_K": list(range(2, 16))}
        self.assert_mix("Q3_K_M", "Q3_K", attn_v=first, attn_output="Q4_K",
                        ffn_down={"Q5_K": [0], "Q4_K": list(range(1, 16))})
        self.assert_mix("Q3_K_L", "Q3_K", attn_v="Q5_K", attn_output="Q5_K", ffn_down="Q5_K")
        self.assertEqual(self.mix("Q3_K"), self.mix("Q3_K_M"))

    def test_of_four_and_five_bits(self):
        self.write()
        self.assert_mix("Q4_K_S", "Q4_K", attn_v={"Q5_K": [0, 1, 2, 3], "Q4_K": list(range(4, 16))},
                        ffn_down={"Q5_K": [0, 1], "Q4_K": list(range(2, 16))})
        for kind, base in (("Q4_K_M", "Q4_K"), ("Q5_K_M", "Q5_K")):
            more = {"Q6_K": self.MORE, base: self.LESS}
            self.assert_mix(kind, base, attn_v=more, ffn_down=more)
            self.assertEqual(self.mix(base), self.mix(kind))
        for kind in ("IQ4_NL", "IQ4_XS"):
            self.assert_mix(kind, kind, attn_v="Q5_K", ffn_down={"Q5_K": [0, 1], kind: list(range(2, 16))})

    def test_ask_how_many_heads_share_their_keys(self):
        self.write(n_kv_heads=4)
        self.assert_mix("Q2_K", "Q2_K", attn_v="Q3_K", attn_output="Q3_K", ffn_down="Q3_K")
        self.assert_mix("IQ4_XS", "IQ4_XS", ffn_down={"Q5_K": [0, 1], "IQ4_XS": list(range(2, 16))})

    def test_of_mxfp4_without_experts(self):
        self.write()
        self.assert_mix("MXFP4", "MXFP4", "Q8_0", token_embd="Q8_0")
        self.assert_mix("MXFP4_MOE", "Q8_0", "Q8_0")

    def test_of_mxfp4_with_experts(self):
        model = os.path.join(program.ROOT, "tests", "lfm2", "fixtures", "lfm2moe.gguf")
        for kind in ("MXFP4", "MXFP4_MOE"):
            types = self.quantized(kind, model)
            self.assertEqual([types[f"blk.{name}.weight"] for name in ("0.ffn_up", "1.attn_v", "2.ffn_up_exps", "2.ffn_down_exps")],
                             ["Q8_0", "Q8_0", "MXFP4", "F16"])  # the last has rows of 24
            self.assertEqual(self.json("inspect", "--json", self.out)["metadata"]["general.file_type"], 38)

    def test_give_a_tied_embedding_the_type_of_the_output(self):
        self.write(tied=True)
        for kind in ("Q4_0", "TQ1_0", "Q3_K_S"):
            mix = self.mix(kind)
            self.assertEqual((mix["token_embd"], mix["output"]), ("Q6_K", None))

    def test_are_left_out_by_pure(self):
        self.write()
        for kind, base in (("Q4_K_M", "Q4_K"), ("q4_k", "Q4_K"), ("Q4_0", "Q4_0"), ("MXFP4", "MXFP4")):
            self.assertEqual(self.mix(kind, "--pure"), dict.fromkeys(("token_embd", "output", *MATRICES), base))


class Fallbacks(TestCase):
    def test_step_in_where_rows_are_no_whole_blocks(self):
        checkpoint.write(self.source)  # rows of 64, and of 96 in ffn_down
        for kind, other, output in (("Q4_K_M", "Q5_0", "Q8_0"), ("Q5_K_S", "Q5_1", "Q8_0"), ("Q6_K", "Q8_0", "Q8_0"),
                                    ("Q2_K", "IQ4_NL", "Q8_0"), ("IQ4_XS", "IQ4_NL", "Q8_0"), ("TQ1_0", "Q4_0", "Q8_0")):
            types = self.quantized(kind)
            self.assertEqual((types["blk.1.ffn_up.weight"], types["token_embd.weight"]), (other, output), kind)
        self.assertIn("15 tensors are Q5_0 instead of Q4_K", self.quantize("Q4_K", None, "--force", "--pure").err)


class OfOthers(TestCase):
    """A plugin that is never loaded, for its recipes."""

    def setUp(self):
        super().setUp()
        checkpoint.write(self.source)
        self.plugins = self.path("plugins")
        os.mkdir(self.plugins)
        library = os.path.join(os.path.dirname(program.PROGRAM), "..", "lib", "wick", "plugins-1", "libwick-quant.so")
        shutil.copy(library, os.path.join(self.plugins, "libmine.so"))
        self.write("org.example.mine.wick.json", {
            "wick_manifest": 1, "id": "org.example.mine", "version": "1", "abi": [1, 0], "library": "libmine.so",
            "provides": [{"kind": "quant", "id": "MINE", "gguf_type": 4000}], "recipes": "org.example.mine.recipes.json"})
        before = os.environ.get("WICK_PLUGIN_PATH")
        os.environ["WICK_PLUGIN_PATH"] = self.plugins
        self.addCleanup(lambda: os.environ.pop("WICK_PLUGIN_PATH") if before is None
                        else os.environ.update(WICK_PLUGIN_PATH=before))

    def write(self, name, document):
        path = os.path.join(self.plugins, name)
        with open(path, "w", encoding="utf-8") as file:
            json.dump(document, file)
        os.chmod(path, 0o644)

    def recipes(self, *recipes):
        self.write("org.example.mine.recipes.json", {"wick_recipes": 1, "recipes": recipes})

    def test_are_taken_from_the_file_that_the_manifest_names(self):
        self.recipes({"name": "Slim_1", "type": "Q4_0", "output": "F16",
                      "rules": [{"tensors": "attn_[qk]\\.", "type": "Q8_0"}]})
        types = self.quantized("slim_1")
        self.assertEqual([types[f"{name}.weight"] for name in ("token_embd", "blk.1.attn_k", "blk.1.attn_v", "blk.0.attn_norm")],
                         ["F16", "Q8_0", "Q4_0", "F32"])
        self.assertNotIn("general.file_type", self.json("inspect", "--json", self.out)["metadata"])

    def test_that_name_a_format_which_is_not_there_are_refused(self):
        self.recipes({"name": "Slim_1", "type": "Q4_0", "output": "Q99"})
        self.refused(3, kind="Slim_1", says="org.example.mine.recipes.json 'Slim_1' 'Q99' Q4_0")

    def test_that_cannot_be_read_are_passed_over_with_a_warning(self):
        for document in ([], {"wick_recipes": 9}, {"wick_recipes": 1, "recipes": [{"name": "Slim_1"}]}):
            self.write("org.example.mine.recipes.json", document)
            result = self.quantize("Q8_0", None, "--force")
            self.assertIn("warning: " + os.path.join(self.plugins, "org.example.mine.recipes.json"), result.err)
        os.remove(os.path.join(self.plugins, "org.example.mine.recipes.json"))
        self.assertIn("warning", self.quantize("Q8_0", None, "--force").err)


if __name__ == "__main__":
    unittest.main()
