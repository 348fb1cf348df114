from typing import Any, TypedDict

from django.http import HttpRequest
from django_comments.models import CommentFlag

from typed_signals.django import Signal

# From the code of django-contrib-comments 2.2. The project chooses the class of comments.

class CommentAction(TypedDict):
    comment: Any
    request: HttpRequest

class CommentFlagged(TypedDict):
    comment: Any
    flag: CommentFlag
    created: bool
    request: HttpRequest

comment_will_be_posted: Signal[type[Any], CommentAction]
comment_was_posted: Signal[type[Any], CommentAction]
comment_was_flagged: Signal[type[Any], CommentFlagged]
