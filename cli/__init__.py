"""The `flask` commands: staff, malls, members, keys, imports, the demo mall."""
