"""Addresses of settlement in the console."""

from tests.builders.console import World


def pages(world: World) -> dict[str, str]:
    statement = f"/settlement/statements/{world.statement_no}"
    month = f"{world.statement_no[2:6]}-{world.statement_no[6:8]}"
    return {
        "/settlement": "statement.view",
        "/settlement/close": "statement.close",
        "/due": "statement.view",
        "/settlement/account": "contract.view",
        f"/due/batch.csv?no={world.statement_no}": "statement.download",
        f"/due/batch/paid?no={world.statement_no}": "statement.pay",
        f"/settlement/{month}": "statement.view",
        f"/settlement/{month}.xlsx": "statement.download",
        f"/settlement/{month}.csv": "statement.download",
        f"/settlement/{month}.pdf": "statement.download",
        statement: "statement.view",
        f"{statement}.xlsx": "statement.download",
        f"{statement}.csv": "statement.download",
        "/contracts": "contract.view",
        f"/contracts/{world.merchant.code}": "contract.view",
    }


def forms(world: World) -> dict[str, str]:
    statement = f"/settlement/statements/{world.statement_no}"
    return {
        "/settlement/close": "statement.close",
        f"{statement}/answer": "statement.answer",
        f"{statement}/paid": "statement.pay",
        f"{statement}/invoice": "statement.invoice",
        "/due/batch/paid": "statement.pay",
        "/due/batch/ticked/paid": "statement.pay",
        "/settlement/account": "contract.manage",
        f"/contracts/{world.merchant.code}/account": "contract.manage",
        f"/contracts/{world.merchant.code}/terms": "contract.manage",
        f"/contracts/{world.merchant.code}/terms/1/withdraw": "contract.manage",
    }
