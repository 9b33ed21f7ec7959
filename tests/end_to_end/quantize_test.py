# `wick quantize`: what becomes of the weights and keys of a checkpoint. tests/end_to_end/checkpoint.py makes them.
import json
import os
import struct
import unittest

import checkpoint
import measure
import program
import quantize_case


class SharedModels(quantize_case.TestCase):
    def key_types(self, path):
        """Key and type of each metadata line."""
        lines = self.assert_done("inspect", path).out.split("\n\n")[1].splitlines()[1:]
        return {line.split()[0]: line.split()[1] for line in lines}

    def test_are_byte_for_byte_those_of_the_peer(self):
        for model in measure.MODELS:
            with self.subTest(model=model):
                peer = program.shared("models", f"{model}-BF16.gguf")
                metadata, tensors = self.converted(source=program.shared("models", model))
                want_metadata, want_tensors = checkpoint.read_gguf(self, peer)
                self.assertEqual(metadata, want_metadata)  # there is no difference that is meant
                self.assertEqual(self.key_types(self.out), self.key_types(peer))
                self.assertEqual(tensors.keys(), want_tensors.keys())
                for name, tensor in want_tensors.items():
                    self.assertEqual(tensors[name], tensor, name)

    def test_give_the_reference_text(self):
        for model in measure.MODELS:
            self.quantize("BF16", program.shared("models", model), "--force")
            case = measure.cases(model)[0]
            document = self.json("run", "-m", self.out, "--precise", "--temp", "0", "-n", "64", "--json", "--special", "-p",
                                 case["prompt"])
            self.assertEqual(document["token_ids"], case["greedy_ids"])

    def test_give_the_peers_8_bit_tensors(self):
        for model in measure.MODELS:
            _, tensors = self.converted("Q8_0", program.shared("models", model))
            _, want = checkpoint.read_gguf(self, program.shared("models", f"{model}-Q8_0.gguf"))
            for name, tensor in want.items():
                self.assertEqual(tensors[name], tensor, name)


