"""Files that people bring in through the console: the file, what its columns are, how far its import is.

What a file says is read and recorded by `app.flows.history`; here lies only what a page and a worker must remember. The
bytes are sealed, lie in pieces beside the imports, and are forgotten after some days.
"""
