from typing import Any, TypedDict

from tenant_users.tenants.models import TenantBase

from typed_signals.django import Signal

# The project chooses the classes of users and tenants.
class TenantUserAction(TypedDict):
    user: Any
    tenant: Any

class UserAction(TypedDict):
    user: Any

tenant_user_added: Signal[type[TenantBase], TenantUserAction]
tenant_user_removed: Signal[type[TenantBase], TenantUserAction]

# The sender is the class of the manager.
tenant_user_created: Signal[type[Any], UserAction]
tenant_user_deleted: Signal[type[Any], UserAction]
