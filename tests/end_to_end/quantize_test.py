# `wick quantize`: what becomes of a checkpoint, and of one that cannot be used. tests/end_to_end/checkpoint.py makes them.
import json
import os
import resource
import signal
import struct
import subprocess
import tempfile
import time
import unittest

import checkpoint
import measure
import program


class TestCase(program.TestCase):
    def setUp(self):
        self.folder = tempfile.TemporaryDirectory()
        self.addCleanup(self.folder.cleanup)
        self.source, self.out = self.path("tiny-model"), self.path("out.gguf")

    def path(self, name):
        return os.path.join(self.folder.name, name)

    def quantize(self, kind="BF16", source=None, *more):
        return self.assert_done("quantize", source or self.source, self.out, "--type", kind, *more)

    def converted(self, kind="BF16", source=None):
        self.quantize(kind, source, "--force")
        return checkpoint.read_gguf(self, self.out)

    def refused(self, code, *more, kind="BF16", says="", source=None):
        """And nothing is left beside OUT."""
        before = sorted(os.listdir(self.folder.name))
        result = self.assert_fails(code, "quantize", source or self.source, self.out, "--type", kind, *more, says=says)
        self.assertEqual(sorted(os.listdir(self.folder.name)), before)
        return result


class SharedModels(TestCase):
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


class Conversion(TestCase):
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


class RealVocabularies(TestCase):
    """Vocabularies of public models, put back into tokenizer.json."""
    STEPS = {"llama-bpe": checkpoint.tokenizer()["pre_tokenizer"],
             "qwen2": checkpoint.tokenizer(checkpoint.LLAMA3_PATTERN.replace("{1,3}", ""))["pre_tokenizer"],
             "gpt-2": {"type": "ByteLevel", "add_prefix_space": False, "trim_offsets": True}}

    def test_come_back_whole(self):
        for name, steps in self.STEPS.items():
            with self.subTest(name):
                want = self.json("inspect", "--json", program.shared("vocab", f"ggml-vocab-{name}.gguf"))["metadata"]
                texts, types = want["tokenizer.ggml.tokens"], want["tokenizer.ggml.token_type"]
                added = [{"id": i, "content": texts[i], "special": kind == 3} for i, kind in enumerate(types) if kind in (3, 4)]
                tokenizer = {"added_tokens": added, "pre_tokenizer": steps, "model": {
                    "type": "BPE", "ignore_merges": name == "llama-bpe", "merges": want["tokenizer.ggml.merges"],
                    "vocab": {text: i for i, text in enumerate(texts) if types[i] == 1}}}
                content = checkpoint.tensors("BF16", {**checkpoint.shapes(), "model.embed_tokens.weight": [1, 64]})
                content["model.embed_tokens.weight"] = ("BF16", [len(texts), 64], bytes(128 * len(texts)))
                config = {**checkpoint.config(), "vocab_size": len(texts), "bos_token_id": want.get("tokenizer.ggml.bos_token_id"),
                          "eos_token_id": want["tokenizer.ggml.eos_token_id"]}
                checkpoint.write(self.source, content, config=config, tokenizer=tokenizer)
                metadata, _ = self.converted("Q8_0")
                for key in ("model", "pre", "tokens", "token_type", "merges", "eos_token_id"):
                    self.assertEqual(metadata["tokenizer.ggml." + key], want["tokenizer.ggml." + key], key)


