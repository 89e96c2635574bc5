"""How long a test waits for what must happen: a busy machine must not make a wrong answer of a late one."""

PATIENCE_S = 60.0
