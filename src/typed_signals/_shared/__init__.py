"""
What all rooms use: facts about callables and frames, and the words of messages.

It knows none of the rooms.
"""
