"""
Who watches which signal, in which scope, and the sends of a watched signal.

A signal that is not watched does not use anything here.

``scopes`` starts and ends a watch, which a ``Handle`` stands for. If it is by patterns, those of
``by_name``, new signals are noticed (``new_signals``), and those without a name are looked for in
their first sends. ``kinds`` has what is different in each package with signals, and ``watcher``
what a watcher is asked and told.

How a watched send flows:

* its signal has an ``audience``: all watchers of the signal. In the context of the send, this
  becomes the callbacks of those concerned;
* if they only observe calls, in all contexts, a signal of ours has methods that are ``generated``,
  and one of Django's own calls ``call_and_tell`` of ``sending``;
* otherwise, a ``Sending`` (``sending``) tells watchers when it starts and ends, leaves muted
  receivers out, and calls an ``Observed`` in place of each receiver that something else calls: an
  event loop, a thread, or the package of the signal;
* ``on_core`` has the path that sends of ours take; ``on_blinker`` and ``django/_watched.py`` have
  those of other packages, by a ``class_swap``. There, a ``Present`` send is found by the methods
  that look for receivers;
* ``telling`` handles what observers and receivers raise; ``deferred`` is for receivers on commit
  and in the background.
"""

from .scopes import Handle, watch
from .watcher import Call, Sent, Watcher

__all__ = ["Call", "Handle", "Sent", "Watcher", "watch"]
