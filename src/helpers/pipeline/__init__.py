"""Run the notebooks and render the reports."""

import sys

# jsonschema, which nbformat imports, would compile a grammar of internationalised addresses for a check that no notebook asks
# for: more than a second in every process. It does without a module that cannot be imported.
sys.modules.setdefault("rfc3987_syntax", None)  # type: ignore[arg-type]
