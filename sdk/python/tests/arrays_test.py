#!/usr/bin/env python3
# Arrays to blocks and back: against NumPy, the golden rows, and the package gguf where it is there.
import unittest

import support
from support import np, wick

_SEED = 20261126


def _rows(n_rows, n_cols):
    return np.random.default_rng(_SEED).standard_normal((n_rows, n_cols)).astype(np.float32)


def _bfloat16(values):
    """Rounded to the nearest, ties to even, in integers."""
    bits = values.view(np.uint32).astype(np.uint64)
    return ((bits + 0x7FFF + ((bits >> 16) & 1)) >> 16).astype(np.uint16)


class PlainTypes(support.TestCase):
    def test_f32_is_the_same_bytes(self):
        values = _rows(3, 40)
        self.assertEqual(wick.quantize_array(values, "F32").tobytes(), values.tobytes())
        np.testing.assert_array_equal(wick.dequantize_array(values.tobytes(), "F32", values.shape), values)

    def test_f16_is_numpys(self):
        values = _rows(5, 64) * np.float32(100)
        values[0, :4] = [1e-7, 6e-8, 65504, -0.0]
        self.assertEqual(wick.quantize_array(values, "f16").tobytes(), values.astype(np.float16).tobytes())
        halves = np.arange(0x7C00, dtype=np.uint16).reshape(4, -1)
        np.testing.assert_array_equal(wick.dequantize_array(halves, "F16"), halves.view(np.float16).astype(np.float32))

    def test_bf16_rounds_to_the_nearest(self):
        values = _rows(5, 64)
        self.assertEqual(wick.quantize_array(values, "BF16").tobytes(), _bfloat16(values).tobytes())

    def test_any_type_and_layout_of_an_array_is_taken(self):
        values = _rows(6, 8).astype(np.float64)
        expected = values.T.astype(np.float32)
        np.testing.assert_array_equal(wick.dequantize_array(wick.quantize_array(values.T, "F32"), "F32"), expected)
        np.testing.assert_array_equal(wick.dequantize_array(wick.quantize_array([1, 2, 3], "F32"), "F32"), [1, 2, 3])


