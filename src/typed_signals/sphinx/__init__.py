"""
A Sphinx extension that documents signals.

Install ``typed-signals[sphinx]``, and add ``"typed_signals.sphinx"`` to ``extensions``. It adds the
directive ``autosignal``; ``signal``, a type of objects in the Python domain, with a directive and a
role; and the payloads of signals to what ``sphinx.ext.autodoc`` documents.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from sphinx.domains import ObjType
from sphinx.errors import ConfigError

from ._autodoc import add_payload, make_signal
from ._directives import AutoSignal, PySignal, SignalFields, SignalRole
from ._references import resolve_reference
from ._stub_files import read_packages

if TYPE_CHECKING:
    from sphinx.application import Sphinx
    from sphinx.config import Config
    from sphinx.util.typing import ExtensionMetadata

__all__ = ["setup"]

# Packages of stub files that declare signals, as for the mypy plugin.
_DECLARATIONS: Final = "typed_signals_declarations"


def setup(app: Sphinx) -> ExtensionMetadata:
    """
    Set up the extension; Sphinx calls this.
    """
    app.setup_extension("sphinx.ext.autodoc")
    # What referred to a signal as to other data still does.
    signal = ObjType("signal", "signal", "obj", "data", "attr")
    app.registry.domain_object_types.setdefault("py", {})["signal"] = signal
    app.add_directive_to_domain("py", "signal", PySignal)
    app.add_role_to_domain("py", "signal", SignalRole())
    app.add_directive("autosignal", AutoSignal)
    app.add_directive("autosignal-fields", SignalFields)
    app.add_config_value(_DECLARATIONS, [], "env", [list])
    app.connect("config-inited", read_declarations)
    # Before napoleon, which reads the docstring.
    app.connect("autodoc-process-docstring", add_payload, priority=100)
    app.connect("object-description-transform", make_signal)
    # After intersphinx.
    app.connect("missing-reference", resolve_reference, priority=900)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}


def read_declarations(_app: Sphinx, config: Config) -> None:
    """
    Read the packages of stub files that ``conf.py`` names.

    Raises:
        ConfigError: there is no such package.
    """
    try:
        read_packages(config[_DECLARATIONS])
    except LookupError as error:
        raise ConfigError(f"{_DECLARATIONS}: {error}") from error