class Pieces(TestCase):
    """SentencePiece: tokenizer.model, and tokenizer.json that was made of one."""
    SMALL = ([("<unk>", 0, 2), ("<s>", 0, 3), ("</s>", 0, 3)] + [(f"<0x{byte:02X}>", 0, 6) for byte in range(256)]
             + [("\u2581t", -1, 1), ("he", -2, 1), ("\u2581the", -3, 1), ("\u2581", -4, 1), ("t", -5, 1), ("h", -6, 1), ("e", -7, 1)])

    def write(self, pieces, model=None, added=(), vocab_size=None, **files):
        vocab_size = vocab_size or len(pieces)
        content = checkpoint.tensors("BF16", {**checkpoint.shapes(), "model.embed_tokens.weight": [1, 64]})
        kind, _, data = content["model.embed_tokens.weight"]
        content["model.embed_tokens.weight"] = (kind, [vocab_size, 64], data * vocab_size)
        config = {**checkpoint.config(), "vocab_size": vocab_size, "bos_token_id": 1, "eos_token_id": 2}
        files = {"tokenizer": checkpoint.piece_json(pieces, added), **files}
        checkpoint.write(self.source, content, config=config, **files)
        if model is not None:
            with open(os.path.join(self.source, "tokenizer.model"), "wb") as file:
                file.write(model)

    def ids(self, text):
        return self.json("tokenize", "-m", self.out, "--json", text)

    def test_come_from_either_file(self):
        model = checkpoint.sentencepiece(self.SMALL)
        for name, arguments in (("model", {"model": model, "tokenizer": None}), ("json", {}), ("both", {"model": model})):
            with self.subTest(name):
                self.write(self.SMALL, **arguments)
                metadata, _ = self.converted()
                self.assertEqual(metadata["tokenizer.ggml.tokens"], [text for text, _, _ in self.SMALL])
                self.assertEqual(metadata["tokenizer.ggml.token_type"], [kind for _, _, kind in self.SMALL])
                self.assertEqual((metadata["tokenizer.ggml.model"], metadata["tokenizer.ggml.pre"]), ("llama", "default"))
                self.assertIs(metadata["tokenizer.ggml.add_bos_token"], True)
                self.assertIs(metadata["tokenizer.ggml.add_space_prefix"], True)
                self.assertNotIn("tokenizer.ggml.merges", metadata)
                self.assertEqual(self.ids("the the x"), [1, 261, 261, 262, 3 + ord("x")])
                os.remove(self.out)
                for file in ("tokenizer.model", "tokenizer.json"):
                    if os.path.exists(os.path.join(self.source, file)):
                        os.remove(os.path.join(self.source, file))

    def test_take_added_tokens(self):
        added = [{"id": 266, "content": "<|chat|>", "special": True}, {"id": 267, "content": "<tool>", "special": False}]
        decoder = {"added_tokens_decoder": {str(token["id"]): token for token in added}}
        model = checkpoint.sentencepiece(self.SMALL, adds_space=False)
        for arguments in ({"added": added}, {"tokenizer": None, "tokenizer_config": decoder}):
            self.write(self.SMALL, model=model, vocab_size=269, **arguments)
            metadata, _ = self.converted()
            self.assertEqual(metadata["tokenizer.ggml.tokens"][266:], ["<|chat|>", "<tool>", "[PAD268]"])
            self.assertEqual(metadata["tokenizer.ggml.token_type"][266:], [3, 4, 5])
            self.assertIs(metadata["tokenizer.ggml.add_space_prefix"], False)
            self.assertEqual(self.ids("the<tool>"), [1, 263, 260, 267])
            os.remove(self.out)
            if "added" in arguments:
                os.remove(os.path.join(self.source, "tokenizer.json"))

    def test_of_a_real_vocabulary_are_the_same(self):
        path = program.shared("vocab", "ggml-vocab-llama-spm.gguf")
        want = self.json("inspect", "--json", path)["metadata"]
        pieces = list(zip(*(want[f"tokenizer.ggml.{key}"] for key in ("tokens", "scores", "token_type"))))
        self.write(pieces, checkpoint.sentencepiece(pieces), tokenizer=None)
        metadata, _ = self.converted()
        for key, value in want.items():
            if key.startswith("tokenizer.") and key != "tokenizer.ggml.add_eos_token":
                self.assertEqual(metadata.get(key), value, key)
        os.remove(os.path.join(self.source, "tokenizer.model"))
        self.write(pieces)
        self.converted()
        with open(path + ".inp", encoding="utf-8", newline="") as file:
            texts = file.read().split("\n__ggml_vocab_test__\n")[:-1]
        with open(path + ".out", encoding="utf-8") as file:
            expected = [[int(i) for i in line.split()] for line in file]
        self.assertEqual((len(texts), len(expected)), (46, 46))
        for text, ids in zip(texts, expected):
            result = self.assert_done("tokenize", "-m", self.out, "--json", "--no-bos", "--no-special", "-", stdin=text.encode())
            self.assertEqual(json.loads(result.out), ids, repr(text))

    def test_that_are_bad_are_refused(self):
        good = checkpoint.sentencepiece(self.SMALL)
        for code, model, says in ((3, checkpoint.sentencepiece(self.SMALL, model_type=1), "type BPE"),
                                  (4, good[:100], "damaged"), (4, b"", "damaged"), (4, b"\xff" * 40, "damaged"),
                                  (4, checkpoint.sentencepiece(self.SMALL + [("t", 0, 1)]), "two")):
            self.write(self.SMALL, model, tokenizer=None)
            self.refused(code, says="tokenizer.model " + says)
            os.remove(os.path.join(self.source, "tokenizer.model"))
        for code, change in ((4, {"model": {"byte_fallback": True, "vocab": {"a": 0}, "merges": ["a b"]}}),
                             (3, {"normalizer": {"type": "Lowercase"}}), (3, {"pre_tokenizer": {"type": "Whitespace"}})):
            self.write(self.SMALL, tokenizer={**checkpoint.piece_json(self.SMALL), **change})
            self.refused(code, says="tokenizer.json")


