"""What each lock stops on a real engine: the attacks of the corpora, run with some locks open and others closed.

For a lock alone the harness opens connections of its own; all locks together are dbmcp's sessions, less the guard.
"""
