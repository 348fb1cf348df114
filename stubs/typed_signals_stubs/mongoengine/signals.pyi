from typing import Any, TypedDict

from typed_signals_stubs.blinker import Signal

# `signal_kwargs` of `save`, `delete` and `insert` may add other keys, which receivers must then
# accept. They are not declared: most receivers do not expect any.

class PreInit(TypedDict):
    document: Any
    values: dict[str, Any]

class DocumentAction(TypedDict):
    document: Any

class DocumentSaved(TypedDict):
    document: Any
    created: bool

class PreBulkInsert(TypedDict):
    documents: list[Any]

class PostBulkInsert(TypedDict):
    documents: list[Any]
    loaded: bool

# The sender is the class of the document.
pre_init: Signal[type[Any], PreInit]
post_init: Signal[type[Any], DocumentAction]
pre_save: Signal[type[Any], DocumentAction]
pre_save_post_validation: Signal[type[Any], DocumentSaved]
post_save: Signal[type[Any], DocumentSaved]
pre_delete: Signal[type[Any], DocumentAction]
post_delete: Signal[type[Any], DocumentAction]
pre_bulk_insert: Signal[type[Any], PreBulkInsert]
post_bulk_insert: Signal[type[Any], PostBulkInsert]
