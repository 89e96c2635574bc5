"""The rules of the stages: their versions, a form for other ones, and who would move under them before they hold."""
