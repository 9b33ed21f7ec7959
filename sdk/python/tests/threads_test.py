#!/usr/bin/env python3
# Threads and signals: the GIL is free while Wick works, a model can be shared, and Ctrl-C is heard.
import os
import signal
import threading
import time
import unittest

import support
from support import np, wick

_LONG = 2000  # tokens: some hundred milliseconds


def setUpModule():
    global model
    model = wick.Model(support.BUNDLED, backend="cpu", threads=1)


def tearDownModule():
    model.close()


def _long_prompt():
    return (model.tokenize("Once upon a time") * _LONG)[:_LONG]


class Ticks:
    """Another thread of Python, that notes when it ran."""

    def __enter__(self):
        self._end, self.times = threading.Event(), []
        self._thread = threading.Thread(target=self._run)
        self._thread.start()
        return self

    def _run(self):
        while not self._end.is_set():
            self.times.append(time.perf_counter())
            time.sleep(0.001)

    def __exit__(self, *exception):
        self._end.set()
        self._thread.join()

    def within(self, begin, end):
        """In the middle half of a span, where nothing of Python runs in the other thread."""
        quarter = (end - begin) / 4
        return sum(begin + quarter < at < end - quarter for at in self.times)


class FreeGil(support.TestCase):
    def assert_others_run(self, work):
        with Ticks() as ticks:
            begin = time.perf_counter()
            work()
            end = time.perf_counter()
        self.assertGreaterEqual(ticks.within(begin, end), 5, f"in {end - begin:.3f} s")

    def test_during_generate(self):
        generation = model.generate(_long_prompt(), n_predict=1)
        self.assert_others_run(lambda: next(generation, None))

    def test_during_logits(self):
        self.assert_others_run(lambda: model.logits(_long_prompt()))

    def test_during_quantize(self):
        output = os.path.join(self.folder(), "out.gguf")
        self.assert_others_run(lambda: wick.quantize(support.BUNDLED, output, "IQ4_XS", threads=1))

    def test_during_compare(self):
        self.assert_others_run(lambda: wick.compare(support.BUNDLED, support.BUNDLED, "Once upon a time " * 600, threads=1))

    def test_during_quantize_array(self):
        values = np.random.default_rng(3).standard_normal((4096, 2048)).astype(np.float32)
        self.assert_others_run(lambda: wick.quantize_array(values, "Q2_K"))


