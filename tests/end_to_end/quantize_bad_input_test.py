# `wick quantize`: checkpoints whose parts do not fit together, and weights that no type can hold. One sentence each, and no
# partial file. What one bad file does is in quantize_refusals_test.py.
import json
import os
import resource
import signal
import struct
import subprocess
import time
import unittest

import checkpoint
import program
import quantize_case


class Shards(quantize_case.TestCase):
    """Two files and their index."""

    def setUp(self):
        super().setUp()
        checkpoint.write(self.source)
        os.remove(self.part("model.safetensors"))
        content = checkpoint.tensors()
        self.names = sorted(content)
        self.index = {}
        for part, some in (("a.safetensors", self.names[:9]), ("b.safetensors", self.names[9:])):
            checkpoint.write_safetensors(self.part(part), {name: content[name] for name in some})
            self.index.update(dict.fromkeys(some, part))
        self.content = content
        self.write_index(self.index)

    def part(self, name):
        return os.path.join(self.source, name)

    def write_index(self, weight_map):
        with open(self.part("model.safetensors.index.json"), "w", encoding="utf-8") as file:
            json.dump({"metadata": {}, "weight_map": weight_map}, file)

    def test_that_fit_are_taken(self):
        self.quantize()

    def test_that_are_missing(self):
        os.remove(self.part("b.safetensors"))
        self.refused(4, says="b.safetensors")

    def test_that_are_cut(self):
        path = self.part("b.safetensors")
        os.truncate(path, os.path.getsize(path) - 2)
        self.refused(4, says="b.safetensors outside")
        os.truncate(path, 4)
        self.refused(4, says="b.safetensors")
        os.truncate(path, 0)
        self.refused(4, says="b.safetensors")

    def test_that_the_index_confuses(self):
        first = self.names[0]
        self.write_index({**self.index, first: "b.safetensors"})
        self.refused(4, says=f"'{first}' 'b.safetensors' index")

    def test_whose_tensor_only_the_index_has(self):
        self.write_index({**self.index, "model.layers.7.mlp.up_proj.weight": "a.safetensors"})
        self.refused(4, says="'model.layers.7.mlp.up_proj.weight' 'a.safetensors' index")

    def test_that_hold_a_tensor_twice(self):
        first = self.names[0]
        both = {name: self.content[name] for name in [first, *self.names[9:]]}
        checkpoint.write_safetensors(self.part("b.safetensors"), both)
        self.refused(4, says=f"'{first}' a.safetensors b.safetensors once")

    def test_whose_index_names_nothing_or_other_folders(self):
        self.write_index({})
        self.refused(4, says="model.embed_tokens.weight")
        for elsewhere in ("../a.safetensors", "/etc/passwd", "", "..", "a\0", "\x1b[31ma.safetensors", "\x7f"):
            self.write_index({**self.index, self.names[0]: elsewhere})
            self.refused(4, says=f"'{self.names[0]}' folder")

    def test_of_which_one_lacks_a_layer(self):
        name = "model.layers.1.mlp.up_proj.weight"
        part = self.index.pop(name)
        kept = {other: self.content[other] for other in self.index if self.index[other] == part}
        checkpoint.write_safetensors(self.part(part), kept)
        self.write_index(self.index)
        self.refused(4, says=f"'{name}' missing")


class Weights(quantize_case.TestCase):
    NAME = "model.layers.1.mlp.down_proj.weight"

    def with_value(self, value, at):
        content = checkpoint.tensors("F32")
        kind, shape, data = content[self.NAME]
        content[self.NAME] = (kind, shape, data[:4 * at] + struct.pack("<f", value) + data[4 * at + 4:])
        checkpoint.write(self.source, content)

    def test_that_are_not_finite_are_named_wherever_they_stand(self):
        for value in (float("nan"), float("inf"), -float("inf")):
            for at in (0, 64 * 48 + 7, 64 * 96 - 1):
                self.with_value(value, at)
                for kind in ("F32", "F16", "BF16", "Q8_0", "Q4_K", "nf4"):
                    self.refused(4, kind=kind, says=f"'{self.NAME}' NaN infinity --allow-nonfinite")

    def test_that_are_not_finite_are_kept_on_request(self):
        self.with_value(float("nan"), 5)
        for kind in ("F32", "F16", "BF16"):
            self.quantize(kind, None, "--allow-nonfinite", "--force")
            _, tensors = checkpoint.read_gguf(self, self.out)
            data = tensors["blk.1.ffn_down.weight"][2]
            if kind == "F32":
                value, = struct.unpack_from("<f", data, 20)
                self.assertNotEqual(value, value)  # a NaN is none's equal

    def test_that_no_block_can_hold_are_refused_even_on_request(self):
        """A format has no NaN: the sentence names the tensor and the way out."""
        content = checkpoint.tensors("F32")
        name = "model.layers.1.mlp.up_proj.weight"  # rows of 64: whole blocks of both formats
        kind, shape, data = content[name]
        target_name = {"Q8_0": "Q8_0", "nf4": "org.wick.nf4@1", "dynamic8": "org.wick.dynamic8@1"}
        for value in (float("nan"), float("inf")):
            content[name] = (kind, shape, data[:40] + struct.pack("<f", value) + data[44:])
            checkpoint.write(self.source, content)
            for target in target_name:
                self.refused(4, "--allow-nonfinite", kind=target, says=f"'{name}' {target_name[target]} finite F32")

    def test_of_a_gguf_file_are_named_too(self):
        self.with_value(float("nan"), 5)
        self.quantize("F32", None, "--allow-nonfinite")
        source, self.out = self.out, self.path("again.gguf")
        self.refused(4, kind="F16", source=source, says="'blk.1.ffn_down.weight' NaN --allow-nonfinite")


