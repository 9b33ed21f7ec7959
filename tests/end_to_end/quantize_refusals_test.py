# `wick quantize`: bad input, and ends before the end. One sentence each, and no partial file.
import os
import resource
import signal
import subprocess
import time
import unittest

import checkpoint
import program
import quantize_case


class Refusals(quantize_case.TestCase):
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
        self.refused(3, kind="nothing", says="'nothing' recipe Q4_K_M, format F32, BF16 Q8_0")
        self.refused(3, kind="IQ1_S", says="'IQ1_S' read written")
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


class Endings(quantize_case.TestCase):
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
            if self.is_written_by(process) or process.poll() is not None:
                break
            time.sleep(0.02)
        process.send_signal(signal.SIGINT)
        error = process.communicate(timeout=60)[1].decode()
        self.assertEqual((process.returncode, error), (130, ""))
        self.assertEqual(os.listdir(self.folder.name), ["tiny-model"])


if __name__ == "__main__":
    unittest.main()
