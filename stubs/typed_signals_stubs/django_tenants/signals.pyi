from collections.abc import Callable
from typing import Any, TypedDict

from django_tenants.models import TenantMixin

from typed_signals.django import Signal

# By default, the tenant, which is of the class that the project chooses. The project may override
# `TenantMixin.serializable_fields()`, which returns it.
class TenantChanged(TypedDict):
    tenant: Any

class SchemaMigration(TypedDict):
    schema_name: str

class MigrationMessage(TypedDict):
    message: str

post_schema_sync: Signal[type[TenantMixin], TenantChanged]
schema_needs_to_be_sync: Signal[type[TenantMixin], TenantChanged]

# The sender is the function `run_migrations`.
schema_migrated: Signal[Callable[..., Any], SchemaMigration]
schema_pre_migration: Signal[Callable[..., Any], SchemaMigration]
schema_migrate_message: Signal[Callable[..., Any], MigrationMessage]