class Kinds(quantize_case.TestCase):
    """Checkpoints that are whole, and not ours to read."""

    def test_of_weights_that_are_packed_already(self):
        for method in ("gptq", "awq", "bitsandbytes", "fp8"):
            config = {**checkpoint.config(), "quantization_config": {"quant_method": method, "bits": 4}}
            checkpoint.write(self.source, config=config)
            self.refused(3, says=f"config.json '{method}' quantized already")

    def test_of_dtypes_that_are_no_weights(self):
        name = "model.layers.0.self_attn.q_proj.weight"
        for dtype, n_bytes in (("F8_E4M3", 1), ("I8", 1), ("U8", 1), ("I32", 4), ("BOOL", 1)):
            content = checkpoint.tensors()
            content[name] = (dtype, [64, 64], bytes(64 * 64 * n_bytes))
            checkpoint.write(self.source, content)
            self.refused(4, says=f"'{name}' {dtype} F32, F16, BF16")

    def test_of_tokenizers_that_search_for_the_likeliest_pieces(self):
        for byte_fallback in (True, False):
            tokenizer = checkpoint.tokenizer()
            tokenizer["model"] = {"type": "Unigram", "unk_id": 0, "byte_fallback": byte_fallback, "vocab": [["<unk>", 0.0]]}
            checkpoint.write(self.source, tokenizer=tokenizer)
            self.refused(3, says="tokenizer.json 'Unigram' BPE")
        checkpoint.write(self.source, tokenizer=None)
        os.remove(os.path.join(self.source, "tokenizer.json"))
        with open(os.path.join(self.source, "tokenizer.model"), "wb") as file:
            file.write(checkpoint.sentencepiece([("<unk>", 0, 2), ("a", -1, 1)], model_type=1))
        self.refused(3, says="tokenizer.model type BPE")

    def test_of_which_a_file_is_missing(self):
        for name in ("config.json", "tokenizer.json", "model.safetensors"):
            checkpoint.write(self.source)
            os.remove(os.path.join(self.source, name))
            self.refused(4, says=name)

    def test_of_files_that_are_folders_or_closed(self):
        for name in ("config.json", "tokenizer.json", "model.safetensors"):
            checkpoint.write(self.source)
            path = os.path.join(self.source, name)
            os.remove(path)
            os.mkdir(path)
            self.assertEqual(program.wick("quantize", self.source, self.out, "--type", "F16").code, 4)
            self.assertFalse(os.path.exists(self.out))
            os.rmdir(path)


class Endings(quantize_case.TestCase):
    """Of a GGUF file, and of a file that is replaced: what was there stays whole."""

    def limited(self, limit):
        words = [program.PROGRAM, "quantize", program.BUNDLED, self.out, "--type", "F32", "--force"]
        process = subprocess.Popen(words, stderr=subprocess.PIPE,
                                   preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit)))
        return process, process.communicate(timeout=120)[1].decode()

    def test_on_a_full_disk_keep_the_old_file(self):
        with open(self.out, "w", encoding="utf-8") as file:
            file.write("mine")
        for limit in (100, 100_000, 6_000_000):  # in the header, and in the tensors
            process, error = self.limited(limit)
            self.assertEqual((process.returncode, len(error.splitlines())), (1, 1), error)
            self.assertIn("written", error)
            self.assertEqual(os.listdir(self.folder.name), ["out.gguf"])
            with open(self.out, encoding="utf-8") as file:
                self.assertEqual(file.read(), "mine")

    def test_by_a_signal_keep_the_old_file(self):
        checkpoint.write(self.source, self.large(), config={**checkpoint.config(), "vocab_size": 1_000_000})
        with open(self.out, "w", encoding="utf-8") as file:
            file.write("mine")
        for number in (signal.SIGINT, signal.SIGTERM):
            process = subprocess.Popen([program.PROGRAM, "quantize", self.source, self.out, "--type", "nf4", "--force"],
                                       stderr=subprocess.PIPE)
            for _ in range(600):
                if self.is_written_by(process) or process.poll() is not None:
                    break
                time.sleep(0.02)
            process.send_signal(number)
            process.communicate(timeout=60)
            self.assertNotEqual(process.returncode, 0)
            with open(self.out, encoding="utf-8") as file:
                self.assertEqual(file.read(), "mine")
            self.assertEqual(sorted(os.listdir(self.folder.name)), ["out.gguf", "tiny-model"])

    def large(self):
        content = checkpoint.tensors()
        content["model.embed_tokens.weight"] = ("BF16", [1_000_000, 64], bytes(128_000_000))
        return content


if __name__ == "__main__":
    unittest.main()
