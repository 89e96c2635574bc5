"""What the console shows of settlement."""

from mall_console.kit.menu import Group, MenuEntry
from mall_console.settlement import (
    accounts,
    batches,
    closing,
    contracts,
    listings,
    statement_lists,
    statement_rows,
    statements,
)

BLUEPRINTS = (
    closing.blueprint,
    batches.blueprint,
    accounts.blueprint,
    statements.blueprint,
    contracts.blueprint,
)
MENU = (
    MenuEntry("结算", "/settlement", "statement.view", icon="settle", group=Group.MONEY, position=1),
    MenuEntry("待结清与异议", "/due", "statement.view", icon="due", group=Group.MONEY, position=3),
    MenuEntry("合同条款", "/contracts", "contract.view", icon="contract", group=Group.MONEY, position=2),
)
LISTINGS = (
    listings.CONTRACTS,
    statement_rows.STATEMENT_ROWS,
    statement_lists.STATEMENTS,
    *statement_lists.OPEN_LISTS.values(),
)
