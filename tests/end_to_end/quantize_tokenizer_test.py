# `wick quantize`: what becomes of the tokenizers of checkpoints, byte-level BPE and SentencePiece.
import json
import os
import unittest

import checkpoint
import program
import quantize_case


class RealVocabularies(quantize_case.TestCase):
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


class Pieces(quantize_case.TestCase):
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


if __name__ == "__main__":
    unittest.main()