class Conversion(quantize_case.TestCase):
    def setUp(self):
        super().setUp()
        checkpoint.write(self.source)

    def test_makes_a_model_that_runs(self):
        for kind in ("F32", "F16", "BF16", "Q8_0"):
            self.quantize(kind, None, "--force")
            self.assertTrue(self.json("run", "-m", self.out, "-p", "the", "-n", "4", "--temp", "0", "--json")["token_ids"])

    def test_keeps_values_whatever_their_type(self):
        _, exact = self.converted("F32")
        for dtype in ("F16", "F32", "F64"):
            checkpoint.write(self.source, checkpoint.tensors(dtype))
            self.assertEqual(self.converted("F32")[1], exact, dtype)
            _, halves = self.converted("F16")
            self.assertEqual(halves["blk.0.ffn_up.weight"][2],
                             checkpoint.pack(checkpoint.numbers([96, 64], "model.layers.0.mlp.up_proj.weight"), "F16"))
            self.assertEqual(halves["blk.0.ffn_norm.weight"][0], "F32")

    def test_interleaves_the_rows_of_heads(self):
        _, tensors = self.converted()
        for name, source, rows, heads in (("attn_q", "q_proj", 64, 4), ("attn_k", "k_proj", 32, 2)):
            data = checkpoint.tensors()[f"model.layers.1.self_attn.{source}.weight"][2]
            self.assertEqual(tensors[f"blk.1.{name}.weight"][2], checkpoint.interleaved(data, rows, heads))
        self.assertEqual(tensors["blk.1.attn_v.weight"][2], checkpoint.tensors()["model.layers.1.self_attn.v_proj.weight"][2])

    def test_interleaves_biases_too(self):
        shapes = checkpoint.shapes()
        shapes["model.layers.0.self_attn.q_proj.bias"] = [64]
        content = checkpoint.tensors("F32", shapes)
        checkpoint.write(self.source, content)
        _, tensors = self.converted("F32")
        self.assertEqual(tensors["blk.0.attn_q.bias"][2],
                         checkpoint.interleaved(content["model.layers.0.self_attn.q_proj.bias"][2], 64, 4))

    def test_names_tokens_and_what_stands_before_a_text(self):
        metadata, _ = self.converted()
        tokens, types = metadata["tokenizer.ggml.tokens"], metadata["tokenizer.ggml.token_type"]
        self.assertEqual((tokens[256:], types[256:]), (["th", "[PAD257]", "<|begin|>", "<tool>"], [1, 5, 3, 4]))
        self.assertEqual(metadata["tokenizer.ggml.merges"], ["t h"])
        self.assertIs(metadata["tokenizer.ggml.add_bos_token"], True)  # by the post-processor
        self.assertEqual(metadata["general.name"], "Tiny Model")
        self.assertEqual(self.json("tokenize", "-m", self.out, "--json", "the<tool>"), [258, 256, ord("e"), 259])

    def test_believes_tokenizer_config_first(self):
        templates = [{"name": "default", "template": "A"}, {"name": "tool_use", "template": "B"}]
        checkpoint.write(self.source, tokenizer_config={"add_bos_token": False, "eos_token": {"content": "<tool>"},
                                                        "chat_template": templates})
        metadata, _ = self.converted()
        self.assertIs(metadata["tokenizer.ggml.add_bos_token"], False)
        self.assertEqual((metadata["tokenizer.ggml.bos_token_id"], metadata["tokenizer.ggml.eos_token_id"]), (258, 259))
        self.assertEqual((metadata["tokenizer.chat_template"], metadata["tokenizer.chat_template.tool_use"]), ("A", "B"))
        with open(os.path.join(self.source, "chat_template.jinja"), "w", encoding="utf-8") as file:
            file.write("of its own")
        self.assertEqual(self.converted()[0]["tokenizer.chat_template"], "of its own")

    def test_recognizes_the_pre_tokenizers(self):
        def with_steps(steps, ignore_merges=False):
            tokenizer = checkpoint.tokenizer()
            tokenizer["pre_tokenizer"] = steps
            tokenizer["model"]["ignore_merges"] = ignore_merges
            checkpoint.write(self.source, tokenizer=tokenizer)
            return self.converted()[0]["tokenizer.ggml.pre"]
        bytes_only = {"type": "ByteLevel", "add_prefix_space": False, "use_regex": True}
        digits = {"type": "Digits", "individual_digits": True}
        qwen = checkpoint.tokenizer(checkpoint.LLAMA3_PATTERN.replace("{1,3}", ""))["pre_tokenizer"]
        self.assertEqual(with_steps(bytes_only), "gpt-2")
        self.assertEqual(with_steps({"type": "Sequence", "pretokenizers": [digits, bytes_only]}), "smollm")
        self.assertEqual(with_steps(qwen), "qwen2")
        self.assertEqual(with_steps(checkpoint.tokenizer()["pre_tokenizer"]), "smaug-bpe")

    def test_makes_the_frequency_factors_of_llama_3(self):
        scaling = {"rope_type": "llama3", "factor": 8.0, "low_freq_factor": 1.0, "high_freq_factor": 4.0,
                   "original_max_position_embeddings": 64}
        checkpoint.write(self.source, config={**checkpoint.config(), "rope_scaling": scaling})
        kind, shape, data = self.converted()[1]["rope_freqs.weight"]
        self.assertEqual((kind, shape), ("F32", [8]))
        factors = struct.unpack("<8f", data)
        # By hand: waves of 2 pi 10000^(i/8) tokens. 64 tokens hold 10.2 turns of the first, 3.22 and 1.02 of the next.
        self.assertEqual(factors[0], 1)
        self.assertAlmostEqual(factors[1], 1 / ((1 - (3.2211 - 1) / 3) / 8 + (3.2211 - 1) / 3), places=4)
        self.assertAlmostEqual(factors[2], 1 / ((1 - (1.01859 - 1) / 3) / 8 + (1.01859 - 1) / 3), places=3)
        self.assertEqual(factors[3:], (8,) * 5)

    def test_takes_several_shards_and_one_file(self):
        _, want = self.converted()
        content, folder = checkpoint.tensors(), self.path("sharded")
        checkpoint.write(folder)
        os.remove(os.path.join(folder, "model.safetensors"))
        names, index = sorted(content), {}
        for part, some in (("a.safetensors", names[:9]), ("b.safetensors", names[9:])):
            checkpoint.write_safetensors(os.path.join(folder, part), {name: content[name] for name in some})
            index.update(dict.fromkeys(some, part))
        with open(os.path.join(folder, "model.safetensors.index.json"), "w", encoding="utf-8") as file:
            json.dump({"weight_map": index}, file)
        self.assertEqual(self.converted(source=folder)[1], want)
        self.assertEqual(self.converted(source=os.path.join(self.source, "model.safetensors"))[1], want)
        os.remove(os.path.join(folder, "b.safetensors"))
        self.refused(4, "--force", source=folder, says="b.safetensors")

    def test_leaves_out_a_tied_output_and_needs_one_that_is_not(self):
        content = checkpoint.tensors("BF16", {**checkpoint.shapes(), "lm_head.weight": [260, 64]})
        checkpoint.write(self.source, content)
        self.assertNotIn("output.weight", self.converted()[1])
        untied = {**checkpoint.config(), "tie_word_embeddings": False}
        checkpoint.write(self.source, content, config=untied)
        self.assertEqual(self.converted()[1]["output.weight"][2], content["lm_head.weight"][2])
        checkpoint.write(self.source, config=untied)
        self.refused(4, "--force", says="lm_head.weight")

    def test_says_what_it_does_differently(self):
        shapes = {**checkpoint.shapes(), "model.extra": [3]}
        checkpoint.write(self.source, checkpoint.tensors("BF16", shapes))
        self.assertIn("'model.extra'", self.quantize().err)

    def test_keeps_rows_that_are_no_whole_blocks_in_16_bits(self):
        config, shapes = {**checkpoint.config(), "intermediate_size": 40}, checkpoint.shapes()
        for name, shape in shapes.items():
            shapes[name] = [40 if "mlp" in name and dim == checkpoint.FF else dim for dim in shape]
        checkpoint.write(self.source, checkpoint.tensors("BF16", shapes), config=config)
        result = self.quantize("Q8_0")
        self.assertIn("2 tensors are F16", result.err)
        self.assertIn("blk.0.ffn_down.weight", result.err)
        _, tensors = checkpoint.read_gguf(self, self.out)
        self.assertEqual([tensors[f"blk.0.ffn_{name}.weight"][0] for name in ("down", "up")], ["F16", "Q8_0"])

    def test_does_not_depend_on_the_number_of_threads(self):
        results = []
        for n in (1, 3):
            self.quantize("Q8_0", None, "--force", "--threads", n)
            with open(self.out, "rb") as file:
                results.append(file.read())
        self.assertEqual(*results)


if __name__ == "__main__":
    unittest.main()
