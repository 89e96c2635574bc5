"""Who is a member: how somebody becomes one and leaves, and how two turn out to be one."""
