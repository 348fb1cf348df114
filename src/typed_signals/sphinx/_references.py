"""
References to signals that are not documented as such, and to receivers.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, cast

from sphinx.errors import NoUri

if TYPE_CHECKING:
    from docutils import nodes
    from sphinx.addnodes import pending_xref
    from sphinx.application import Sphinx
    from sphinx.environment import BuildEnvironment

# The attribute of a reference that may have no target.
MAY_MISS: Final = "typed_signals_may_miss"


def resolve_reference(
    app: Sphinx, env: BuildEnvironment, node: pending_xref, content: nodes.TextElement
) -> nodes.Element | None:
    """
    Return the node for a reference that was not found; None if we do not know it either.

    Most projects, like Django, document their signals as data. The receivers in a list need not be
    documented.
    """
    if node.get(MAY_MISS):
        return content
    if node["refdomain"] != "py" or node["reftype"] != "signal":
        return None
    data = node.copy()
    data["reftype"] = "obj"
    found: Any = env.domains["py"].resolve_xref(
        env, node["refdoc"], app.builder, "obj", node["reftarget"], data, content
    )
    if found is None:
        found = app.emit_firstresult(
            "missing-reference", env, data, content, allowed_exceptions=(NoUri,)
        )
    return cast("nodes.Element | None", found)
