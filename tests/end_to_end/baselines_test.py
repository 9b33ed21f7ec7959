# Nothing gets worse unseen: perplexity and logits errors against tests/baselines.json, which tools/update-baselines writes.
import json
import os
import unittest

import measure
import program

PATH = os.path.join(program.ROOT, "tests", "baselines.json")
ALLOWED = 1.02  # kernels of other instruction sets add in another order


class Baselines(program.TestCase):
    def test_hold(self):
        with open(PATH, encoding="utf-8") as file:
            baselines = json.load(file)
        kv_types = measure.kv_types()
        for model in measure.MODELS:
            for kind in measure.TYPES:
                for kv_type in kv_types:
                    with self.subTest(model=model, kind=kind, kv_type=kv_type):
                        self.assert_holds(model, kind, kv_type, baselines[model][kind][kv_type])

    def assert_holds(self, model, kind, kv_type, known):
        option = ["--kv-type", kv_type]
        self.assertLessEqual(measure.perplexity(model, kind, *option), known["perplexity"] * ALLOWED)
        for case in measure.CASES:
            error = measure.logits_error(model, kind, case, *option)
            self.assertLessEqual(error, known["logits_error"][str(case)] * ALLOWED)


if __name__ == "__main__":
    unittest.main()
