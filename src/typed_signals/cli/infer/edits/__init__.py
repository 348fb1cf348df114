"""
Write declarations into the code of a project.
"""

from .plan import Edits, FileChange, Left, plan_edits
from .stub_package import plan_declarations

__all__ = ["Edits", "FileChange", "Left", "plan_declarations", "plan_edits"]
