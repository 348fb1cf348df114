from types import ModuleType
from typing import Any, TypedDict

from django.core.management import BaseCommand

from typed_signals.django import Signal

# From the code of django-extensions 3.2 and 4. The senders of jobs are the modules with the models
# of an app.

class JobsRun(TypedDict):
    app: ModuleType

class CommandStarted(TypedDict):
    args: tuple[Any, ...]
    kwargs: dict[str, Any]

class CommandDone(TypedDict):
    args: tuple[Any, ...]
    kwargs: dict[str, Any]
    outcome: Any

run_minutely_jobs: Signal[ModuleType, JobsRun]
run_quarter_hourly_jobs: Signal[ModuleType, JobsRun]
run_hourly_jobs: Signal[ModuleType, JobsRun]
run_daily_jobs: Signal[ModuleType, JobsRun]
run_weekly_jobs: Signal[ModuleType, JobsRun]
run_monthly_jobs: Signal[ModuleType, JobsRun]
run_yearly_jobs: Signal[ModuleType, JobsRun]

pre_command: Signal[type[BaseCommand], CommandStarted]
post_command: Signal[type[BaseCommand], CommandDone]
