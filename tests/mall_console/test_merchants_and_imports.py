"""Merchants and imports on the kit of lists: narrowed, sorted, and each row leads to its page."""

from tests.builders.console import World
from tests.builders.malls import make_merchant
from tests.mall_console.conftest import Console


def test_merchants_are_narrowed_sorted_and_lead_to_a_page_with_their_stores(
    administrator: Console, auditor: Console, world: World
) -> None:
    make_merchant(code="M-ZZ", name="另一家")
    address = f"{world.base}/stores/merchants"
    page = administrator.get(f"{address}?stores=no").text
    assert "另一家" in page and world.merchant.name not in page
    assert f'class="row-link" href="{address}/{world.merchant.code}"' in administrator.get(address).text
    page = administrator.get(f"{address}/{world.merchant.code}").text
    assert world.store.name in page and "改名" in page
    assert "改名" not in auditor.get(f"{address}/{world.merchant.code}").text
    administrator.post(f"{address}/{world.merchant.code}", name="甲新名")
    assert "甲新名" in administrator.get(f"{address}?q=新名").text


def test_imports_are_narrowed_by_file_kind_and_state(operations: Console, world: World) -> None:
    address = f"{world.base}/imports"
    assert (
        world.brought.file_name
        in operations.get(f"{address}?{operations.searched(address, '会员', listing='imports')}&kind=members").text
    )
    assert world.brought.file_name not in operations.get(f"{address}?kind=stores").text
    assert world.brought.file_name not in operations.get(f"{address}?status=done").text
    file = operations.get(f"{address}?export=csv").data.decode("utf-8-sig")
    assert world.brought.file_name in file and "甲店员" in file
