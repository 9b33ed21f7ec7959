#!/usr/bin/env python3
# wick.Model: its text against the program, its numbers against reference runs and against each other.
import json
import os
import pickle
import subprocess
import unittest

import support
from support import np, wick

_PROGRAM = os.environ.get("WICK_TEST_PROGRAM", "")
_STORY = "Once upon a time"


def setUpModule():
    global model
    model = wick.Model(support.BUNDLED, backend="cpu", threads=2)


def tearDownModule():
    model.close()


class Text(support.TestCase):
    def test_tokens_become_their_text_again(self):
        ids = model.tokenize("Once upon a time,<|im_end|> \u00e9\U0001f98a")
        self.assertEqual(ids[0], model.facts["bos"])
        self.assertEqual(model.detokenize(ids), "Once upon a time, \u00e9\U0001f98a")
        self.assertIn("<|im_end|>", model.detokenize(ids, special=True))
        self.assertEqual(model.tokenize(_STORY, bos=False), model.tokenize(_STORY)[1:])
        self.assertGreater(len(model.tokenize("<|im_end|>", special=False)), len(model.tokenize("<|im_end|>")))
        self.assertEqual(model.detokenize(np.array(ids)), model.detokenize(ids))

    def test_pieces_are_the_text_of_the_program(self):
        if not _PROGRAM:
            self.skipTest("WICK_TEST_PROGRAM is not set")
        for words, options in [(["--temp", "0"], {"temp": 0}),
                               (["--seed", "7", "--top-k", "5", "--repeat-penalty", "1.2"], {"seed": 7, "top_k": 5, "repeat_penalty": 1.2}),
                               (["--seed", "3", "--mirostat", "4,0.2"], {"seed": 3, "mirostat": (4, 0.2)}),
                               (["--seed", "5", "--stop", " the"], {"seed": 5, "stop": " the"})]:
            command = [_PROGRAM, "run", "-m", support.BUNDLED, "--backend", "cpu", "-p", _STORY, "-n", "48", "--json", *words]
            expected = json.loads(subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, check=True).stdout)
            with self.subTest(options):
                generation = model.generate(_STORY, n_predict=48, **options)
                self.assertEqual("".join(generation), expected["text"])
                self.assertEqual(generation.text, expected["text"])
                self.assertEqual(generation.token_ids, expected["token_ids"])
                self.assertEqual(generation.finish_reason, expected["finish_reason"])
                self.assertEqual(generation.stats["n_gen_tokens"], len(expected["token_ids"]))

    def test_the_seed_of_a_generation_repeats_it(self):
        first = model.generate(_STORY, n_predict=20)
        text = "".join(first)
        self.assertEqual("".join(model.generate(_STORY, n_predict=20, seed=first.seed)), text)

    def test_a_prompt_may_be_ids(self):
        ids = np.array(model.tokenize(_STORY))
        self.assertEqual("".join(model.generate(ids, n_predict=9, temp=0)), "".join(model.generate(_STORY, n_predict=9, temp=0)))

    def test_the_reference_run_gives_the_same_text(self):
        with open(support.shared("models", "ember", "reference", "reference.json"), encoding="utf-8") as file:
            case = json.load(file)["cases"][0]
        with wick.Model(support.shared("models", "ember-BF16.gguf"), backend="cpu", precise=True) as exact:
            self.assertEqual(exact.tokenize(case["prompt"]), case["ids"])
            generation = exact.generate(case["prompt"], n_predict=64, temp=0, special=True)
            self.assertEqual("".join(generation), case["greedy_text"])
            self.assertEqual(generation.token_ids, case["greedy_ids"])


class Iteration(support.TestCase):
    def test_a_closed_generation_is_at_its_end(self):
        generation = model.generate(_STORY, temp=0)
        self.assertIsNone(generation.finish_reason)
        text = next(generation) + next(generation)
        generation.close()
        self.assertEqual(list(generation), [])
        self.assertEqual((generation.text, generation.finish_reason), (text, "cancelled"))
        with model.generate(_STORY) as generation:
            next(generation)
        self.assertEqual(list(generation), [])

    def test_generations_side_by_side_do_not_disturb_each_other(self):
        prompts = [_STORY, "The fox", "A red barn"]
        alone = ["".join(model.generate(prompt, n_predict=40, temp=0)) for prompt in prompts]
        together = [model.generate(prompt, n_predict=40, temp=0) for prompt in prompts]
        left = list(together)
        while left:
            left = [each for each in left if next(each, None) is not None]
        self.assertEqual([each.text for each in together], alone)

    def test_nothing_is_kept_of_what_is_left_open(self):
        open_ones = [model.generate(_STORY, seed=1) for _ in range(3)]
        for generation in open_ones:
            next(generation)
        self.assertGreater(model._core.state_bytes(), 0)
        open_ones[0].close()
        generation = open_ones = None
        self.assertEqual(model._core.state_bytes(), 0)

    def test_a_full_context_is_an_error_behind_the_text(self):
        with wick.Model(support.BUNDLED, backend="cpu", context=12) as small:
            generation, pieces = small.generate(_STORY, temp=0), []
            error = self.assert_raises(RuntimeError, wick.ErrorCode.CONTEXT_FULL, lambda: pieces.extend(generation) or list(generation),
                                       "--ctx 12")
            self.assertIsInstance(error, wick.ContextFullError)
            self.assertEqual(generation.finish_reason, "context")
            self.assertEqual(len(generation.token_ids), 12 - 5 + 1)
            self.assertTrue(generation.text)
            self.assert_raises(RuntimeError, wick.ErrorCode.CONTEXT_FULL, lambda: next(small.generate("a fox " * 20)), "12")
            self.assertEqual(len(list(small.generate(_STORY, n_predict=3, temp=0))), 3)  # and the model goes on

    def test_zero_tokens_are_no_text(self):
        generation = model.generate(_STORY, n_predict=0)
        self.assertEqual((list(generation), generation.finish_reason), ([], "length"))


