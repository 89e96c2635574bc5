"""The kit of server-rendered pages."""
