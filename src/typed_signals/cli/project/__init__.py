"""
The project that a command reads: its files, its Python, its settings, its mypy configuration.
"""

from .cache import cache_folder, made
from .find import Part, Project, find_project
from .options import mypy_options, sources_of

__all__ = ["Part", "Project", "cache_folder", "find_project", "made", "mypy_options", "sources_of"]
