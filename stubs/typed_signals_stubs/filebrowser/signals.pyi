from typing import Any, TypedDict

from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest
from filebrowser.base import FileObject
from filebrowser.sites import FileBrowserSite

from typed_signals.django import Signal

# From the code of django-filebrowser 4 and 5. The sender is the request.

class UploadStart(TypedDict):
    path: str
    file: UploadedFile
    site: FileBrowserSite

class Uploaded(TypedDict):
    path: str
    file: FileObject
    site: FileBrowserSite

class PathAction(TypedDict):
    path: str
    name: str
    site: FileBrowserSite

class Rename(TypedDict):
    path: str
    name: str
    new_name: str
    site: FileBrowserSite

class ActionStart(TypedDict):
    action_name: str
    fileobject: list[FileObject]
    site: FileBrowserSite

class ActionApplied(TypedDict):
    action_name: str
    fileobject: list[FileObject]
    result: Any
    site: FileBrowserSite

filebrowser_pre_upload: Signal[HttpRequest, UploadStart]
filebrowser_post_upload: Signal[HttpRequest, Uploaded]
filebrowser_pre_createdir: Signal[HttpRequest, PathAction]
filebrowser_post_createdir: Signal[HttpRequest, PathAction]
filebrowser_pre_delete: Signal[HttpRequest, PathAction]
filebrowser_post_delete: Signal[HttpRequest, PathAction]
filebrowser_pre_rename: Signal[HttpRequest, Rename]
filebrowser_post_rename: Signal[HttpRequest, Rename]
filebrowser_actions_pre_apply: Signal[HttpRequest, ActionStart]
filebrowser_actions_post_apply: Signal[HttpRequest, ActionApplied]