class Numbers(support.TestCase):
    def test_logits_are_those_of_the_reference_run(self):
        with open(support.shared("models", "ember", "reference", "reference.json"), encoding="utf-8") as file:
            case = json.load(file)["cases"][0]
        expected = np.load(support.shared("models", "ember", "reference", "exact-BF16-0.npy"))
        with wick.Model(support.shared("models", "ember-BF16.gguf"), backend="cpu", precise=True) as exact:
            logits = exact.logits(case["ids"])
        self.assertEqual((logits.shape, logits.dtype), (expected.shape, np.float32))
        self.assertLess(np.linalg.norm(logits - expected) / np.linalg.norm(expected), 2e-5)  # as the test of the program

    def test_the_last_row_is_that_of_all(self):
        np.testing.assert_array_equal(model.logits(_STORY, last=True), model.logits(_STORY)[-1:])
        np.testing.assert_array_equal(model.embeddings(_STORY, last=True), model.embeddings(_STORY)[-1:])

    def test_embeddings_times_the_output_matrix_are_the_logits(self):
        tensor = next(each for each in wick.inspect(support.BUNDLED)["tensors"] if each["name"] in ("output.weight", "token_embd.weight"))
        with open(support.BUNDLED, "rb") as file:
            file.seek(tensor["offset"])
            matrix = wick.dequantize_array(file.read(tensor["n_bytes"]), tensor["type"], tensor["shape"]).astype(np.float64)
        with wick.Model(support.BUNDLED, backend="cpu", precise=True) as exact:
            hidden, logits = exact.embeddings(_STORY).astype(np.float64), exact.logits(_STORY)
        self.assertEqual(hidden.shape, (5, model.model_dim))
        # Each of model_dim products and sums is rounded once in f32.
        bound = (model.model_dim + 1) * 2.0 ** -24 * (np.abs(hidden) @ np.abs(matrix.T))
        self.assertTrue(np.all(np.abs(logits - hidden @ matrix.T) <= bound))

    def test_rows_do_not_depend_on_what_follows(self):
        ids = (model.tokenize(_STORY) * 140)[:700]  # more than a batch
        rows = model.logits(ids)
        np.testing.assert_array_equal(rows[:33], model.logits(ids[:33]))
        np.testing.assert_array_equal(rows[-1:], model.logits(ids, last=True))


class Refusals(support.TestCase):
    def test_each_is_the_sentence_of_the_command_line(self):
        code = wick.ErrorCode
        for kind, number, call, says in [
                (FileNotFoundError, code.MISSING_FILE, lambda: wick.Model("/none/there.gguf"), "/none/there.gguf"),
                (RuntimeError, code.UNAVAILABLE, lambda: wick.Model(backend="abacus"), "abacus"),
                (RuntimeError, code.UNAVAILABLE, lambda: wick.Model(plugin_options={"abacus": "x"}), "--abacus"),
                (ValueError, code.BAD_ARGUMENT, lambda: model.generate(_STORY, temp=-1), "temperature"),
                (ValueError, code.BAD_ARGUMENT, lambda: model.generate(_STORY, seed=-2), "seed"),
                (ValueError, code.BAD_ARGUMENT, lambda: model.generate([]), "prompt"),
                (ValueError, code.BAD_ARGUMENT, lambda: model.logits([1, 1406]), "1406"),
                (ValueError, code.BAD_ARGUMENT, lambda: model.logits([-1]), "-1"),
                (ValueError, code.BAD_ARGUMENT, lambda: model.logits([2**40]), "vocabulary"),
                (ValueError, code.USAGE, lambda: model.logits([]), "logits"),
                (ValueError, code.USAGE, lambda: model.embeddings([]), "embeddings"),
                (RuntimeError, code.CONTEXT_FULL, lambda: model.logits([5] * 3000), "3000 2048")]:
            with self.subTest(says):
                self.assert_raises(kind, number, call, says)
        self.assertEqual(model.logits(_STORY).shape, (5, 1406))  # and the model goes on

    def test_what_is_no_number_is_a_type_error(self):
        for call in (lambda: model.logits([1.5]), lambda: model.generate(_STORY, top_k="many"), lambda: model.generate(3)):
            with self.assertRaises((TypeError, RuntimeError)):
                call()

    def test_a_closed_model_says_so(self):
        closed = wick.Model(support.BUNDLED, backend="cpu")
        generation = closed.generate(_STORY)
        next(generation)
        closed.close()
        closed.close()
        self.assertTrue(closed.closed)
        self.assertIn("closed", repr(closed))
        for call in (lambda: closed.tokenize("a"), lambda: closed.logits("a"), lambda: next(generation), lambda: closed.generate("a")):
            self.assert_raises(ValueError, wick.ErrorCode.BAD_ARGUMENT, call, "closed")

    def test_errors_can_be_pickled(self):
        try:
            wick.Model("/none/there.gguf")
        except wick.Error as error:
            again = pickle.loads(pickle.dumps(error))
        self.assertIsInstance(again, wick.MissingFileError)
        self.assertIn("/none/there.gguf", str(again))

    def test_what_progress_raises_ends_the_loading(self):
        def stop(what, done):
            raise KeyError(what)

        with self.assertRaises(KeyError):
            wick.Model(support.BUNDLED, backend="cpu", progress=stop)


if __name__ == "__main__":
    unittest.main(verbosity=2)
