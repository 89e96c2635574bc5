"""Every page of a mall's console with the permission it needs, and every form with a body that would be accepted."""

from tests.builders.console import World


def pages(world: World) -> dict[str, str]:
    """Address → permission, for every address that is read."""
    statement = f"/settlement/statements/{world.statement_no}"
    month = f"{world.statement_no[2:6]}-{world.statement_no[6:8]}"
    message = f"/messages/{world.message.member_id}-{world.message.id}"
    found = {
        "": "overview.view",
        "/points": "overview.view",
        "/members": "member.view",
        f"/members/{world.member.public_id}": "member.view",
        f"/members/{world.member.public_id}?tab=coupons": "member.view",
        f"/members/{world.member.public_id}?tab=points": "member.view",
        f"/members/{world.member.public_id}?tab=growth": "member.view",
        "/entrances": "entrance.view",
        "/entrances/scans": "entrance.view",
        "/entrances/new": "entrance.manage",
        f"/entrances/{world.entrance.id}": "entrance.view",
        f"/entrances/{world.entrance.id}/poster.png": "entrance.view",
        f"/entrances/{world.entrance.id}/poster.pdf": "entrance.view",
        "/campaigns": "campaign.view",
        "/campaigns/grants": "campaign.view",
        "/campaigns/new": "campaign.manage",
        f"/campaigns/{world.campaign.public_id}": "campaign.view",
        "/messages": "message.view",
        message: "message.view",
        "/messages/rules": "message.view",
        "/parking": "parking.view",
        "/parking/payments": "parking.view",
        "/parking/tariffs": "parking.view",
        "/parking/car-parks": "parking.view",
        f"/parking/car-parks/{world.car_park.code}": "parking.view",
        "/parking/new": "parking.manage",
        "/purchases": "purchase.view",
        "/purchases/inbox": "purchase.view",
        "/redemptions": "redemption.list",
        "/settlement": "statement.view",
        "/settlement/close": "statement.close",
        f"/settlement/{month}": "statement.view",
        f"/settlement/{month}.xlsx": "statement.download",
        f"/settlement/{month}.csv": "statement.download",
        statement: "statement.view",
        f"{statement}.xlsx": "statement.download",
        f"{statement}.csv": "statement.download",
        "/contracts": "contract.view",
        f"/contracts/{world.merchant.code}": "contract.view",
        "/stores": "store.view",
        "/stores/new": "store.manage",
        f"/stores/{world.store.code}": "store.view",
        "/stores/merchants": "store.view",
        "/staff": "staff.view",
        "/staff/new": "staff.manage",
        f"/staff/{world.clerk.public_id}": "staff.view",
        "/machines": "machine.view",
        "/machines/new": "machine.manage",
        "/audit": "audit.view",
    }
    return found


def forms(world: World) -> dict[str, str]:
    """Address → permission, for every address that is posted to."""
    statement = f"/settlement/statements/{world.statement_no}"
    entrance, campaign = f"/entrances/{world.entrance.id}", f"/campaigns/{world.campaign.public_id}"
    car_park = f"/parking/car-parks/{world.car_park.code}"
    person, machine = f"/staff/{world.clerk.public_id}", f"/machines/{world.machine.client_id}"
    return {
        "/members/search": "member.view",
        f"/members/{world.member.public_id}/phone": "member.contact",
        "/entrances": "entrance.manage",
        f"{entrance}/code": "entrance.manage",
        f"{entrance}/contact-way": "entrance.manage",
        f"{entrance}/off": "entrance.manage",
        f"{entrance}/on": "entrance.manage",
        "/campaigns": "campaign.manage",
        "/campaigns/grants": "campaign.manage",
        f"{campaign}/pause": "campaign.manage",
        f"{campaign}/resume": "campaign.manage",
        "/messages/rules": "message.manage",
        "/messages/rules/1/withdraw": "message.manage",
        "/parking/tariffs": "parking.manage",
        f"/parking/tariffs/{world.car_park.code}/1/withdraw": "parking.manage",
        "/parking/car-parks": "parking.manage",
        car_park: "parking.manage",
        f"{car_park}/secret": "parking.manage",
        f"{car_park}/off": "parking.manage",
        f"{car_park}/on": "parking.manage",
        "/settlement/close": "statement.close",
        f"{statement}/answer": "statement.answer",
        f"{statement}/paid": "statement.pay",
        f"/contracts/{world.merchant.code}/terms": "contract.manage",
        f"/contracts/{world.merchant.code}/terms/1/withdraw": "contract.manage",
        "/stores": "store.manage",
        f"/stores/{world.store.code}": "store.manage",
        "/stores/merchants": "store.manage",
        f"/stores/merchants/{world.merchant.code}": "store.manage",
        "/staff": "staff.manage",
        f"{person}/roles": "staff.manage",
        f"{person}/roles/1/off": "staff.manage",
        f"{person}/password": "staff.manage",
        f"{person}/off": "staff.manage",
        f"{person}/on": "staff.manage",
        "/machines": "machine.manage",
        f"{machine}/secret": "machine.manage",
        f"{machine}/off": "machine.manage",
        f"{machine}/on": "machine.manage",
    }
