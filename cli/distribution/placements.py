"""What the models say of all tables, in one list."""

from app.kernel import discovery
from app.kernel.db import Model, table_of
from app.kernel.distribution.placement import Placement


def of_all_tables() -> dict[str, Placement]:
    """The placement of every table by its name; raises AttributeError naming the model that says nothing."""
    for _ in discovery.modules_named("models", below="app"):
        pass
    models = [mapper.class_ for mapper in Model.registry.mappers]
    return {table_of(model).name: model.__placement__ for model in models}
