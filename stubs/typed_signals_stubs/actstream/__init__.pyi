from typed_signals_stubs.actstream.signals import action as action
