# The FP4 example on a device of one backend, which has never heard of it, against the CPU backend. fp4_vulkan_test.py and
# fp4_opencl_test.py run this.
import os
import tempfile

import example_plugins
import measure
import fp4_test
import program

PROMPT = "Once upon a time there was a little"


class Fp4OnDevice(program.TestCase):
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
            self.assertEqual(self.run_with("run", model, program.backend(), *words).out,
                             self.run_with("run", model, "cpu", *words).out)

    def test_logits_are_within_the_bounds_of_the_cpu(self):
        for model in self.models:
            exact = self.logits(model, "cpu", "--precise")
            # Each is within 2e-5 of what an implementation without rounding gives (reference_test.py).
            self.assertLessEqual(max(example_plugins.row_errors(self.logits(model, program.backend(), "--precise"), exact)), 4e-5)
            cpu = max(example_plugins.row_errors(self.logits(model, "cpu"), exact))
            ours = max(example_plugins.row_errors(self.logits(model, program.backend()), exact))
            print(f"{os.path.basename(model)}: error {ours:.3e}, on the CPU {cpu:.3e}")
            self.assertLessEqual(ours, 1.3 * cpu)

    def test_perplexity_is_that_of_the_cpu(self):
        text = os.path.join(self.folder.name, "text.txt")
        measure.short_text(text, 1500)
        for model in self.models:
            ours, cpu = (self.json("perplexity", "-m", model, *fp4_test.PLUGIN, "--backend", backend, "-f", text,
                                   "--ctx", "128", "--json")
                         ["perplexity"] for backend in (program.backend(), "cpu"))
            print(f"{os.path.basename(model)}: perplexity {ours:.4f}, on the CPU {cpu:.4f}")
            self.assertLessEqual(abs(ours / cpu - 1), 0.005)
