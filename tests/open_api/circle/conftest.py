"""A member who pays in the circle, and the sandbox that plays WeChat Pay."""

from collections.abc import Iterator

import pytest

from app.flows.circle import shops
from app.identity.models import Member
from tests.builders.circle import (
    OPENID,
    make_circle,
)
from tests.builders.identity import make_member
from tests.builders.settlement import Contract
from tests.open_api.circle.standing import PHONE, SHOP, Standing
from tests.support import platforms as sandbox


@pytest.fixture(scope="module")
def _standing(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Standing]:
    with sandbox.running(tmp_path_factory.mktemp("sandbox"), database_url="postgresql:///unused") as standing:
        gateway = standing.gateway()
        yield Standing(standing, gateway.pay)
        gateway.close()


@pytest.fixture
def platforms(_standing: Standing) -> Standing:
    """WeChat Pay without trouble."""
    return _standing


@pytest.fixture
def member(contract: Contract) -> Member:
    """Who pays; the store is the circle's shop A101."""
    make_circle(contract.mall)
    shops.name(contract.store, [SHOP], by="张岚", now=contract.store.created_at)
    return make_member(contract.mall, phone=PHONE, openid=OPENID)
