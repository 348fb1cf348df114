"""
Write declarations into the code of a project.
"""

from .plan import Edits, FileChange, Left, plan_edits

__all__ = ["Edits", "FileChange", "Left", "plan_edits"]