class GgufFiles(TestCase):
    def test_are_copied_but_for_matrices(self):
        metadata, tensors = self.converted("F32", program.BUNDLED)
        want_metadata, want = checkpoint.read_gguf(self, program.BUNDLED)
        self.assertEqual(metadata, {**want_metadata, "general.file_type": 0})
        self.assertEqual([kind for kind, _, _ in tensors.values()], ["F32"] * len(want))
        for name, (kind, _, data) in want.items():
            if kind == "F32":
                self.assertEqual(tensors[name][2], data)

    def test_say_where_they_are_rounded_already(self):
        self.assertIn("Q8_0", self.quantize("Q4_0", program.BUNDLED).err.splitlines()[0])
        same = self.path("same.gguf")
        result = self.assert_done("quantize", program.BUNDLED, same, "--type", "q8_0")
        self.assertNotIn("note", result.err)
        self.assertEqual(checkpoint.read_gguf(self, same)[1], checkpoint.read_gguf(self, program.BUNDLED)[1])
        self.assert_fails(2, "quantize", same, same, "--type", "F16", "--force", says="source")

    def test_give_the_same_text_as_the_decoded_weights(self):
        self.quantize("F32", program.BUNDLED)
        words = ["-p", "Once upon a time", "-n", "16", "--temp", "0", "--precise", "--json"]
        self.assertEqual(self.json("run", "-m", self.out, *words)["token_ids"], self.json("run", *words)["token_ids"])

    def test_give_what_checkpoints_give(self):
        for model in measure.MODELS:
            _, tensors = self.converted("Q8_0", program.shared("models", f"{model}-BF16.gguf"))
            self.assertEqual(tensors, checkpoint.read_gguf(self, program.shared("models", f"{model}-Q8_0.gguf"))[1])

    def test_that_are_no_models_are_refused(self):
        bad = self.path("bad.gguf")
        with open(bad, "wb") as file:
            file.write(b"not a model")
        self.refused(4, source=bad)


