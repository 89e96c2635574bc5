"""The HTTP kit of the edges: settings, errors, idempotent commands, headers, health, sign-in, filters."""
