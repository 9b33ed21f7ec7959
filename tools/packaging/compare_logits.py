"""Fails where two files of logits differ by more than tests/examples/qwen_test.py allows. Usage: compare_logits.py GOT.npy WANT.npy"""
import pathlib
import sys

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT / "tests" / folder) for folder in ("end_to_end", "examples")]
import example_plugins  # noqa: E402
import program  # noqa: E402

BOUND = 2e-5
error = max(example_plugins.row_errors(program.read_npy(sys.argv[1]), program.read_npy(sys.argv[2])))
print(f"   logits of transformers: relative L2 of a row at most {error:.2e}")
sys.exit(0 if error <= BOUND else f"compare_logits: {error}, need at most {BOUND}")
