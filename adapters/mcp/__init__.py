"""The Model Context Protocol: an assistant uses the attendee's commands as tools.

It needs the extra `mcp`, so nothing here is imported before it is asked for.
"""
