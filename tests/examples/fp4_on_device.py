#!/usr/bin/env python3
# The FP4 example on a Vulkan device, which has never heard of it, against the CPU backend. Exit code 77, which ctest shows as
# skipped, without a device.
import os
import tempfile
import unittest

import example_plugins
import measure
import fp4_test
import program

PROMPT = "Once upon a time there was a little"


class Fp4OnVulkan(program.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.TemporaryDirectory()
        cls.models = []
        sources = [program.BUNDLED, *(os.path.join(program.SHARED, "models", f"{model}-BF16.gguf") for model in measure.MODELS)]
        for source in filter(os.path.exists, sources):
            cls.models.append(os.path.join(cls.folder.name, f"fp4-{len(cls.models)}.gguf"))
            fp4_test.make_fp4(source, cls.models[-1])

    @classmethod
    def tearDownClass(cls):
        cls.folder.cleanup()

    def run_with(self, command, model, backend, *words):
        return self.assert_done(command, "-m", model, *fp4_test.PLUGIN, "--backend", backend, *words)

    def logits(self, model, backend, *words):
        path = os.path.join(self.folder.name, "out.npy")
        self.run_with("logits", model, backend, "-p", PROMPT, "-o", path, *words)
        return program.read_npy(path)

    def test_text_with_precise_is_that_of_the_cpu(self):
        words = ("-p", PROMPT, "-n", "32", "--temp", "0", "--precise")
        for model in self.models:
            self.assertEqual(self.run_with("run", model, "vulkan", *words).out, self.run_with("run", model, "cpu", *words).out)

    def test_logits_are_within_the_bounds_of_the_cpu(self):
        for model in self.models:
            exact = self.logits(model, "cpu", "--precise")
            # Each is within 2e-5 of what an implementation without rounding gives (reference_test.py).
            self.assertLessEqual(max(example_plugins.row_errors(self.logits(model, "vulkan", "--precise"), exact)), 4e-5)
            cpu = max(example_plugins.row_errors(self.logits(model, "cpu"), exact))
            vulkan = max(example_plugins.row_errors(self.logits(model, "vulkan"), exact))
            print(f"{os.path.basename(model)}: error {vulkan:.3e}, on the CPU {cpu:.3e}")
            self.assertLessEqual(vulkan, 1.3 * cpu)

    def test_perplexity_is_that_of_the_cpu(self):
        text = os.path.join(self.folder.name, "text.txt")
        measure.short_text(text, 1500)
        for model in self.models:
            vulkan, cpu = (self.json("perplexity", "-m", model, *fp4_test.PLUGIN, "--backend", backend, "-f", text,
                                     "--ctx", "128", "--json")
                           ["perplexity"] for backend in ("vulkan", "cpu"))
            print(f"{os.path.basename(model)}: perplexity {vulkan:.4f}, on the CPU {cpu:.4f}")
            self.assertLessEqual(abs(vulkan / cpu - 1), 0.005)


if __name__ == "__main__":
    program.need_vulkan()
    unittest.main()
