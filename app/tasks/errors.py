"""Refusals of the package tasks."""

from app.kernel.errors import DomainError


class TaskNotFound(DomainError):
    """There is no such task."""

    kind = "not_found"
    code = "task_not_found"


class TaskInputInvalid(DomainError):
    """The task was not done: something it asks for is missing."""

    code = "task_input_invalid"
