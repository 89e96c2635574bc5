"""What happens without anybody asking: one table of jobs, the process that runs them, and its commands.

An edge: it opens the units of work and calls packages and flows. Nothing here decides anything about members or money,
and every job may run twice at once, on any number of machines: packages claim rows or change them conditionally.
"""
