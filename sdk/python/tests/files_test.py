#!/usr/bin/env python3
# wick.inspect, wick.quantize and wick.formats: what they say of files, and what they write.
import os
import threading
import unittest

import support
from support import np, wick


class Inspect(support.TestCase):
    def test_a_gguf_file_has_metadata_tensors_and_parts(self):
        report = wick.inspect(support.BUNDLED)
        self.assertEqual((report["format"], report["version"]), ("gguf", 3))
        self.assertEqual(report["parts"], [{"path": support.BUNDLED, "n_bytes": os.path.getsize(support.BUNDLED)}])
        metadata = report["metadata"]
        self.assertEqual(metadata["general.architecture"], "llama")
        self.assertEqual(len(metadata["tokenizer.ggml.tokens"]), 1406)
        self.assertEqual(metadata["llama.attention.layer_norm_rms_epsilon"], 1e-05)
        tensor = next(each for each in report["tensors"] if each["name"] == "blk.0.ffn_down.weight")
        self.assertEqual(tensor["type"], "Q8_0")
        self.assertEqual(tensor["shape"][0], 256)  # NumPy's order: rows first
        self.assertEqual(tensor["n_bytes"], tensor["n_values"] // 32 * 34)

    def test_it_agrees_with_the_package_gguf(self):
        gguf = support.module("gguf")
        reader = gguf.GGUFReader(support.BUNDLED)
        report = wick.inspect(support.BUNDLED)
        self.assertEqual([(each.name, each.tensor_type.name, each.n_bytes, each.data_offset) for each in reader.tensors],
                         [(each["name"], each["type"], each["n_bytes"], each["offset"]) for each in report["tensors"]])
        for each, ours in zip(reader.tensors, report["tensors"]):
            self.assertEqual(tuple(int(n) for n in each.shape[::-1]), ours["shape"])
            values = wick.dequantize_array(np.asarray(each.data), ours["type"], ours["shape"])
            expected = gguf.dequantize(each.data, each.tensor_type).reshape(ours["shape"])
            np.testing.assert_array_equal(values, expected, ours["name"])

    def test_a_checkpoint_agrees_with_the_package_safetensors(self):
        safetensors = support.module("safetensors")
        folder = support.shared("models", "ember")
        report = wick.inspect(folder)
        self.assertEqual(report["format"], "safetensors")
        tensors = {each["name"]: each for each in report["tensors"]}
        with safetensors.safe_open(os.path.join(folder, "model.safetensors"), framework="numpy") as file:
            self.assertEqual(set(file.keys()), set(tensors))
            for name in file.keys():
                self.assertEqual(tuple(file.get_slice(name).get_shape()), tensors[name]["shape"])
                self.assertEqual(file.get_slice(name).get_dtype(), tensors[name]["type"])

    def test_a_file_that_is_not_there_or_no_model_is_an_error(self):
        folder = self.folder()
        self.assert_raises(FileNotFoundError, wick.ErrorCode.MISSING_FILE, lambda: wick.inspect(folder + "/none.gguf"), "none.gguf")
        with open(folder + "/bad.gguf", "wb") as file:
            file.write(b"GGUF" + b"\xff" * 64)
        self.assert_raises(ValueError, wick.ErrorCode.BAD_FILE, lambda: wick.inspect(folder + "/bad.gguf"), "bad.gguf")


class Formats(support.TestCase):
    def test_they_have_the_numbers_of_their_blocks(self):
        formats = {each.name: each for each in wick.formats()}
        self.assertEqual(formats["Q4_K"], wick.Format("Q4_K", 256, 144, 12, True))
        self.assertEqual(formats["Q4_K"].bits, 4.5)
        self.assertEqual((formats["BF16"].gguf_type, formats["BF16"].bits), (30, 16))
        self.assertFalse(formats["IQ1_S"].can_quantize)


class Quantize(support.TestCase):
    def test_every_row_is_that_of_quantize_array(self):
        output = os.path.join(self.folder(), "out.gguf")
        parts = []
        report = wick.quantize(support.BUNDLED, output, "Q4_0", pure=True, threads=1,
                               progress=lambda what, done: parts.append(done))
        self.assertEqual((report.architecture, report.type, report.n_values), ("llama", "Q4_0", 5081856))
        self.assertLess(report.bits_per_weight, 4.7)
        self.assertEqual((parts, parts[-1]), (sorted(parts), 1.0))
        before = {each["name"]: each for each in wick.inspect(support.BUNDLED)["tensors"]}
        after = {each["name"]: each for each in wick.inspect(output)["tensors"]}
        self.assertEqual(set(before), set(after))
        name = "blk.1.attn_output.weight"
        values = wick.dequantize_array(_bytes(support.BUNDLED, before[name]), "Q8_0", before[name]["shape"])
        self.assertEqual(wick.quantize_array(values, "Q4_0").tobytes(), _bytes(output, after[name]))

    def test_a_recipe_types_of_tensors_and_errors_are_reported(self):
        output = os.path.join(self.folder(), "out.gguf")
        report = wick.quantize(support.BUNDLED, output, "Q4_K_M", tensor_types={"ffn_gate": "Q5_0", r"^blk\.0\.": "F16"},
                               embedding_type="Q8_0", measure=True)
        self.assertEqual((report.type, report.files), ("Q4_K_M", (output,)))
        types = {each["name"]: each["type"] for each in wick.inspect(output)["tensors"]}
        self.assertEqual({each["name"]: each["type"] for each in report.tensors}, types)
        self.assertEqual((types["blk.3.ffn_gate.weight"], types["blk.0.ffn_gate.weight"], types["blk.0.ffn_up.weight"]),
                         ("Q5_0", "Q5_0", "F16"))
        error = next(each["relative_error"] for each in report.tensors if each["name"] == "blk.3.ffn_gate.weight")
        before, after = (_values(path, "blk.3.ffn_gate.weight") for path in (support.BUNDLED, output))
        self.assertAlmostEqual(error, np.sum((after - before) ** 2) / np.sum(before ** 2), delta=error * 1e-4)

    def test_importance_of_a_text_changes_what_is_written(self):
        folder, what = self.folder(), set()
        text = os.path.join(folder, "text")
        with open(text, "w", encoding="utf-8") as file:
            file.write("Once upon a time, a brave fox named Pip lived on a farm, next to the red barn. " * 40)
        wick.quantize(support.BUNDLED, os.path.join(folder, "weighted.gguf"), "Q4_0", imatrix_text=text,
                      progress=lambda stage, done: what.add(stage))
        wick.quantize(support.BUNDLED, os.path.join(folder, "plain.gguf"), "Q4_0")
        self.assertEqual(what, {"quantizing", "collecting importance"})
        self.assertFalse(np.array_equal(*(_values(os.path.join(folder, name), "blk.3.ffn_gate.weight")
                                          for name in ("weighted.gguf", "plain.gguf"))))
        self.assert_raises(ValueError, wick.ErrorCode.USAGE,
                           lambda: wick.quantize(support.BUNDLED, text + ".gguf", "Q4_0", imatrix=text, imatrix_text=text))

    def test_refusals_have_the_sentence_and_leave_nothing(self):
        folder = self.folder()
        output = os.path.join(folder, "out.gguf")
        code = wick.ErrorCode
        self.assert_raises(RuntimeError, code.UNAVAILABLE, lambda: wick.quantize(support.BUNDLED, output, "Q9_X"), "Q9_X")
        self.assert_raises(FileNotFoundError, code.MISSING_FILE, lambda: wick.quantize(folder + "/none.gguf", output, "F16"))
        self.assert_raises(ValueError, code.USAGE, lambda: wick.quantize(support.BUNDLED, support.BUNDLED, "F16", force=True), "source")
        self.assert_raises(OSError, code.IO, lambda: wick.quantize(support.BUNDLED, "/proc/out.gguf", "F16"))
        self.assertEqual(os.listdir(folder), [])
        with open(output, "wb"):
            pass
        self.assert_raises(ValueError, code.USAGE, lambda: wick.quantize(support.BUNDLED, output, "F16"), "--force")
        wick.quantize(support.BUNDLED, output, "F16", force=True)

    def test_what_progress_raises_ends_it_and_leaves_nothing(self):
        folder = self.folder()

        def stop(what, done):
            raise KeyError("enough")

        with self.assertRaisesRegex(KeyError, "enough"):
            wick.quantize(support.BUNDLED, os.path.join(folder, "out.gguf"), "Q4_0", progress=stop)
        self.assertEqual(os.listdir(folder), [])

    def test_several_threads_quantize_at_once(self):
        folder, failed = self.folder(), []

        def work(kind):
            try:
                wick.quantize(support.BUNDLED, os.path.join(folder, kind), kind)
            except wick.Error as error:
                failed.append(error)

        threads = [threading.Thread(target=work, args=(kind,)) for kind in ("Q4_0", "Q5_1", "F16")]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        self.assertEqual(failed, [])
        self.assertEqual(sorted(os.listdir(folder)), ["F16", "Q4_0", "Q5_1"])


def _bytes(path, tensor):
    with open(path, "rb") as file:
        file.seek(tensor["offset"])
        return file.read(tensor["n_bytes"])


def _values(path, name):
    """Of a tensor, in float64."""
    tensor = next(each for each in wick.inspect(path)["tensors"] if each["name"] == name)
    return wick.dequantize_array(_bytes(path, tensor), tensor["type"], tensor["shape"]).astype(np.float64)


if __name__ == "__main__":
    unittest.main(verbosity=2)