class SharedModel(support.TestCase):
    def test_calls_of_several_threads_take_turns_and_are_right(self):
        prompts = ["Once upon a time", "The fox", "A red barn", "In the morning"]
        expected = ["".join(model.generate(prompt, n_predict=60, temp=0)) for prompt in prompts]
        got, rows = {}, {}

        def work(prompt):
            got[prompt] = "".join(model.generate(prompt, n_predict=60, temp=0))
            rows[prompt] = model.logits(prompt)

        threads = [threading.Thread(target=work, args=(prompt,)) for prompt in prompts]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        self.assertEqual([got[prompt] for prompt in prompts], expected)
        for prompt in prompts:
            np.testing.assert_array_equal(rows[prompt], model.logits(prompt))

    def test_a_generation_that_is_being_advanced_is_refused_to_others(self):
        generation, refused, barrier = model.generate(_long_prompt(), n_predict=1), [], threading.Barrier(2)

        def advance():
            barrier.wait()
            try:
                list(generation)
            except wick.ArgumentError as error:
                refused.append(str(error))

        threads = [threading.Thread(target=advance) for _ in range(2)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        self.assertEqual(len(refused), 1)
        self.assertIn("another call", refused[0])
        self.assertEqual(generation.finish_reason, "length")

    def test_close_from_another_thread_ends_a_generation(self):
        generation = model.generate("Once upon a time", seed=3)
        threading.Timer(0.05, generation.close).start()
        for _ in generation:
            time.sleep(0.001)
        self.assertEqual(generation.finish_reason, "cancelled")

    def test_closing_a_model_waits_for_who_uses_it(self):
        rows = []
        for _ in range(20):  # until the other thread came first
            own = wick.Model(support.BUNDLED, backend="cpu", threads=1)

            def work():
                try:
                    rows.append(own.logits(_long_prompt()))
                except wick.ArgumentError as error:
                    self.assertIn("closed", str(error))

            other = threading.Thread(target=work)
            other.start()
            time.sleep(0.05)
            own.close()
            other.join()
            if rows:
                break
        np.testing.assert_array_equal(rows[0], model.logits(_long_prompt()))


class Alarm(Exception):
    pass


class Signals(support.TestCase):
    def setUp(self):
        def ring(number, frame):
            raise Alarm

        previous = signal.signal(signal.SIGALRM, ring)
        self.addCleanup(signal.signal, signal.SIGALRM, previous)

    def assert_heard(self, work):
        signal.setitimer(signal.ITIMER_REAL, 0.005)
        try:
            with self.assertRaises(Alarm):
                work()
                time.sleep(0)
                self.fail("it came to its end before the signal was heard")
        finally:
            signal.setitimer(signal.ITIMER_REAL, 0)

    def test_quantize_ends_and_leaves_no_file(self):
        folder = self.folder()
        self.assert_heard(lambda: wick.quantize(support.BUNDLED, os.path.join(folder, "out.gguf"), "IQ4_XS", threads=1))
        self.assertEqual(os.listdir(folder), [])

    def test_a_sweep_ends_and_leaves_no_file(self):
        folder = self.folder()
        text, report = os.path.join(folder, "text.txt"), os.path.join(folder, "report.html")
        with open(text, "w", encoding="utf-8") as file:
            file.write("Once upon a time " * 600)
        self.assert_heard(lambda: wick.quantize(support.BUNDLED, sweep=["Q4_0"], report=report, report_text=text, threads=1))
        self.assertEqual(os.listdir(folder), ["text.txt"])

    def test_compare_ends(self):
        self.assert_heard(lambda: wick.compare(support.BUNDLED, support.BUNDLED, "Once upon a time " * 600, threads=1))

    def test_imatrix_ends_and_leaves_no_file(self):
        folder = self.folder()
        self.assert_heard(lambda: wick.imatrix(support.BUNDLED, "Once upon a time " * 600, os.path.join(folder, "out.gguf"), threads=1))
        self.assertEqual(os.listdir(folder), [])

    def test_logits_end_and_the_model_goes_on(self):
        expected = model.logits("Once upon a time")
        self.assert_heard(lambda: model.logits(_long_prompt()))
        np.testing.assert_array_equal(model.logits("Once upon a time"), expected)

    def test_generate_ends_and_is_closed(self):
        generation = model.generate(_long_prompt(), n_predict=1)
        self.assert_heard(lambda: next(generation))
        self.assertEqual((list(generation), generation.finish_reason), ([], "cancelled"))

    def test_quantize_array_ends(self):
        values = np.zeros((1 << 14, 4096), np.float32)
        self.assert_heard(lambda: wick.quantize_array(values, "IQ4_XS"))

    def test_control_c_is_a_keyboard_interrupt(self):
        threading.Timer(0.01, signal.raise_signal, (signal.SIGINT,)).start()
        with self.assertRaises(KeyboardInterrupt):
            model.logits(_long_prompt())
            time.sleep(1)

    def test_a_handler_that_calls_the_model_is_told_that_it_is_in_use(self):
        said = []

        def ring(number, frame):
            try:
                model.logits([1])
            except wick.ArgumentError as error:
                said.append(str(error))

        signal.signal(signal.SIGALRM, ring)
        signal.setitimer(signal.ITIMER_REAL, 0.02)
        model.logits(_long_prompt())
        self.assertIn("in the middle", said[0])


if __name__ == "__main__":
    unittest.main(verbosity=2)
