"""
What a project does with signals: which there are, where they are sent, and who receives them.
"""
