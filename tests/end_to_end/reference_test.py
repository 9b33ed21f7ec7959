# The numbers against other implementations: float32 runs of Hugging Face, and llama.cpp.
import math
import unittest

import measure
import program


class Greedy(program.TestCase):
    def test_text_is_that_of_the_float32_run(self):
        for model in measure.MODELS:
            for i, case in enumerate(measure.cases(model)):
                with self.subTest(model=model, case=i):
                    document = self.json("run", "-m", measure.model_path(model, "BF16"), "--precise", "--temp", "0", "-n", "64",
                                         "--json", "--special", "-p", case["prompt"])
                    self.assertEqual(document["token_ids"], case["greedy_ids"])
                    self.assertEqual(document["n_prompt_tokens"], len(case["ids"]))
                    self.assertEqual(document["text"], case["greedy_text"])


class Logits(program.TestCase):
    def test_with_precise_are_exact_to_rounding(self):
        for model in measure.MODELS:
            for kind in measure.TYPES:
                for case in measure.CASES:
                    with self.subTest(model=model, kind=kind, case=case):
                        self.assertLessEqual(measure.logits_error(model, kind, case, precise=True), 2e-5)

    def test_are_as_near_as_those_of_llama_cpp(self):
        peer = measure.table("llama-cpp-logits-error.txt")
        for model in measure.MODELS:
            ratios = []
            for kind in measure.TYPES:
                for case, bound in zip(measure.CASES, peer[(model, kind)]):
                    error = measure.logits_error(model, kind, case, precise=False)
                    print(f"{model} {kind} case {case}: {error:.3e}, llama.cpp {bound:.3e}")
                    ratios.append(error / bound)
                    with self.subTest(model=model, kind=kind, case=case):
                        self.assertLessEqual(error, 1.3 * bound)
            mean = math.exp(sum(map(math.log, ratios)) / len(ratios))
            print(f"{model}: geometric mean of the ratios {mean:.3f}")
            self.assertLessEqual(mean, 1)


class Perplexity(program.TestCase):
    def test_is_that_of_llama_cpp(self):
        peer = measure.table("llama-cpp-perplexity.txt")
        for model in measure.MODELS:
            for kind in measure.TYPES:
                with self.subTest(model=model, kind=kind):
                    expected = peer[(model, kind)][0]
                    ours = measure.perplexity(model, kind)
                    print(f"{model} {kind}: perplexity {ours:.4f}, llama.cpp {expected:.4f}")
                    self.assertLessEqual(abs(ours / expected - 1), 0.005)


if __name__ == "__main__":
    unittest.main()
