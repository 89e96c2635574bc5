"""`flask import`: a mall's own history out of files, by the batches of `app.flows.history`. See docs/import.md."""
