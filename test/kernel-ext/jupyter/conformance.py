"""jupyter_kernel_test's conformance suite against the installed kernel `d90`; run by conformance.test.ts.

Prints one JSON object a test: {"test": name, "outcome": "passed" | "failed" | "skipped", "detail": text}.
"""

import json
import sys
import unittest

import jupyter_kernel_test as jkt

# Seconds that anything may take on a busy machine. The suite gives a reply 15, and a message on iopub behind it 0.1.
PATIENCE = 60


class PatientTests(jkt.KernelTests):
    """The suite's tests, and as much time as they need."""

    def execute_helper(self, *args, **options):
        ensure_sync = jkt.ensure_sync
        jkt.ensure_sync = lambda get: lambda timeout: ensure_sync(get)(timeout=PATIENCE)
        try:
            return super().execute_helper(*args, **{"timeout": PATIENCE, **options})
        finally:
            jkt.ensure_sync = ensure_sync

    def flush_channels(self):
        """The suite takes a silence of 0.1 s for the end; here it is the end of a request that is asked last."""
        last = self.kc.kernel_info()
        for get, is_last in (
            (self.kc.get_shell_msg, lambda message: True),
            (self.kc.get_iopub_msg, lambda message: message["content"].get("execution_state") == "idle"),
        ):
            while True:
                message = get(timeout=PATIENCE)
                jkt.validate_message(message)
                if message["parent_header"].get("msg_id") == last and is_last(message):
                    break


class D90Tests(PatientTests):
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
    jkt.TIMEOUT = PATIENCE
    load = unittest.defaultTestLoader.loadTestsFromTestCase
    suite = unittest.TestSuite([load(D90Tests), load(D90WelcomeTests)])
    result = Lines()
    suite.run(result)
    sys.exit(0)
