"""An application's database; and an application of nothing else, in which migrations start two seconds sooner."""

from flask import Flask
from flask_migrate import Migrate

from app.kernel.db import CONNECTION_OPTIONS, db, let_go
from app.kernel.distribution import database
from app.kernel.settings import Settings
from cli.distribution import commands as distribution_commands


def create_app() -> Flask:
    """Build an application for `flask db upgrade` from the environment's settings; raises SettingsError."""
    flask_app = Flask(__name__, static_folder=None)
    connect(flask_app, Settings.from_environment())
    return flask_app


def connect(flask_app: Flask, settings: Settings) -> None:
    """Give an application its database, with the commands for the schema."""
    database.configure(settings.database_kind)
    options = f"{CONNECTION_OPTIONS} {database.CONNECTION_OPTIONS}" if database.is_distributed() else CONNECTION_OPTIONS
    flask_app.config["SQLALCHEMY_DATABASE_URI"] = settings.database_url
    flask_app.config["SQLALCHEMY_ENGINE_OPTIONS"] = {
        "pool_size": settings.sizes.kept_connections,
        "max_overflow": settings.sizes.connections - settings.sizes.kept_connections,
        "pool_pre_ping": False,
        "pool_reset_on_return": None,  # app.kernel.db does it
        "hide_parameters": True,  # a failed statement is logged, what it was to write is not
        "connect_args": {"options": options, "connect_timeout": 5},
    }
    db.init_app(flask_app)
    flask_app.teardown_appcontext(let_go)  # before Flask-SQLAlchemy's own, which then finds nothing to do
    Migrate(flask_app, db, directory="migrations")
    distribution_commands.register(flask_app)