class Refusals(TestCase):
    def setUp(self):
        super().setUp()
        checkpoint.write(self.source)

    def with_tensor(self, name, dtype, shape, data):
        content = checkpoint.tensors()
        content[name] = (dtype, shape, data)
        checkpoint.write(self.source, content)

    def test_of_the_command_line(self):
        self.assert_fails(2, "quantize", self.source, says="OUT.gguf")
        self.assert_fails(2, "quantize", self.source, self.out, says="--type")
        self.refused(3, kind="Q4_K_M", says="'Q4_K_M' recipes F32, BF16 Q8_0")
        self.refused(3, kind="nothing", says="'nothing'")
        self.refused(4, source=self.path("none"))

    def test_of_an_output_that_is_there(self):
        with open(self.out, "w", encoding="utf-8") as file:
            file.write("mine")
        self.refused(2, says="--force")
        with open(self.out, encoding="utf-8") as file:
            self.assertEqual(file.read(), "mine")
        weights = os.path.join(self.source, "model.safetensors")
        for target in (weights, self.source):
            self.assert_fails(2, "quantize", self.source, target, "--type", "F16", "--force", says="source")
        self.assert_fails(1, "quantize", self.source, "/dev/full", "--type", "F16", "--force", says="/dev/full regular")
        self.assert_fails(1, "quantize", self.source, self.path("no/such/out.gguf"), "--type", "F16", says="created")

    def test_of_weights(self):
        name = "model.layers.1.mlp.up_proj.weight"
        values = checkpoint.numbers([96, 64], name)
        for bad in (b"\xc0\x7f", b"\x80\xff"):  # NaN and -infinity
            data = checkpoint.pack(values, "BF16")
            self.with_tensor(name, "BF16", [96, 64], data[:-2] + bad)
            for kind in ("BF16", "F32", "Q8_0"):
                self.refused(4, kind=kind, says=f"'{name}' NaN --allow-nonfinite")
            self.quantize("F32", None, "--allow-nonfinite", "--force")
            os.remove(self.out)
        self.with_tensor(name, "F32", [96, 64], checkpoint.pack(values[:-1] + [1e5], "F32"))
        self.refused(4, kind="F16", says=f"'{name}' large F16")
        self.with_tensor(name, "I8", [96, 64], b"\0" * (96 * 64))
        self.refused(4, says=f"'{name}' I8 BF16")
        self.with_tensor(name, "BF16", [64, 96], checkpoint.pack(values, "BF16"))
        self.refused(4, says=f"'{name}' shape [64, [96,")
        content = checkpoint.tensors()
        del content[name]
        checkpoint.write(self.source, content)
        self.refused(4, says=f"'{name}' missing")

    def test_of_configs(self):
        good = checkpoint.config()
        for code, changes, says in (
                (3, {"architectures": ["BrandNewForCausalLM"]}, "'BrandNewForCausalLM' LlamaForCausalLM Lfm2ForCausalLM"),
                (4, {"architectures": None}, "architectures"), (4, {"architectures": []}, "architectures"),
                (4, {"hidden_size": None}, "hidden_size"), (4, {"num_hidden_layers": 10**12}, "num_hidden_layers"),
                (4, {"num_hidden_layers": 3}, "model.layers.2"), (4, {"vocab_size": 261}, "vocab_size"),
                (3, {"hidden_act": "gelu"}, "gelu"), (3, {"rope_scaling": {"rope_type": "odd"}}, "odd"),
                (4, {"num_attention_heads": "four"}, "num_attention_heads"), (4, {"head_dim": 3}, "rope"),
                (4, {"eos_token_id": 999}, "eos_token_id")):
            with self.subTest(changes=changes):
                checkpoint.write(self.source, config={**good, **changes})
                self.refused(code, says=says)
        for text, says in (("{", "JSON"), ("[]", "object"), ('{"a": 1, "a": 2}', "twice"), ("[" * 100000, "JSON")):
            with open(os.path.join(self.source, "config.json"), "w", encoding="utf-8") as file:
                file.write(text)
            self.refused(4, says="config.json " + says)

    def test_of_tokenizers(self):
        def spoilt(change):
            tokenizer = checkpoint.tokenizer()
            change(tokenizer)
            checkpoint.write(self.source, tokenizer=tokenizer)
        for code, change, says in (
                (3, lambda t: t.update(pre_tokenizer=checkpoint.tokenizer("[a-z]+")["pre_tokenizer"]), "pre-tokenizer '[a-z]+'"),
                (3, lambda t: t.update(pre_tokenizer={"type": "Metaspace"}), "'Metaspace'"),
                (3, lambda t: t.update(normalizer={"type": "Lowercase"}), "normalizer"),
                (3, lambda t: t["model"].update(type="Unigram"), "'Unigram'"),
                (4, lambda t: t["model"].update(vocab={"a": 0, "b": 0}), "two"),
                (4, lambda t: t["model"].update(vocab={"a": -1}), "id"),
                (4, lambda t: t["model"].update(vocab={"a": 2**40}), "id"),
                (4, lambda t: t["model"].update(merges=["no pair of tokens"]), "merge"),
                (4, lambda t: t["added_tokens"].append({"id": 300, "content": "xyz"}), "300 vocab_size"),
                (4, lambda t: t.update(model=None), "model")):
            with self.subTest(says=says):
                spoilt(change)
                self.refused(code, says="tokenizer.json " + says)
        checkpoint.write(self.source, tokenizer_config={"eos_token": "<no such>"})
        self.refused(4, says="eos_token")
        os.remove(os.path.join(self.source, "tokenizer.json"))
        self.refused(4, says="tokenizer.json")


