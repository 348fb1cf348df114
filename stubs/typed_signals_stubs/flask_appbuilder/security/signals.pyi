from typing import TypedDict

from flask_appbuilder.security.events import SecurityModelChangeEvent
from flask_appbuilder.security.sqla.manager import SecurityManager
from typed_signals_stubs.blinker import Signal

class SecurityModelChanged(TypedDict):
    event: SecurityModelChangeEvent

user_creating: Signal[SecurityManager, SecurityModelChanged]
user_updating: Signal[SecurityManager, SecurityModelChanged]
user_deleting: Signal[SecurityManager, SecurityModelChanged]
role_creating: Signal[SecurityManager, SecurityModelChanged]
role_updating: Signal[SecurityManager, SecurityModelChanged]
role_deleting: Signal[SecurityManager, SecurityModelChanged]
group_creating: Signal[SecurityManager, SecurityModelChanged]
group_updating: Signal[SecurityManager, SecurityModelChanged]
group_deleting: Signal[SecurityManager, SecurityModelChanged]
user_created: Signal[SecurityManager, SecurityModelChanged]
user_updated: Signal[SecurityManager, SecurityModelChanged]
user_deleted: Signal[SecurityManager, SecurityModelChanged]
role_created: Signal[SecurityManager, SecurityModelChanged]
role_updated: Signal[SecurityManager, SecurityModelChanged]
role_deleted: Signal[SecurityManager, SecurityModelChanged]
group_created: Signal[SecurityManager, SecurityModelChanged]
group_updated: Signal[SecurityManager, SecurityModelChanged]
group_deleted: Signal[SecurityManager, SecurityModelChanged]
