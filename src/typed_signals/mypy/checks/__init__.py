"""
The checks, one per module: functions that return complaints.
"""