class Blocks(support.TestCase):
    def test_q8_0_is_what_its_definition_says(self):
        values = _rows(4, 96).reshape(4, 3, 32)
        scale = (np.abs(values).max(axis=-1, keepdims=True) / np.float32(127)).astype(np.float32)
        codes = np.round(values / scale).astype(np.int8)  # no value is near a tie
        expected = np.concatenate([scale.astype(np.float16).view(np.uint8), codes.view(np.uint8)], axis=-1).reshape(4, -1)
        blocks = wick.quantize_array(values.reshape(4, 96), "Q8_0")
        self.assertLess(np.count_nonzero(blocks != expected), 4)  # 1 / scale against / scale: a code at a border
        decoded = blocks.reshape(4, 3, 34)[..., :2].copy().view(np.float16).astype(np.float32) * \
            blocks.reshape(4, 3, 34)[..., 2:].view(np.int8)
        np.testing.assert_array_equal(wick.dequantize_array(blocks, "Q8_0").reshape(4, 3, 32), decoded)

    def test_every_format_keeps_its_shape_and_comes_near(self):
        values = _rows(6, 768).reshape(2, 3, 768)
        n = 0
        for each in wick.formats():
            if not each.can_quantize:
                continue
            with self.subTest(each.name):
                blocks = wick.quantize_array(values, each.name)
                self.assertEqual(blocks.shape, (2, 3, 768 // each.block_values * each.block_bytes))
                self.assertEqual(blocks.dtype, np.uint8)
                decoded = wick.dequantize_array(blocks, each.name)
                self.assertEqual(decoded.shape, values.shape)
                # A uniform quantizer of b bits over a normal distribution errs by less than its variance over 2^b.
                self.assertLess(np.mean((decoded - values) ** 2), 2.0 ** -min(each.bits - 0.5, 20))
                n += 1
        self.assertGreaterEqual(n, 18)

    def test_rows_do_not_depend_on_each_other(self):
        values = _rows(300, 512)
        whole = wick.quantize_array(values, "Q4_K")
        for row in (0, 17, 299):
            np.testing.assert_array_equal(wick.quantize_array(values[row], "Q4_K"), whole[row])

    def test_importance_lowers_the_error_where_it_is(self):
        values = _rows(16, 256)
        importance = np.where(np.arange(256) % 8 == 0, 100, 1).astype(np.float32)

        def error(blocks):
            return np.sum(importance * (wick.dequantize_array(blocks, "Q4_K") - values) ** 2)

        self.assertLess(error(wick.quantize_array(values, "Q4_K", importance)), error(wick.quantize_array(values, "Q4_K")))

    def test_golden_rows_decode_to_their_values(self):
        path = support.shared("golden", "formats.gguf")
        tensors = {each["name"]: each for each in wick.inspect(path)["tensors"]}
        n = 0
        with open(path, "rb") as file:
            data = file.read()
        names = {each.name for each in wick.formats()}
        for name, tensor in tensors.items():
            if not name.endswith(".packed") or tensor["type"] not in names:
                continue
            expected = tensors[name.replace(".packed", ".f32")]
            packed = data[tensor["offset"]:tensor["offset"] + tensor["n_bytes"]]
            values = np.frombuffer(data, "<f4", expected["n_values"], expected["offset"]).reshape(expected["shape"])
            np.testing.assert_array_equal(wick.dequantize_array(packed, tensor["type"], expected["shape"]), values, name)
            n += 1
        self.assertGreaterEqual(n, 40)


class Refusals(support.TestCase):
    def test_what_does_not_fit_is_one_sentence(self):
        code = wick.ErrorCode
        values = np.ones((2, 100), np.float32)
        for kind, number, call, says in [
                (ValueError, code.BAD_SHAPE, lambda: wick.quantize_array(values, "Q4_K"), "100 256 Q4_K"),
                (RuntimeError, code.UNAVAILABLE, lambda: wick.quantize_array(values, "Q9_X"), "Q9_X Q4_K"),
                (RuntimeError, code.UNAVAILABLE, lambda: wick.quantize_array(np.ones(256), "IQ1_S"), "IQ1_S written"),
                (ValueError, code.BAD_SHAPE, lambda: wick.quantize_array(np.ones(32), "Q4_0", np.ones(31)), "31 32"),
                (ValueError, code.BAD_SHAPE, lambda: wick.quantize_array(np.ones((2, 0)), "Q4_0"), "0 32"),
                (ValueError, code.BAD_SHAPE, lambda: wick.dequantize_array(b"\0" * 17, "Q4_0"), "17 18"),
                (ValueError, code.BAD_SHAPE, lambda: wick.dequantize_array(b"\0" * 18, "Q4_0", (2, 32)), "18 36"),
                (ValueError, code.BAD_SHAPE, lambda: wick.dequantize_array(b"\0" * 18, "Q4_0", 33), "33 32")]:
            with self.subTest(says):
                self.assert_raises(kind, number, call, says)

    def test_what_is_not_finite_is_refused(self):
        for bad in (np.nan, np.inf):
            self.assert_raises(ValueError, wick.ErrorCode.BAD_FILE,
                               lambda: wick.quantize_array([1.0] * 31 + [bad], "Q4_0"), "Q4_0 finite")  # noqa: B023


class AgainstGguf(support.TestCase):
    def test_both_decode_the_same(self):
        """Of f32 arithmetic in another order at most a unit in the last place of the largest product differs."""
        gguf = support.module("gguf")
        values, n = _rows(8, 512), 0
        for each in wick.formats():
            kind = getattr(gguf.GGMLQuantizationType, each.name, None)
            if kind is None or not each.can_quantize:
                continue
            blocks = wick.quantize_array(values, each.name)
            try:
                expected = gguf.dequantize(blocks, kind)
            except NotImplementedError:
                continue
            with self.subTest(each.name):
                ours = wick.dequantize_array(blocks, each.name)
                np.testing.assert_allclose(ours, expected, rtol=0, atol=2.0 ** -22 * np.abs(values).max())
                n += 1
        self.assertGreaterEqual(n, 12)

    def test_our_blocks_err_no_more_than_its(self):
        gguf = support.module("gguf")
        values, n = _rows(8, 512), 0
        for each in wick.formats():
            kind = getattr(gguf.GGMLQuantizationType, each.name, None)
            if kind is None or not each.can_quantize:
                continue
            try:
                theirs = gguf.quantize(values, kind)
            except NotImplementedError:
                continue
            with self.subTest(each.name):
                theirs = wick.dequantize_array(np.ascontiguousarray(theirs).view(np.uint8), each.name)
                ours = wick.dequantize_array(wick.quantize_array(values, each.name), each.name)
                self.assertLessEqual(np.sum((ours - values) ** 2), np.sum((theirs - values) ** 2) * 1.005)
                n += 1
        self.assertGreaterEqual(n, 6)


if __name__ == "__main__":
    unittest.main(verbosity=2)
