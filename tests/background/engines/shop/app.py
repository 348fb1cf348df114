"""
The Celery application.
"""

from __future__ import annotations

import json
import os

from celery import Celery

from typed_signals.background import Background, CeleryTasks

app = Celery("shop", broker=os.environ["SHOP_BROKER"], set_as_current=False)
app.conf.update(json.loads(os.environ["SHOP_CONFIGURATION"]))

engine = CeleryTasks(
    app,
    include=["tests.background.engines.shop.receivers"],
    **json.loads(os.environ["SHOP_TASK_OPTIONS"]),
)
background = Background(engine)