class Endings(TestCase):
    def start(self, **options):
        return subprocess.Popen([program.PROGRAM, "quantize", self.source, self.out, "--type", "F32"], stderr=subprocess.PIPE,
                                **options)

    def test_on_a_full_disk_leave_nothing(self):
        checkpoint.write(self.source)
        limit = 100_000  # a limit of the file's size fails like a full disk: with an error of write()
        process = self.start(preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit)))
        error = process.communicate(timeout=60)[1].decode()
        self.assertEqual(process.returncode, 1, error)
        self.assertEqual(len(error.splitlines()), 1, error)
        self.assertIn("written", error)
        self.assertEqual(os.listdir(self.folder.name), ["tiny-model"])

    def test_on_a_file_system_without_room_leave_nothing(self):
        checkpoint.write(self.source)
        small = self.path("small")
        os.mkdir(small)
        mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=64k", "none", small], stderr=subprocess.DEVNULL)
        if mounted.returncode != 0:
            self.skipTest("mounting a tmpfs is not allowed here")
        try:
            self.out = os.path.join(small, "out.gguf")
            self.assert_fails(1, "quantize", self.source, self.out, "--type", "F32", says="space")
            self.assertEqual(os.listdir(small), [])
        finally:
            subprocess.run(["umount", small], check=True)

    def test_in_a_folder_that_may_not_be_written_leave_nothing(self):
        checkpoint.write(self.source)
        locked = self.path("locked")
        os.mkdir(locked, 0o555)
        os.chmod(self.folder.name, 0o755)
        self.out = os.path.join(locked, "out.gguf")
        # root may write everywhere, so that it is nobody who tries.
        process = self.start(**({"user": 65534} if os.geteuid() == 0 else {}))
        error = process.communicate(timeout=60)[1].decode()
        self.assertEqual(process.returncode, 1, error)
        self.assertIn("created", error)
        self.assertEqual(os.listdir(locked), [])

    def test_by_ctrl_c_leave_nothing(self):
        shapes = checkpoint.shapes()
        shapes["model.embed_tokens.weight"] = [260, 64]
        content = checkpoint.tensors("BF16", shapes)
        content["model.embed_tokens.weight"] = ("BF16", [2_000_000, 64], bytes(256_000_000))
        checkpoint.write(self.source, content, config={**checkpoint.config(), "vocab_size": 2_000_000})
        process = self.start()
        for _ in range(600):
            if any(".part-" in name for name in os.listdir(self.folder.name)) or process.poll() is not None:
                break
            time.sleep(0.02)
        process.send_signal(signal.SIGINT)
        error = process.communicate(timeout=60)[1].decode()
        self.assertEqual((process.returncode, error), (130, ""))
        self.assertEqual(os.listdir(self.folder.name), ["tiny-model"])


if __name__ == "__main__":
    unittest.main()
