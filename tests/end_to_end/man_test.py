# Manual pages: they say what --help says, and man shows them without a warning.
import os
import re
import shutil
import subprocess
import tempfile
import unittest

import program

SECTIONS = ["NAME", "SYNOPSIS", "DESCRIPTION", "OPTIONS", "EXIT STATUS", "ENVIRONMENT", "FILES", "SEE ALSO"]


def commands():
    text = program.wick("--help").out
    return re.findall(r"(?m)^  (\w+) ", text[text.index("Commands:"):text.index("\n\n`wick COMMAND")])


def shown(path):
    """The page as man shows it; every warning of roff's is a failure."""
    run = subprocess.run(["groff", "-man", "-Tutf8", "-ww", "-rLL=2000n", "-rHY=0", "-P-c", "-P-b", "-P-u", path],
                         stdout=subprocess.PIPE, stderr=subprocess.PIPE, timeout=60)
    assert run.returncode == 0 and not run.stderr, run.stderr.decode()
    return re.sub(".\x08", "", run.stdout.decode("utf-8"))


class ManPages(program.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.TemporaryDirectory()
        cls.written = program.wick("man", "--output", cls.folder.name)

    @classmethod
    def tearDownClass(cls):
        cls.folder.cleanup()

    def page(self, name):
        with open(os.path.join(self.folder.name, name + ".1"), encoding="utf-8") as file:
            return file.read()

    def test_there_is_one_for_the_program_and_every_command(self):
        self.assertEqual(self.written.code, 0, self.written.err)
        names = sorted(os.listdir(self.folder.name))
        self.assertEqual(names, sorted(["wick.1"] + [f"wick-{command}.1" for command in commands()]))
        for command in commands():
            self.assertEqual(self.page(f"wick-{command}"), self.assert_done("man", command).out)

    def test_has_the_usual_sections(self):
        for name in ["wick"] + [f"wick-{command}" for command in commands()]:
            found = re.findall(r"(?m)^\.SH (.*)$", self.page(name))
            self.assertEqual([s for s in found if s not in ("EXAMPLES", "COMMANDS")], SECTIONS, name)

    def test_escapes_what_roff_would_take_for_its_own(self):
        for name in os.listdir(self.folder.name):
            for line in self.page(name[:-2]).splitlines():
                self.assertNotRegex(line, r"^\.(?!\\\"|TH|SH|SS|TP|PP|BR|br)", name)
                if not line.startswith('.\\"'):
                    self.assertNotRegex(line, r"(?<!\\)-", f"{name}: a hyphen that cannot be copied")

    def test_two_writings_are_the_same(self):
        with tempfile.TemporaryDirectory() as other:
            self.assert_done("man", "--output", other)
            for name in os.listdir(other):
                with open(os.path.join(other, name), encoding="utf-8") as file:
                    self.assertEqual(file.read(), self.page(name[:-2]))

    def test_refuses_an_unknown_command(self):
        self.assert_fails(2, "man", "no-such", says="'no-such'")
        self.assert_fails(2, "man", "complete", says="'complete'")
        self.assert_fails(1, "man", "--output", "/proc/none", says="/proc/none")

    @unittest.skipUnless(shutil.which("groff"), "groff is not installed: no page was shown")
    def test_shows_every_option_of_help(self):
        for command in commands():
            text = " ".join(shown(os.path.join(self.folder.name, f"wick-{command}.1")).split())
            help_text = self.assert_done(command, "--help").out
            options = re.findall(r"(?m)^  (-\w, |    )(--\S+(?: \S.*?)??)  +(\S.*)$", help_text)
            self.assertTrue(options or command == "completion", command)
            for letter, option, about in options:
                self.assertIn(f"{letter.strip()} {option}".strip(), text, command)
                self.assertIn(about.replace("`", ""), text, command)
            summary = help_text.split("\n\n")[1]
            self.assertIn(" ".join(summary.replace("`", "").split()), text, command)

    @unittest.skipUnless(shutil.which("groff"), "groff is not installed: no page was shown")
    def test_of_the_program_names_every_command(self):
        text = shown(os.path.join(self.folder.name, "wick.1"))
        for command in commands():
            self.assertIn(f"wick-{command}(1)", text)

    @unittest.skipUnless(shutil.which("man"), "man is not installed: no page was shown")
    def test_man_has_no_warning(self):
        for name in sorted(os.listdir(self.folder.name)):
            run = subprocess.run(["man", "--warnings", "-l", os.path.join(self.folder.name, name)], stdout=subprocess.DEVNULL,
                                 stderr=subprocess.PIPE, timeout=60, env=dict(os.environ, LC_ALL="C.UTF-8", MANWIDTH="80"))
            self.assertEqual((run.returncode, run.stderr), (0, b""), name)


if __name__ == "__main__":
    unittest.main()
