"""
What each signal carries, joined from its sends, its receivers, comments and recordings.
"""
