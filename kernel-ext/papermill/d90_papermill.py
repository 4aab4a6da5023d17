"""Parameters for TypeScript and JavaScript notebooks in papermill: `papermill in.ipynb out.ipynb -p rows 100`.

A cell with the tag "parameters" holds the defaults; papermill puts one with the values behind it. Each is a declaration,
`let rows = 100;`, which the kernel allows to come again. A default's declared type is kept, `let preset: "quick" | "full" = "full";`:
the cells behind it are checked against the type, not against what TypeScript makes of the value.
"""

import json
import math
import re
from contextvars import ContextVar

from papermill.engines import NBClientEngine
from papermill.models import Parameter
from papermill.translators import Translator, papermill_translators

_DECLARATION = re.compile(
    r"^\s*(?:export\s+)?(?:let|const|var)\s+(?P<name>[A-Za-z_$][\w$]*)\s*(?::\s*(?P<type>[^=]+?))?\s*=\s*(?P<value>.+?)\s*;?\s*(?://\s*(?P<help>.*))?$"
)


# The declared types of the notebook that is being run: papermill looks at the defaults (inspect) before it writes the values
# (assign), and hands the latter nothing of the former.
_types = ContextVar("d90_parameter_types", default={})


class TypeScriptTranslator(Translator):
    """Python values as TypeScript literals, which are JavaScript's too."""

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
        declared = _types.get().get(name)
        return f"let {name}: {declared} = {str_val};" if declared else f"let {name} = {str_val};"

    @classmethod
    def codify(cls, parameters, comment="Parameters"):
        try:
            return super().codify(parameters, comment)
        finally:
            _types.set({})  # the next notebook of this process may have no defaults

    @classmethod
    def inspect(cls, parameters_cell):
        """The parameters of the tagged cell, also for `papermill --help-notebook`; their types are kept for `assign`."""
        lines = (_DECLARATION.match(line) for line in parameters_cell["source"].splitlines())
        found = [match for match in lines if match]
        _types.set({match["name"]: match["type"] for match in found if match["type"]})
        return [
            Parameter(
                name=match["name"], inferred_type_name=match["type"] or "None", default=match["value"], help=match["help"] or ""
            )
            for match in found
        ]


class TypeScriptEngine(NBClientEngine):
    """papermill's own engine; its entry point is what loads this module."""


for language in ("typescript", "javascript"):
    papermill_translators.register(language, TypeScriptTranslator)
