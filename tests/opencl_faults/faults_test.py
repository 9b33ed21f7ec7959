"""What a user sees of an OpenCL driver that fails: states of `wick plugins`, one sentence and exit code 3 with `--backend opencl`,
the CPU and a line that says so without. Exit code 77 where no OpenCL device is. Environment: see ../vulkan_faults/failing_driver.py."""

import os
import shutil
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "vulkan_faults"))
from failing_driver import ON_DEVICE, PLUGINS, RUN, Failures, main, state_of, wick  # noqa: E402


class Found(Failures):
    """Before a model is loaded: nothing is known of the driver yet."""

    def test_no_platform(self):
        folder = self.cache / "vendors"
        folder.mkdir()
        self.check("no-driver", "there is no OpenCL platform (CL_PLATFORM_NOT_FOUND_KHR)", OCL_ICD_VENDORS=str(folder))
        row = state_of(self.cache, OCL_ICD_VENDORS=str(folder))
        self.assertIn("install an OpenCL driver, for example pocl-opencl-icd", row["hint"])

    def test_no_loader(self):
        (self.cache / "libOpenCL.so.1").write_text("no library\n", encoding="utf-8")
        self.check("no-driver", "the OpenCL loader cannot be opened: ", LD_LIBRARY_PATH=str(self.cache))

    def test_a_loader_that_is_something_else(self):
        shutil.copy(PLUGINS / "libwick-quant.so", self.cache / "libOpenCL.so.1")
        self.check("no-driver", "it lacks clBuildProgram", LD_LIBRARY_PATH=str(self.cache))

    def test_no_device(self):
        self.check("no-device", "no device", "hide")
        self.check("no-device", "no device", POCL_DEVICES="none")

    def test_an_old_driver(self):
        self.check("no-driver", " has no OpenCL 1.2, got OpenCL 1.1 old", "api-1.1")

    def test_a_device_that_is_lost_when_it_is_tried(self):
        self.check("probe-failed", "matmul@1 fails: ", "submit=1")

    def test_a_kernel_that_is_not_compiled_when_it_is_tried(self):
        self.check("probe-failed", "the driver cannot compile the kernel ", "pipeline=1")

    def test_no_memory_says_nothing_of_the_driver(self):
        self.assertEqual(state_of(self.cache, "allocate=1")["state"], "loaded")


class Running(Failures):
    """The driver was well when it was tried."""

    def setUp(self):
        super().setUp()
        self.assertEqual(state_of(self.cache)["state"], "loaded")

    def test_no_memory_for_weights(self):
        said = self.assert_fails("weights on opencl: ", RUN, "allocate=3")
        self.assertIn("--ctx", said)
        self.assertIn("--layers", said)

    def test_a_device_that_is_lost(self):
        for fault in ("submit=1", "wait=1", "submit=50"):
            with self.subTest(fault):
                result = wick((*RUN, *ON_DEVICE), self.cache, fault)
                self.assertEqual(result.returncode, 3, result.stderr)
                self.assertTrue(self.cpu.startswith(result.stdout.rstrip("\n")))  # what came before
                self.assertEqual(result.stderr.count("CL_OUT_OF_RESOURCES"), 1, result.stderr)

    def test_a_kernel_that_is_not_compiled_is_one_sentence_and_a_file(self):
        said = self.assert_fails("cannot compile the kernel ", RUN, "pipeline=1")
        report, = (self.cache / "wick").glob("opencl-build-*.log")
        self.assertIn(str(report), said)
        self.assertIn("kernel void", report.read_text(encoding="utf-8"))

    def test_a_card_with_memory_of_its_own(self):
        expected = wick((*RUN, *ON_DEVICE), self.cache).stdout
        self.assertTrue(expected)
        self.assertEqual(wick((*RUN, *ON_DEVICE), self.cache, "discrete").stdout, expected)

    def test_programs_that_are_damaged_are_made_anew(self):
        for file in (self.cache / "wick").glob("opencl-*.bin"):
            file.unlink()  # the trial's, which a run may not need
        expected = wick((*RUN, *ON_DEVICE), self.cache)
        files = sorted((self.cache / "wick").glob("opencl-*.bin"))
        self.assertGreater(len(files), 4)
        for i, file in enumerate(files):
            data = file.read_bytes()
            flipped = bytearray(data)
            flipped[len(data) // 2] ^= 0x10
            file.write_bytes((bytes(flipped), data[:len(data) // 2], b"", bytes(len(data)))[i % 4])
        result = wick((*RUN, *ON_DEVICE), self.cache)
        self.assertEqual((result.returncode, result.stdout), (0, expected.stdout), result.stderr)
        again = {file: file.read_bytes() for file in files}
        for file, data in again.items():
            self.assertEqual(data[:8], b"wickCL01", file)
        self.assertEqual(wick((*RUN, *ON_DEVICE), self.cache).stdout, expected.stdout)
        self.assertEqual({file: file.read_bytes() for file in files}, again)  # now they are believed


if __name__ == "__main__":
    main()
