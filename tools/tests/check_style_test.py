# Shows tools/check-style small trees that break one rule each, and one that breaks none.
import os
import subprocess
import sys
import tempfile
import unittest

CHECKER = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "check-style")
PROMISE = "TO" + "DO"


def faults(**files):
    """What the checker prints for a tree; `__` in a name stands for `/` and `_dot_` for `.`."""
    with tempfile.TemporaryDirectory() as root:
        for name, text in files.items():
            path = os.path.join(root, name.replace("__", "/").replace("_dot_", "."))
            os.makedirs(os.path.dirname(path), exist_ok=True)
            with open(path, "w", encoding="utf-8") as file:
                file.write(text)
        run = subprocess.run([sys.executable, CHECKER, root], capture_output=True, text=True)
        assert run.returncode == (1 if run.stdout else 0), run.stderr
        return run.stdout


def function(n_lines, head="int f()"):
    return f"// A file.\n{head} {{\n" + "  g();\n" * (n_lines - 2) + "}\n"


class Sizes(unittest.TestCase):
    def test_accepts_a_file_and_a_function_at_the_limit(self):
        self.assertEqual(faults(core__a_dot_cpp=function(60) + "//\n" * 539), "")

    def test_refuses_a_file_of_601_lines(self):
        self.assertIn("core/a.cpp:600: the file has 601 lines", faults(core__a_dot_cpp="//\n" * 601))

    def test_leaves_generated_tables_alone(self):
        self.assertEqual(faults(core__generated__a_dot_cpp="//\n" * 601), "")

    def test_refuses_a_function_of_61_lines_whatever_its_head(self):
        heads = ["int f()", "X::X(int a) : a_{a}, b_(2)", "auto f() const noexcept -> std::vector<int>", "TEST(Suite, Claim)",
                 "struct X {}; X f(int a = {})", "template <class T> void f(T t) requires Y<T>", "bool operator==(const X& a)"]
        for head in heads:
            self.assertIn("the function has 61 lines", faults(core__a_dot_cpp=function(61, head)), head)

    def test_finds_functions_in_classes_and_namespaces_but_does_not_count_those(self):
        text = "// A file.\nnamespace a {\nclass B : C {\n public:\n" + "  int f() { return 1; }\n" * 100 + "};\n}\n"
        self.assertEqual(faults(core__a_dot_h=text), "")

    def test_does_not_count_a_table(self):
        self.assertEqual(faults(core__a_dot_cpp="// A file.\nconst int kTable[] = {\n" + "  1,\n" * 100 + "};\n"), "")

    def test_is_not_confused_by_braces_in_text(self):
        text = '// A file. }\nint f() {\n  a("{"); b(\'{\'); c(R"x({ " {)x"); /* { */ int d = 1\'000;\n#if A\n  if (a) {\n#else\n  if (b) {\n#endif\n  }\n}\n'
        self.assertEqual(faults(core__a_dot_cpp=text + "int g() {\n" + "  g();\n" * 40 + "}\n"), "")

    def test_allows_twice_the_length_in_jit(self):
        self.assertEqual(faults(plugins__x__jit__a_dot_cpp=function(120)), "")
        self.assertIn("121 lines", faults(plugins__x__jit__a_dot_cpp=function(121)))

    def test_refuses_a_file_without_opening_comment(self):
        for name in ("core__a_dot_h", "tools__a_dot_cmake", "core__CMakeLists_dot_txt"):
            self.assertIn("must open with", faults(**{name: "x y\n"}))
        self.assertIn("must open with", faults(tools__run="#!/bin/sh\nls\n"))


class Includes(unittest.TestCase):
    def test_refuses_boost_dll_outside_the_loader(self):
        text = "// A file.\n#include <boost/dll/shared_library.hpp>\n"
        self.assertIn("only core/plugins/loader.cpp", faults(core__plugins__registry_dot_cpp=text))
        self.assertEqual(faults(core__plugins__loader_dot_cpp=text), "")

    def test_refuses_another_library_in_a_public_header(self):
        for name in ("fmt/format.h", "boost/json.hpp", "unistd.h"):
            self.assertIn(name, faults(core__include__wick__a_dot_h=f"// A file.\n#include <{name}>\n"))
        self.assertEqual(faults(sdk__include__wick__a_dot_h="// A file.\n#include <stdint.h>\n#include <vector>\n"), "")

    def test_refuses_a_plugin_that_includes_the_core_or_another_plugin(self):
        tree = {"core__files__gguf_dot_h": "//\n", "plugins__quant__block_dot_h": "//\n", "core__include__wick__engine_dot_h": "//\n"}
        for name in ('"files/gguf.h"', '"../../core/files/gguf.h"', '"../quant/block.h"', "<wick/engine.h>"):
            text = f"// A file.\n#include {name}\n"
            self.assertIn("arrows", faults(**tree, plugins__x__a_dot_cpp=text), name)

    def test_accepts_a_plugin_that_includes_its_own_files_and_the_sdk(self):
        text = '// A file.\n#include "ops/b.h"\n#include "../x/c.h"\n#include <wick/error.h>\n#include <vector>\n'
        self.assertEqual(faults(plugins__x__ops__a_dot_cpp=text, plugins__x__ops__b_dot_h="//\n", plugins__x__c_dot_h="//\n",
                                sdk__include__wick__error_dot_h="//\n"), "")

    def test_refuses_a_core_that_includes_a_plugin(self):
        tree = {"plugins__x__a_dot_h": "//\n"}
        self.assertIn("arrows", faults(**tree, core__b_dot_cpp='// A file.\n#include "../plugins/x/a.h"\n'))


class Words(unittest.TestCase):
    def test_refuses_names_of_models_devices_and_formats_in_the_core(self):
        for name in ("llama", "LFM2", "Vulkan", "Q4_K", "q8_0"):
            self.assertIn(f"core names {name}", faults(core__a_dot_cpp=f'// A file.\nauto x = "{name}";\n'))

    def test_accepts_them_in_tests_in_plugins_and_in_longer_words(self):
        text = '// A file: llama, Q8_0.\n'
        self.assertEqual(faults(core__files__tests__a_dot_cpp=text, plugins__x__a_dot_cpp=text, core__a_dot_h="// llamas\n"), "")

    def test_refuses_a_promise_without_an_issue(self):
        self.assertIn("without an issue", faults(core__a_dot_cpp=f"// {PROMISE}: later\n"))
        self.assertEqual(faults(core__a_dot_cpp=f"// {PROMISE}(#12): later\n"), "")


if __name__ == "__main__":
    unittest.main()
