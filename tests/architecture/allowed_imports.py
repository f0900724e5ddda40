"""An import-linter contract that names what a module may import; anything else breaks it.

import-linter's own `forbidden` wants a list of everything that must not be there, which the next dependency escapes.
"""

from __future__ import annotations

import sys

from grimp import ImportGraph
from importlinter import Contract, ContractCheck, fields, output
from importlinter.domain.helpers import module_expressions_to_modules


class AllowedImports(Contract):
    """Direct imports of `source_modules` (wildcards allowed) stay inside `allowed_modules` and the standard library.

    `forbidden_stdlib` takes modules out of the standard library again (clock, chance, I/O);
    `ignored_modules` are sources the contract does not bind, such as tests.
    """

    type_name = "allowed"

    source_modules = fields.SetField(subfield=fields.ModuleExpressionField())
    ignored_modules = fields.SetField(subfield=fields.ModuleExpressionField(), required=False, default=None)
    allowed_modules = fields.SetField(subfield=fields.ModuleField())
    forbidden_stdlib = fields.SetField(subfield=fields.StringField(), required=False, default=None)

    def check(self, graph: ImportGraph, verbose: bool) -> ContractCheck:
        allowed = {module.name for module in self.allowed_modules}
        allowed |= sys.stdlib_module_names - set(self.forbidden_stdlib or ())
        bound = module_expressions_to_modules(graph, self.source_modules)
        bound -= module_expressions_to_modules(graph, self.ignored_modules or ())
        broken = [
            (line["importer"], line["line_number"], line["line_contents"])
            for module in sorted(bound, key=lambda module: module.name)
            for imported in sorted(graph.find_modules_directly_imported_by(module.name))
            if not any(imported == name or imported.startswith(f"{name}.") for name in allowed)
            for line in graph.get_import_details(importer=module.name, imported=imported)
        ]
        return ContractCheck(kept=not broken, metadata={"broken": broken})

    def render_broken_contract(self, check: ContractCheck) -> None:
        for importer, line_number, line in check.metadata["broken"]:
            output.print_error(f"{importer}, line {line_number}: {line}")
        output.new_line()
