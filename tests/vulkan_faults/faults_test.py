"""What a user sees of a Vulkan driver that fails: states of `wick plugins`, one sentence and exit code 3 with `--backend vulkan`,
the CPU and a line that says so without. Exit code 77 where no Vulkan device is. Environment: see failing_driver.py."""

import os
import shutil

from failing_driver import ON_DEVICE, PLUGINS, RUN, Failures, main, state_of, wick

MODEL = os.environ["WICK_TEST_MODEL"]  # that of a command without -m


def hash_of(text):
    """FNV-1a, as core/schedule/speed_cache.cpp ends its files with."""
    number = 0xcbf29ce484222325
    for byte in text.encode():
        number = (number ^ byte) * 0x100000001b3 % 2**64
    return number


class Found(Failures):
    """Before a model is loaded: nothing is known of the driver yet."""

    def test_no_driver(self):
        self.check("no-driver", "vkCreateInstance: VK_ERROR_INCOMPATIBLE_DRIVER", VK_DRIVER_FILES="/dev/null",
                   VK_ICD_FILENAMES="/dev/null", VK_INSTANCE_LAYERS="")

    def test_no_loader(self):
        (self.cache / "libvulkan.so.1").write_text("no library\n", encoding="utf-8")
        self.check("no-driver", "the Vulkan loader cannot be opened: ", LD_LIBRARY_PATH=str(self.cache))

    def test_a_loader_that_is_something_else(self):
        shutil.copy(PLUGINS / "libwick-quant.so", self.cache / "libvulkan.so.1")
        self.check("no-driver", "it lacks vkGetInstanceProcAddr", LD_LIBRARY_PATH=str(self.cache))

    def test_no_device(self):
        self.check("no-device", "no device", "find-none")
        # Mesa 22.3's own layer crashes where a list is empty.
        self.check("no-device", "no device", "hide", NODEVICE_SELECT="1")

    def test_an_old_driver(self):
        self.check("no-driver", " has Vulkan 1.1.200, need 1.2", "api-1.1")

    def test_a_device_that_is_lost_when_it_is_tried(self):
        self.check("probe-failed", "matmul@1 fails: ", "submit=1")

    def test_a_shader_that_is_not_compiled_when_it_is_tried(self):
        self.check("probe-failed", "the driver cannot compile the shader ", "pipeline=1")

    def test_no_memory_says_nothing_of_the_driver(self):
        self.assertEqual(state_of(self.cache, "allocate=1")["state"], "loaded")


class Running(Failures):
    """The driver was well when it was tried, and `auto` believes that it is fast."""

    def setUp(self):
        super().setUp()
        self.assertEqual(state_of(self.cache)["state"], "loaded")

    def be_fast(self):
        """Rewrites what was measured."""
        wick(RUN, self.cache)
        for file in (self.cache / "wick").glob("speed-*.txt"):
            lines = file.read_text(encoding="utf-8").splitlines()
            if lines[1].startswith("vulkan"):
                lines[2:5] = ["read_bytes 1e+17", "macs 1e+18", "run_seconds 1e-09"]
            body = "\n".join(lines[:5]) + "\n"
            file.write_text(f"{body}sum {hash_of(body):016x}\n", encoding="utf-8")
        result = wick(RUN, self.cache)
        self.assertIn("wick: backend vulkan (", result.stderr)

    def test_no_memory_for_weights(self):
        said = self.assert_fails("weights on vulkan: ", RUN, "allocate=3")
        self.assertIn("--ctx", said)
        self.assertIn("--layers", said)

    def test_no_memory_for_the_plan(self):
        self.assert_fails("whole model on vulkan: ", RUN, f"memory={os.path.getsize(MODEL) + 500000}")

    def test_a_device_that_is_lost(self):
        for fault in ("submit=1", "wait=1", "submit=3", "wait=3"):
            with self.subTest(fault):
                result = wick((*RUN, *ON_DEVICE), self.cache, fault)
                self.assertEqual(result.returncode, 3, result.stderr)
                self.assertTrue(self.cpu.startswith(result.stdout.rstrip("\n")))  # what came before
                self.assertEqual(result.stderr.count("VK_ERROR_DEVICE_LOST"), 1, result.stderr)

    def test_a_file_is_whole_or_not_there(self):
        out = self.cache / "out.npy"
        self.assert_fails("VK_ERROR_DEVICE_LOST", ("logits", "-p", "Once", "-o", str(out)), "submit=1")
        self.assertEqual([file.name for file in self.cache.iterdir() if file.name.startswith("out")], [])

    def test_a_shader_that_is_not_compiled(self):
        self.assert_fails("cannot compile the shader ", RUN, "pipeline=3")

    def test_auto_goes_on_where_a_model_cannot_be_loaded(self):
        self.be_fast()
        for fault, note in (("allocate=3", "vulkan: weights on vulkan: "), ("pipeline=3", "cannot compile the shader ")):
            with self.subTest(fault):
                self.assert_goes_on(note, fault)

    def test_auto_goes_on_where_a_device_cannot_be_measured(self):
        self.assert_goes_on("vulkan: its speed cannot be measured, ", "submit=1")

    def test_a_small_budget(self):
        self.assert_fails("the model does not fit", RUN, "budget=1000000")

    def test_a_card_with_memory_of_its_own(self):
        expected = wick((*RUN, *ON_DEVICE), self.cache).stdout
        self.assertEqual(wick((*RUN, *ON_DEVICE), self.cache, "discrete").stdout, expected)

    def test_a_pipeline_cache_that_is_corrupt_is_made_anew(self):
        expected = wick((*RUN, *ON_DEVICE), self.cache)
        file, = (self.cache / "wick").glob("vulkan-pipelines-*.bin")
        whole = file.read_bytes()
        flipped = bytearray(whole)
        flipped[len(whole) // 2] ^= 0x10
        for name, data in (("flipped", bytes(flipped)), ("cut", whole[:len(whole) // 2]), ("empty", b""), ("zeros", bytes(len(whole)))):
            with self.subTest(name):
                file.write_bytes(data)
                result = wick((*RUN, *ON_DEVICE), self.cache)
                self.assertEqual((result.returncode, result.stdout), (0, expected.stdout), result.stderr)
                self.assertNotIn("vulkan", result.stderr)
                self.assertEqual(len(file.read_bytes()), len(whole))


if __name__ == "__main__":
    main()
