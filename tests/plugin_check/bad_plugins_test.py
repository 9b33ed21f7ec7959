"""`wick plugins check` on plugins with one fault each: it is found, in the part where it should be, and never ends the
program. Environment: WICK_TEST_PROGRAM, WICK_TEST_BAD_PLUGINS (a folder with one folder for each fault)."""

import json
import os
import shutil
import subprocess
import tempfile
import unittest

PROGRAM = os.environ["WICK_TEST_PROGRAM"]
FOLDER = os.environ["WICK_TEST_BAD_PLUGINS"]

# fault: (part, words of the sentence)
FAULTS = {
    "narrow_class": ("numerics", "does not fit 7 bits"),
    "null_in_decode": ("numerics", "the process crashed: Aborted"),
    "rows_without_gaps": ("numerics", "unpack() gives"),
    "other_value": ("numerics", "unpack() gives"),
    "writes_behind_tile": ("numerics", "unpack() writes behind the tile"),
    "writes_behind_struct": ("skew, host 1.99", "wick_unpacked was written to behind"),
    "encodes_NaN": ("errors", "it is not refused"),
    "aborts_without_memory": ("memory", "the process crashed: Aborted"),
    "encodes_badly": ("numerics", "encode() loses"),
    "crash_in_init": ("load", "the process crashed"),
    "host_written": ("skew, host 1.0", "wick_host_api was written to behind"),
    "second_symbol": ("static", "need wick_plugin_v1 alone"),
    "may_be_unloaded": ("static", "link with -Wl,-z,nodelete"),
    "other_version": ("load", "version: the manifest says 1.0.1, the library 1.0.0"),
    "relative_run_path": ("static", "has relative parts: \"lib/here\""),
}


def check(*words):
    return subprocess.run([PROGRAM, "plugins", "check", *words], capture_output=True, text=True, timeout=300)


def library(name):
    return os.path.join(FOLDER, name, "bad.so")


class BadPlugins(unittest.TestCase):
    def test_every_fault_is_found_in_its_part(self):
        for name, (part, words) in FAULTS.items():
            with self.subTest(name):
                result = check(library(name), "--json")
                self.assertEqual(result.returncode, 1, result.stderr)
                report = json.loads(result.stdout)
                self.assertFalse(report["passed"])
                failed = [(row["part"], row["text"]) for row in report["rows"] if row["verdict"] == "failed"]
                self.assertTrue(any(row[0] == part and words in row[1] for row in failed), failed)

    def test_recipes_are_read_and_their_types_looked_for(self):
        good = '{"name": "MIX", "type": "org.test.bytes@1", "output": "bytes", "embedding": "q8_0"}'
        wrong_rule = '{"name": "MIX", "type": "F16", "rules": [{"tensors": "a", "type": "Q9_9"}]}'
        cases = {
            f'{{"wick_recipes": 1, "recipes": [{good}], "fallbacks": {{"org.test.bytes@1": "Q4_0"}}}}': ("passed", "1 in org.test.bad.recipes.json"),
            f'{{"wick_recipes": 1, "recipes": [{wrong_rule}]}}': ("failed", "recipe 'MIX': the type 'Q9_9' is no format of this plugin"),
            '{"wick_recipes": 1, "recipes": [], "fallbacks": {"Q9_9": "F16"}}': ("failed", "fallbacks: the type 'Q9_9'"),
            '{"wick_recipes": 1, "recipe": []}': ("failed", "the key 'recipe' is not known"),
            "": ("failed", "org.test.bad.recipes.json"),
        }
        for text, (verdict, words) in cases.items():
            with self.subTest(text), tempfile.TemporaryDirectory() as folder:
                file = shutil.copy(library("crash_in_init"), folder)  # what is static needs no plugin that runs
                with open(os.path.join(FOLDER, "no_fault", "org.test.bad.wick.json"), encoding="utf-8") as manifest:
                    fields = dict(json.load(manifest), recipes="org.test.bad.recipes.json", requires={})
                with open(os.path.join(folder, "org.test.bad.wick.json"), "w", encoding="utf-8") as manifest:
                    json.dump(fields, manifest)
                if text:
                    with open(os.path.join(folder, "org.test.bad.recipes.json"), "w", encoding="utf-8") as recipes:
                        recipes.write(text)
                rows = json.loads(check(file, "--json").stdout)["rows"]
                found = [(row["verdict"], row["text"]) for row in rows if row["subject"] == "recipes"]
                self.assertEqual(len(found), 1)
                self.assertEqual(found[0][0], verdict, found)
                self.assertIn(words, found[0][1])

    def test_what_has_no_fault_passes(self):
        for name in ("no_fault", "prints", "opens_a_driver"):
            result = check(library(name), "--json")
            report = json.loads(result.stdout)  # what a plugin prints is not in it
            self.assertEqual(result.returncode, 0, report)
            self.assertEqual(report["badge"], "wick ABI 1.0, quants 1/1")
            memory = [row["text"] for row in report["rows"] if row["part"] == "memory"]
            # Of encode(): they do reach the plugin, and not a driver that it opens.
            self.assertIn("1 allocations, each failed once", memory)

    def test_text_has_a_line_for_each_row_and_the_badge(self):
        result = check(library("other_value"))
        self.assertEqual(result.returncode, 1)
        self.assertIn("failed: wick ABI 1.0, quants 0/1", result.stdout)
        self.assertIn("passed   static", result.stdout)

    def test_files_that_are_no_plugin(self):
        self.assertEqual(check(os.path.join(FOLDER, "nothing.so")).returncode, 4)
        self.assertEqual(check(os.path.join(FOLDER, "no_fault", "org.test.bad.wick.json")).returncode, 4)
        self.assertEqual(check().returncode, 2)


if __name__ == "__main__":
    unittest.main()
