"""jupyter_kernel_test's conformance suite against the installed kernel `d90`; run by conformance.test.ts.

Prints one JSON object a test: {"test": name, "outcome": "passed" | "failed" | "skipped", "detail": text}.
"""

import json
import sys
import unittest

import jupyter_kernel_test as jkt


class D90Tests(jkt.KernelTests):
    kernel_name = "d90"
    language_name = "typescript"
    file_extension = ".ts"

    code_hello_world = 'console.log("hello, world")'
    code_stderr = 'console.error("trouble")'
    completion_samples = [
        {"text": "const zebraCrossing = 1; zebraCros", "matches": {"zebraCrossing"}},
        {"text": '"text".toUpperC', "matches": {"toUpperCase"}},
        {"text": "/* 😀 */ Math.hypo", "matches": {"hypot"}},
    ]
    complete_code_samples = ["1 + 1", "const f = () => {\n  return 1;\n};", "// comment", "!ls", "for await (const x of []) {}"]
    incomplete_code_samples = ["function f() {", "const a = [1,", "const t = `open", "/* open", "if (true)"]
    invalid_code_samples = ["let = = 3", "const 1a = 2", "}"]
    code_page_something = 'Jupyter.page("a page")'
    code_generate_error = 'throw new Error("on purpose")'
    code_execute_result = [
        {"code": "6 * 7", "result": "42"},
        {"code": '"a" + "b"', "result": "'ab'"},
        {"code": "[1, 2].map((x) => x * 2)", "result": "[ 2, 4 ]"},
        {"code": "await Promise.resolve(6 * 7)", "result": "42"},
    ]
    code_display_data = [
        {"code": 'Jupyter.display(Jupyter.html("<b>bold</b>"))', "mime": "text/html"},
        {"code": 'import {display} from "tslab";\ndisplay.svg("<svg/>")', "mime": "image/svg+xml"},
        {
            "code": 'Jupyter.display({$schema: "https://vega.github.io/schema/vega-lite/v5.json", mark: "bar"})',
            "mime": "application/vnd.vegalite.v5+json",
        },
    ]
    code_history_pattern = "6*"
    supported_history_operations = ("tail", "range", "search")
    code_inspect_sample = "Math.hypot"
    code_clear_output = "Jupyter.clearOutput()"


class D90WelcomeTests(jkt.IopubWelcomeTests):
    kernel_name = "d90"
    support_iopub_welcome = True


class Lines(unittest.TestResult):
    """Outcomes as lines of JSON."""

    def say(self, test, outcome, detail=""):
        print(json.dumps({"test": test.id().split(".")[-1], "outcome": outcome, "detail": detail}), flush=True)

    def addSuccess(self, test):
        self.say(test, "passed")

    def addFailure(self, test, err):
        self.say(test, "failed", self._exc_info_to_string(err, test))

    addError = addFailure

    def addSkip(self, test, reason):
        self.say(test, "skipped", reason)

    def addSubTest(self, test, subtest, err):
        if err is not None:
            self.say(test, "failed", f"{subtest}: {self._exc_info_to_string(err, test)}")


if __name__ == "__main__":
    load = unittest.defaultTestLoader.loadTestsFromTestCase
    suite = unittest.TestSuite([load(D90Tests), load(D90WelcomeTests)])
    result = Lines()
    suite.run(result)
    sys.exit(0)
