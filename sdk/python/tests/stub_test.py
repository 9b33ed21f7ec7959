#!/usr/bin/env python3
# The types in __init__.pyi are those of the package: every public name is in both, with the same parameters.
import ast
import inspect
import os
import subprocess
import sys
import unittest

import support
from support import wick

_STUB = os.path.join(os.path.dirname(wick.__file__), "__init__.pyi")
_USE = '''
import numpy as np
import numpy.typing as npt
import wick

def use() -> None:
    with wick.Model("model.gguf", backend=["cpu"], progress=lambda what, done: print(what, done)) as model:
        text: str = "".join(model.generate("Once", n_predict=8, stop="end", mirostat=(5.0, 0.1)))
        rows: npt.NDArray[np.float32] = model.logits(model.tokenize(text))
        model.embeddings(rows[0].astype(np.int64))
    blocks = wick.quantize_array(rows, "Q4_0", importance=rows[0])
    bits: float = wick.quantize("a", "b", "Q4_0").bits_per_weight + wick.dequantize_array(blocks, "Q4_0").size
    figures: wick.Comparison = wick.compare("a", "b", text, context=64, precise_a=True)
    budget = wick.quantize("a", target_size=1 << 20, formats="all", dry_run=True, sweep=["Q4_0"], report=("a.html", "a.json"))
    print(figures.kl / figures.kl_error, budget.chosen, budget.quality, wick.imatrix("a", text, "b", chunks=2).n_tokens)
    try:
        wick.inspect("model.gguf")["tensors"]
    except FileNotFoundError as error:
        print(error, bits)
    except wick.Error as error:
        print(error.code is wick.ErrorCode.BAD_FILE, error.hint)
'''


def _stub():
    with open(_STUB, encoding="utf-8") as file:
        return ast.parse(file.read()).body


def _is_public(name):
    return not name.startswith("_") or name in ("__version__", "__init__", "__iter__", "__next__", "__enter__", "__exit__")


def _functions(body):
    return {node.name: node for node in body if isinstance(node, ast.FunctionDef) and _is_public(node.name)}


def _classes(body):
    return {node.name: node for node in body if isinstance(node, ast.ClassDef)}


def _stub_parameters(node):
    """(name, kind, default as text or None) of each."""
    arguments = node.args
    defaults = [None] * (len(arguments.args) - len(arguments.defaults)) + arguments.defaults
    each = [(argument.arg, "positional", default) for argument, default in zip(arguments.args, defaults)]
    each += [(arguments.vararg.arg, "rest", None)] if arguments.vararg else []
    each += [(argument.arg, "named", default) for argument, default in zip(arguments.kwonlyargs, arguments.kw_defaults)]
    return [(name, kind, default and repr(ast.literal_eval(default))) for name, kind, default in each]


_KINDS = {inspect.Parameter.POSITIONAL_OR_KEYWORD: "positional", inspect.Parameter.VAR_POSITIONAL: "rest",
          inspect.Parameter.KEYWORD_ONLY: "named"}


def _parameters(function):
    return [(each.name, _KINDS[each.kind], None if each.default is each.empty else repr(each.default))
            for each in inspect.signature(function).parameters.values()]


class Stub(support.TestCase):
    def test_every_public_name_is_in_both(self):
        body = _stub()
        stubbed = set(_functions(body)) | set(_classes(body)) | {"__version__"}
        self.assertEqual(stubbed, set(wick.__all__))
        public = {name for name in dir(wick) if _is_public(name)}
        self.assertEqual(public, set(wick.__all__))

    def test_functions_have_the_same_parameters_and_defaults(self):
        for name, node in _functions(_stub()).items():
            with self.subTest(name):
                self.assertEqual(_stub_parameters(node), _parameters(getattr(wick, name)))

    def test_classes_have_the_same_bases_and_members(self):
        for name, node in _classes(_stub()).items():
            kind = getattr(wick, name)
            with self.subTest(name):
                functions = _functions(node.body)
                if issubclass(kind, wick.Error):
                    self.assertEqual([base.id for base in node.bases], [base.__name__ for base in kind.__bases__])
                    continue
                if name == "ErrorCode":
                    values = {each.targets[0].id: each.value.value for each in node.body}
                    self.assertEqual(values, {each.name: each.value for each in kind})
                    continue
                fields = set(getattr(kind, "__dataclass_fields__", {}))
                members = {each for each in vars(kind) if _is_public(each)} | fields
                self.assertEqual(set(functions), members)
                for member, function in functions.items():
                    is_property = any(isinstance(each, ast.Name) and each.id == "property" for each in function.decorator_list)
                    self.assertEqual(is_property, member in fields or isinstance(vars(kind).get(member), property), member)
                    if not is_property:
                        self.assertEqual(_stub_parameters(function), _parameters(vars(kind)[member]), member)

    def test_everything_public_is_documented(self):
        for name in set(wick.__all__) - {"__version__"}:
            each = getattr(wick, name)
            self.assertTrue(inspect.getdoc(each), name)
            for member, value in vars(each).items() if inspect.isclass(each) else []:
                if not member.startswith("_") and (callable(value) or isinstance(value, property)):
                    self.assertTrue(inspect.getdoc(value), f"{name}.{member}")

    def test_mypy_takes_the_stub_and_a_use_of_it(self):
        try:
            run = subprocess.run([sys.executable, "-m", "mypy", "--version"], capture_output=True, check=True)
        except subprocess.CalledProcessError:
            self.skipTest("the Python package mypy is not there")
        print(run.stdout.decode().strip())
        folder = self.folder()
        path = os.path.join(folder, "use.py")
        with open(path, "w", encoding="utf-8") as file:
            file.write(_USE)
        environment = dict(os.environ, MYPYPATH=os.path.dirname(os.path.dirname(wick.__file__)))
        for file in (path, _STUB):
            result = subprocess.run([sys.executable, "-m", "mypy", "--strict", "--cache-dir", folder, file], cwd=folder,
                                    env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
            self.assertEqual(result.returncode, 0, result.stdout)


if __name__ == "__main__":
    unittest.main(verbosity=2)
