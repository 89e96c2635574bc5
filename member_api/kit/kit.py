"""What the resources share: pages, the schema base, documentation of commands."""

from typing import Any

from flask import Request, current_app
from flask_smorest import Blueprint
from marshmallow import RAISE, Schema, fields, validate
from webargs import core
from webargs.flaskparser import FlaskParser

from app.kernel.lists.keyset import Asked

COMMAND = {
    "parameters": [
        {
            "name": "Idempotency-Key",
            "in": "header",
            "required": True,
            "description": "8-64 letters, digits, dashes or underscores; the same key and input get the same answer.",
            "schema": {"type": "string", "pattern": "^[A-Za-z0-9_-]{8,64}$"},
        }
    ],
}
SIGNED_IN: dict[str, list[dict[str, list[str]]]] = {"security": [{"token": []}]}


class Strict(Schema):
    """Requests name known fields only."""

    class Meta:
        unknown = RAISE


class ErrorBody(Schema):
    """What went wrong, for programs and for people."""

    code = fields.String(required=True)
    message = fields.String(required=True)
    fields_ = fields.Dict(data_key="fields")


class ErrorView(Schema):
    """The body of every refusal."""

    error = fields.Nested(ErrorBody, required=True)


class PageRequest(Strict):
    """Which page of a list."""

    cursor = fields.String(metadata={"description": "`next_cursor` of the page before; without it the first page."})
    limit = fields.Integer(load_default=20, validate=validate.Range(min=1, max=50))


class MoneyCount(fields.Integer):
    """A whole number, sent as a number: no text, no fraction."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(strict=True, **kwargs)


class Parser(FlaskParser):
    """Reads JSON as the rest of the application does: by `app.web.request_checks`."""

    def _raw_load_json(self, req: Request) -> Any:
        return req.get_json() if req.is_json and req.get_data() else core.missing


class PartsParser(Parser):
    """Reads a body with a list whose parts are judged one by one; one that cannot be stored is None."""

    def __init__(self, name: str) -> None:
        super().__init__()
        self._name = name

    def _raw_load_json(self, req: Request) -> Any:
        if not (req.is_json and req.get_data()):
            return core.missing
        try:
            return current_app.json.loads(req.get_data(), each_of=self._name)
        except ValueError as error:
            return req.on_json_loading_failed(error)


class Resource(Blueprint):
    """A part of the API."""

    ARGUMENTS_PARSER = Parser()


def make_blueprint(name: str, description: str) -> Blueprint:
    """A resource's blueprint."""
    return Resource(name, f"member_api.{name}", description=description)


def asked(page: dict[str, Any]) -> Asked:
    """Which rows a `PageRequest` asks for."""
    return Asked(page["limit"], page.get("cursor"))
