"""
Send to responses: the loops that call and await the receivers.

They are specialised to the keys of a payload.
"""
