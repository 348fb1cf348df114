"""
What runs receivers in the background: threads of this process. Celery is another line::

    background = Background(CeleryTasks(app, include=["shop_in_background.receivers"]))
"""

from __future__ import annotations

from typed_signals.background import Background, Threads

threads = Threads(max_workers=1)  # one, so that the output is the same in each run
background = Background(threads)
