"""Parameters for TypeScript notebooks in papermill: `papermill in.ipynb out.ipynb -p rows 100`.

A cell with the tag "parameters" holds the defaults; papermill puts one with the values behind it. Each is a declaration,
`let rows = 100;`, which the kernel allows to come again.
"""

import json
import math
import re

from papermill.engines import NBClientEngine
from papermill.models import Parameter
from papermill.translators import Translator, papermill_translators

_DECLARATION = re.compile(
    r"^\s*(?:export\s+)?(?:let|const|var)\s+(?P<name>[A-Za-z_$][\w$]*)\s*(?::\s*(?P<type>[^=]+?))?\s*=\s*(?P<value>.+?)\s*;?\s*(?://\s*(?P<help>.*))?$"
)


class TypeScriptTranslator(Translator):
    """Python values as TypeScript literals."""

    @classmethod
    def translate_none(cls, val):
        return "null"

    @classmethod
    def translate_bool(cls, val):
        return "true" if val else "false"

    @classmethod
    def translate_int(cls, val):
        return str(val) if abs(val) < 2**53 else f"{val}n"

    @classmethod
    def translate_float(cls, val):
        if math.isnan(val):
            return "NaN"
        if math.isinf(val):
            return "Infinity" if val > 0 else "-Infinity"
        return repr(val)

    @classmethod
    def translate_str(cls, val):
        return json.dumps(str(val), ensure_ascii=False).replace("\u2028", "\\u2028").replace("\u2029", "\\u2029")

    translate_escaped_str = translate_str

    @classmethod
    def translate_dict(cls, val):
        return "{" + ", ".join(f"{cls.translate_str(key)}: {cls.translate(value)}" for key, value in val.items()) + "}"

    @classmethod
    def translate_list(cls, val):
        return "[" + ", ".join(cls.translate(value) for value in val) + "]"

    translate_tuple = translate_list

    @classmethod
    def comment(cls, cmt_str):
        return f"// {cmt_str}".strip()

    @classmethod
    def assign(cls, name, str_val):
        return f"let {name} = {str_val};"

    @classmethod
    def inspect(cls, parameters_cell):
        """The parameters of the tagged cell, for `papermill --help-notebook`."""
        found = (_DECLARATION.match(line) for line in parameters_cell["source"].splitlines())
        return [
            Parameter(
                name=match["name"], inferred_type_name=match["type"] or "None", default=match["value"], help=match["help"] or ""
            )
            for match in found
            if match
        ]


class TypeScriptEngine(NBClientEngine):
    """papermill's own engine; its entry point is what loads this module."""


papermill_translators.register("typescript", TypeScriptTranslator)
