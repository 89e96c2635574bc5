"""The consent ledger of subscribe messages: one accepted dialog, one message; and the events it raises."""

from typing import Any

from sandbox.kit.errors import ApiError
from sandbox.kit.world import World
from sandbox.people import people
from sandbox.wechat.push import post_event
from sandbox.wechat.templates_registry import find

ANSWERS = ("accept", "reject")
MOST_PER_DIALOG = 3


def answer_dialog(here: World, person_id: str, results: dict[str, Any], *, remember: bool = False) -> dict[str, str]:
    """A person answers the dialog for up to three templates; the answer as the mini-program gets it.

    A remembered answer is given without asking; each `accept`, asked or remembered, adds one message.
    Raises ApiError for unknown templates, other answers, more than three.
    """
    person = people.get(here.store, person_id)
    if not 1 <= len(results) <= MOST_PER_DIALOG:
        raise ApiError(422, "templates_invalid", "requestSubscribeMessage:fail 20003")
    for template_id, answer in results.items():
        if find(here.store, "mini", template_id) is None:
            raise ApiError(422, "template_unknown", "requestSubscribeMessage:fail 20001")
        if answer not in ANSWERS:
            raise ApiError(422, "answer_invalid", "accept or reject")
    with here.store.transaction():
        final = {t: _record(here, person["mini_openid"], t, str(a), remember) for t, a in results.items()}
    items = [_item(t, a) for t, a in final.items()]
    post_event(here, person["mini_openid"], "subscribe_msg_popup_event", {"SubscribeMsgPopupEvent": items})
    return final


def _record(here: World, openid: str, template_id: str, answer: str, remember: bool) -> str:
    row = here.store.one("SELECT * FROM consents WHERE openid = ? AND template_id = ?", openid, template_id)
    answer = (row["remembered"] if row else None) or answer
    kept = answer if remember else (row["remembered"] if row else None)
    here.store.write(
        "INSERT INTO consents (openid, template_id, credits, remembered) VALUES (?, ?, ?, ?) "
        "ON CONFLICT DO UPDATE SET credits = credits + excluded.credits, remembered = excluded.remembered",
        openid,
        template_id,
        int(answer == "accept"),
        kept,
    )
    return answer


def _item(template_id: str, answer: str) -> dict[str, object]:
    return {"TemplateId": template_id, "SubscribeStatusString": answer, "PopupScene": 0}


def forget(here: World, person_id: str, template_id: str) -> None:
    """The person switches a template off in the settings: nothing remembered, nothing left; raises the change event."""
    person = people.get(here.store, person_id)
    sql = "UPDATE consents SET credits = 0, remembered = NULL WHERE openid = ? AND template_id = ?"
    if here.store.write(sql, person["mini_openid"], template_id):
        item = {"TemplateId": template_id, "SubscribeStatusString": "reject"}
        post_event(here, person["mini_openid"], "subscribe_msg_change_event", {"SubscribeMsgChangeEvent": [item]})


def consume(here: World, openid: str, template_id: str) -> bool:
    """Use one consent up; False when there is none left."""
    sql = "UPDATE consents SET credits = credits - 1 WHERE openid = ? AND template_id = ? AND credits > 0"
    return here.store.write(sql, openid, template_id) == 1


def listed(here: World, person_id: str) -> list[dict[str, Any]]:
    """Every template of the mini-program with a person's credits and remembered answer."""
    person = people.get(here.store, person_id)
    rows = here.store.all(
        "SELECT t.id, t.title, coalesce(c.credits, 0) AS credits, c.remembered FROM templates t "
        "LEFT JOIN consents c ON c.template_id = t.id AND c.openid = ? WHERE t.app = 'mini' ORDER BY t.rowid",
        person["mini_openid"],
    )
    return [dict(row) for row in rows]
