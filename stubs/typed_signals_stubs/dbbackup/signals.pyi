from typing import Any, TypedDict

from dbbackup.db.base import BaseDBConnector
from dbbackup.management.commands import dbbackup, dbrestore, mediabackup, mediarestore
from dbbackup.storage import Storage

from typed_signals.django import Signal

# From the code of django-dbbackup 5.

class BackupStart(TypedDict):
    database: dict[str, Any]
    connector: BaseDBConnector
    servername: str | None

class BackedUp(TypedDict):
    database: dict[str, Any]
    connector: BaseDBConnector
    servername: str | None
    filename: str
    storage: Storage

class RestoreStart(TypedDict):
    database: dict[str, Any]
    database_name: str
    filename: str
    servername: str | None
    storage: Storage

class Restored(TypedDict):
    database: dict[str, Any]
    database_name: str
    filename: str
    servername: str | None
    connector: BaseDBConnector
    storage: Storage

class MediaBackupStart(TypedDict):
    servername: str | None
    storage: Storage

class MediaAction(TypedDict):
    filename: str
    servername: str | None
    storage: Storage

pre_backup: Signal[type[dbbackup.Command], BackupStart]
post_backup: Signal[type[dbbackup.Command], BackedUp]
pre_restore: Signal[type[dbrestore.Command], RestoreStart]
post_restore: Signal[type[dbrestore.Command], Restored]
pre_media_backup: Signal[type[mediabackup.Command], MediaBackupStart]
post_media_backup: Signal[type[mediabackup.Command], MediaAction]
pre_media_restore: Signal[type[mediarestore.Command], MediaAction]
post_media_restore: Signal[type[mediarestore.Command], MediaAction]
