"""
What may be wrong, one verdict a module: functions that return complaints.
"""
