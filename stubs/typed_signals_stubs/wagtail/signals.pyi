from typing import Any, Generic, NotRequired, TypedDict, TypeVar

from django.db.models import Model
from typed_signals_stubs.wagtail.admin.signals import NewPage
from wagtail.admin.views.pages.create import CreateView
from wagtail.models import Locale, Page, Revision, TaskState, WorkflowState

from typed_signals.django import Signal

# From the code of Wagtail 5.2 to 8.0. The project chooses the class of users.

_ModelT = TypeVar("_ModelT", bound=Model)
_PageT = TypeVar("_PageT", bound=Page)
_TaskStateT = TypeVar("_TaskStateT", bound=TaskState)

class Published(TypedDict, Generic[_ModelT]):
    instance: _ModelT
    revision: Revision

class Unpublished(TypedDict, Generic[_ModelT]):
    instance: _ModelT

class PagePublished(TypedDict, Generic[_PageT]):
    instance: _PageT
    revision: Revision
    # Only sent for aliases of a page that is published.
    alias: NotRequired[bool]

class PageUnpublished(TypedDict, Generic[_PageT]):
    instance: _PageT

class PageSlugChanged(TypedDict, Generic[_PageT]):
    instance: _PageT
    instance_before: _PageT

# Unlike the sender, these pages may be instances of `Page` itself.
class PageMove(TypedDict):
    instance: Page
    parent_page_before: Page
    parent_page_after: Page
    url_path_before: str
    url_path_after: str

class WorkflowAction(TypedDict):
    instance: WorkflowState
    user: Any

class TaskAction(TypedDict, Generic[_TaskStateT]):
    instance: _TaskStateT
    user: Any

class LocaleDeletion(TypedDict):
    instance: Locale

class CopiedForTranslation(TypedDict):
    source_obj: Any
    target_obj: Any

def published(sender: type[_ModelT]) -> Signal[type[_ModelT], Published[_ModelT]]: ...
def unpublished(sender: type[_ModelT]) -> Signal[type[_ModelT], Unpublished[_ModelT]]: ...
def page_published(sender: type[_PageT]) -> Signal[type[_PageT], PagePublished[_PageT]]: ...
def page_unpublished(sender: type[_PageT]) -> Signal[type[_PageT], PageUnpublished[_PageT]]: ...
def page_slug_changed(sender: type[_PageT]) -> Signal[type[_PageT], PageSlugChanged[_PageT]]: ...

pre_page_move: Signal[type[Page], PageMove]
post_page_move: Signal[type[Page], PageMove]

workflow_approved: Signal[type[WorkflowState], WorkflowAction]
workflow_rejected: Signal[type[WorkflowState], WorkflowAction]
workflow_cancelled: Signal[type[WorkflowState], WorkflowAction]
workflow_submitted: Signal[type[WorkflowState], WorkflowAction]

def task_approved(
    sender: type[_TaskStateT],
) -> Signal[type[_TaskStateT], TaskAction[_TaskStateT]]: ...
def task_rejected(
    sender: type[_TaskStateT],
) -> Signal[type[_TaskStateT], TaskAction[_TaskStateT]]: ...
def task_submitted(
    sender: type[_TaskStateT],
) -> Signal[type[_TaskStateT], TaskAction[_TaskStateT]]: ...
def task_cancelled(
    sender: type[_TaskStateT],
) -> Signal[type[_TaskStateT], TaskAction[_TaskStateT]]: ...

pre_validate_delete: Signal[type[Locale], LocaleDeletion]

# The senders are the classes of the actions.
copy_for_translation_done: Signal[type[Any], CopiedForTranslation]

# In `wagtail.admin.signals` in older versions.
init_new_page: Signal[type[CreateView], NewPage]
