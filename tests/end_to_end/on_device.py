# Models on a device of one backend against float32 runs of Hugging Face and the CPU backend. vulkan_test.py and opencl_test.py run
# this. A device of software will do: texts are short.
import math
import os
import tempfile

import measure
import program

CPU = ("--backend", "cpu")


def device():
    return ("--backend", program.backend())


class Greedy(program.TestCase):
    def test_text_with_precise_is_that_of_the_float32_run(self):
        for model in measure.MODELS:
            for i, case in enumerate(measure.cases(model)):
                with self.subTest(model=model, case=i):
                    document = self.json("run", "-m", measure.model_path(model, "BF16"), *device(), "--precise", "--temp", "0",
                                         "-n", "64", "--json", "--special", "-p", case["prompt"])
                    self.assertEqual(document["token_ids"], case["greedy_ids"])


class Logits(program.TestCase):
    """Within the bounds that reference_test.py has for the CPU."""

    def test_with_precise_are_exact_to_rounding(self):
        for model in measure.MODELS:
            for kind in measure.TYPES:
                for case in measure.CASES:
                    with self.subTest(model=model, kind=kind, case=case):
                        self.assertLessEqual(measure.logits_error(model, kind, case, "--precise", *device()), 2e-5)

    def test_are_as_near_as_those_of_llama_cpp(self):
        peer = measure.table("llama-cpp-logits-error.txt")
        for model in measure.MODELS:
            ratios = []
            for kind in measure.TYPES:
                for case, bound in zip(measure.CASES, peer[(model, kind)]):
                    error = measure.logits_error(model, kind, case, *device())
                    print(f"{model} {kind} case {case}: {error:.3e}, llama.cpp {bound:.3e}")
                    ratios.append(error / bound)
                    with self.subTest(model=model, kind=kind, case=case):
                        self.assertLessEqual(error, 1.3 * bound)
            mean = math.exp(sum(map(math.log, ratios)) / len(ratios))
            print(f"{model}: geometric mean of the ratios {mean:.3f}")
            self.assertLessEqual(mean, 1)


class Perplexity(program.TestCase):
    def test_is_that_of_the_cpu(self):
        windows = ("--ctx", "128")  # two of them: a device of software reads 60 tokens a second
        with tempfile.TemporaryDirectory() as folder:
            text = os.path.join(folder, "text.txt")
            measure.short_text(text, 1500)
            for model in measure.MODELS:
                for kind in measure.TYPES:
                    with self.subTest(model=model, kind=kind):
                        ours = measure.perplexity(model, kind, *windows, *device(), text=text)
                        cpu = measure.perplexity(model, kind, *windows, *CPU, text=text)
                        print(f"{model} {kind}: perplexity {ours:.4f}, on the CPU {cpu:.4f}")
                        self.assertLessEqual(abs(ours / cpu - 1), 0.005)
