"""Entrances: the list with its traffic, making one, its codes and posters, switching it off and on."""

from collections.abc import Callable
from datetime import datetime

from flask import Blueprint, Response, flash, render_template
from flask.typing import ResponseReturnValue

from app.benefits.campaigns import queries as campaign_queries
from app.benefits.grants import grants, offering
from app.entrances import entrances, wording
from app.entrances import queries as entrance_queries
from app.entrances.models import Entrance
from app.insights.entrances import queries as funnel_queries
from app.kernel import clock
from app.malls import queries as malls
from app.pictures import queries as pictures
from app.web import context, terms
from app.web.forms import fields, forms
from app.web.pages import pages
from app.workers import entrance_codes
from mall_console.entrances import funnel_lists, listings, poster
from mall_console.entrances.poster import Benefit, Poster
from mall_console.kit import stores
from mall_console.kit.listing import views
from mall_console.kit.shares import FEW
from mall_console.kit.workspace import Workspace, mall_required

blueprint = Blueprint("entrances", __name__, url_prefix="/entrances", template_folder="templates")

POINTS = Benefit("消费攒积分", ("在会员门店消费即积分", "停车缴费时可抵扣"))
_WEEKS_SHOWN = 8
_AWAY = "微信平台暂时没有响应，入口码已保存，请稍后点「重新获取」"


class NewEntrance(forms.Form):
    """A new entrance."""

    kind = fields.Choice("位置类型", wording.KINDS)
    name = fields.Text("入口名称", most=30, hint="写清位置，例如「3 号电梯屏」；会印在海报角落，也显示在入会页上")
    headline = fields.Text(
        "主标语",
        most=40,
        hint="海报和入会页上最大的一句话：扫了能得到什么",
        placeholder="电梯到之前，先领 2 小时停车券",
    )
    store = fields.Maybe(fields.Raw("所属门店", most=30, hint="门店导购码、等位区码选门店，入会会算在它名下"))

    def facts(self) -> dict[str, str]:
        """The values by the names that verbs and the audit log know."""
        return {"kind": self.kind, "name": self.name, "headline": self.headline}


class Headline(forms.Form):
    """What an entrance says."""

    headline = NewEntrance.headline


@blueprint.get("")
@mall_required("entrance.view")
def page(workspace: Workspace) -> ResponseReturnValue:
    """The mall's entrances with their traffic, the newest first."""
    return views.page(listings.ENTRANCES, workspace, "entrances")


@blueprint.get("/scans")
@mall_required("entrance.view")
def scans_page(workspace: Workspace) -> ResponseReturnValue:
    """Every opening, joined or not."""
    return views.page(listings.SCANS, workspace, "scans")


@blueprint.get("/new")
@mall_required("entrance.manage")
def new_page(workspace: Workspace) -> ResponseReturnValue:
    """The form for a new entrance."""
    return render_template("console/entrance_new.html", form=NewEntrance, stores=stores.options(workspace))


@blueprint.post("")
@mall_required("entrance.manage")
def create(workspace: Workspace) -> ResponseReturnValue:
    """Make an entrance, then ask the platform for its code."""
    form = NewEntrance.read()
    store = stores.find_chosen(workspace, NewEntrance.store, form.store)
    store_id = store.id if store else None

    def act() -> str:
        now = clock.now()
        made = entrances.create(
            mall_id=workspace.mall.id,
            store_id=store_id,
            created_by=workspace.who.name,
            now=now,
            kind=form.kind,
            name=form.name,
            headline=form.headline,
        )
        workspace.record("entrance.create", f"entrance:{made.id}", now=now, facts=form.facts(), store_id=store_id)
        pages.say(f"入口码「{made.name}」已创建")
        return f"{workspace.base}/entrances/{made.id}"

    answer = pages.submit(workspace.who, form.typed(), act)
    _fetch(workspace, int(answer.headers["Location"].rsplit("/", 1)[-1]))
    return answer


@blueprint.get("/<int:entrance_id>")
@mall_required("entrance.view")
def entrance_page(workspace: Workspace, entrance_id: int) -> ResponseReturnValue:
    """One entrance: codes, poster, traffic."""
    entrance = _get(workspace, entrance_id)
    [counted] = entrance_queries.count_traffic([entrance], today=clock.business_date(clock.now()))
    return render_template(
        "console/entrance.html",
        entrance=entrance,
        counted=counted,
        kinds=wording.KINDS,
        store=malls.get_store(entrance.store_id) if entrance.store_id else None,
        code=entrance_queries.find_code(entrance_id),
        way=entrance_queries.find_contact_way(entrance_id),
        join_url=_join_url(entrance.scene),
        weeks=funnel_queries.list_weeks_of(entrance, limit=_WEEKS_SHOWN),
        share_text=funnel_lists.share_text,
        few=FEW,
        form=Headline,
    )


@blueprint.get("/<int:entrance_id>/code")
@mall_required("entrance.view")
def code_picture(workspace: Workspace, entrance_id: int) -> ResponseReturnValue:
    """The platform's picture as it came."""
    code = entrance_queries.find_code(_get(workspace, entrance_id).id)
    if code is None:
        return Response(status=404)
    return Response(code.image, mimetype=code.media_type)


@blueprint.get("/<int:entrance_id>/poster.png")
@mall_required("entrance.view")
def poster_png(workspace: Workspace, entrance_id: int) -> ResponseReturnValue:
    """The poster as a picture: A4 at 300 dpi."""
    drawn = _poster(workspace, _get(workspace, entrance_id))
    picture = poster.as_png(drawn)
    return pages.download(lambda out: out.write(picture), name=_file_name(drawn, "png"), mimetype="image/png")


@blueprint.get("/<int:entrance_id>/poster.pdf")
@mall_required("entrance.view")
def poster_pdf(workspace: Workspace, entrance_id: int) -> ResponseReturnValue:
    """The poster for the printer: A4 with vectors."""
    drawn = _poster(workspace, _get(workspace, entrance_id))
    document = poster.as_pdf(drawn)
    return pages.download(lambda out: out.write(document), name=_file_name(drawn, "pdf"), mimetype="application/pdf")


@blueprint.post("/<int:entrance_id>/code")
@mall_required("entrance.manage")
def fetch_code(workspace: Workspace, entrance_id: int) -> ResponseReturnValue:
    """Ask the platform for the mini-program code again; what has come already stays."""
    _get(workspace, entrance_id)
    is_known = entrance_queries.find_code(entrance_id) is not None
    has_come = _fetch(workspace, entrance_id)

    def act() -> str:
        if has_come:
            if not is_known:
                _note(workspace, "entrance.fetch_code", entrance_id, clock.now())
            pages.say("小程序码已获取")
        return f"{workspace.base}/entrances/{entrance_id}"

    return pages.submit(workspace.who, {}, act)


@blueprint.post("/<int:entrance_id>/contact-way")
@mall_required("entrance.manage")
def make_contact_way(workspace: Workspace, entrance_id: int) -> ResponseReturnValue:
    """Ask WeCom for a contact code whose contacts carry this entrance's scene."""
    scene = _get(workspace, entrance_id).scene
    is_known = entrance_queries.find_contact_way(entrance_id) is not None
    has_come = entrance_codes.make_contact_way(context.gateway().wecom, entrance_id, scene)
    if not has_come:
        flash("企业微信暂时没有响应，请稍后再试", "refused")

    def act() -> str:
        if has_come:
            if not is_known:
                _note(workspace, "entrance.make_contact_way", entrance_id, clock.now())
            pages.say("企业微信联系码已生成")
        return f"{workspace.base}/entrances/{entrance_id}"

    return pages.submit(workspace.who, {}, act)


@blueprint.post("/<int:entrance_id>/headline")
@mall_required("entrance.manage")
def reword(workspace: Workspace, entrance_id: int) -> ResponseReturnValue:
    """Let the poster and the page of joining say something else from now on."""
    _get(workspace, entrance_id)
    form = Headline.read()

    def act() -> str:
        entrance = _get(workspace, entrance_id)
        before = entrances.reword(entrance, form.headline)
        if before is None:
            pages.say("主标语没有变化")
        else:
            facts = {"headline": form.headline, "headline_before": before}
            workspace.record("entrance.reword", f"entrance:{entrance_id}", now=clock.now(), facts=facts)
            pages.say(f"「{entrance.name}」的主标语已修改，入会页立即生效；已张贴的海报请重新下载打印")
        return f"{workspace.base}/entrances/{entrance_id}"

    return pages.submit(workspace.who, {"entrance": entrance_id, **form.typed()}, act)


@blueprint.post("/<int:entrance_id>/off")
@mall_required("entrance.manage")
def switch_off(workspace: Workspace, entrance_id: int) -> ResponseReturnValue:
    """Let the code lead to the main entrance from now on."""
    said = "「{}」已停用，扫码的顾客会从主入口入会，仍计在这个入口名下"
    return _switch(workspace, entrance_id, "entrance.switch_off", entrances.switch_off, said=said)


@blueprint.post("/<int:entrance_id>/on")
@mall_required("entrance.manage")
def switch_on(workspace: Workspace, entrance_id: int) -> ResponseReturnValue:
    """Let the code work again."""
    return _switch(workspace, entrance_id, "entrance.switch_on", entrances.switch_on, said="「{}」已恢复")


def _switch(
    workspace: Workspace, entrance_id: int, action: str, change: Callable[[Entrance], bool], *, said: str
) -> ResponseReturnValue:
    def act() -> str:
        entrance = _get(workspace, entrance_id)
        if change(entrance):
            _note(workspace, action, entrance_id, clock.now())
        pages.say(said.format(entrance.name))
        return f"{workspace.base}/entrances/{entrance_id}"

    return pages.submit(workspace.who, {}, act)


def _get(workspace: Workspace, entrance_id: int) -> Entrance:
    return entrance_queries.get_entrance(entrance_id, visible=workspace.condition("entrance.view", Entrance.mall_id))


def _fetch(workspace: Workspace, entrance_id: int) -> bool:
    """Get the mini-program code, or say that it is still to come."""
    scene = _get(workspace, entrance_id).scene
    has_come = entrance_codes.fetch_mini_code(context.gateway().mini, entrance_id, scene)
    if not has_come:
        flash(_AWAY, "refused")
    return has_come


def _note(workspace: Workspace, action: str, entrance_id: int, now: datetime) -> None:
    workspace.record(action, f"entrance:{entrance_id}", now=now)


def _join_url(scene: str) -> str:
    return f"{context.settings().public_url}/h5/?scene={scene}"


def _poster(workspace: Workspace, entrance: Entrance) -> Poster:
    code = entrance_queries.find_code(entrance.id)
    shown = pictures.shown_by("mall", workspace.mall.id)
    return Poster(
        mall=workspace.mall.name,
        accent=workspace.mall.accent,
        headline=entrance.headline,
        benefits=[*_offered(workspace.mall.id), POINTS],
        code=code.image if code else None,
        join_url=_join_url(entrance.scene),
        entrance=entrance.name,
        scene=entrance.scene,
        logo=_picture(shown["logo"], 384),
        cover=_picture(shown["cover"], 960),
    )


def _picture(digest: str | None, width: int) -> bytes | None:
    return pictures.get_image(digest, width).content if digest else None


def _offered(mall_id: int) -> list[Benefit]:
    campaigns = offering.list_available(mall_id, trigger=grants.JOIN, now=clock.now())
    stores = campaign_queries.list_stores([campaign.id for campaign in campaigns if not campaign.all_stores])
    return [Benefit(one.title, terms.in_print(one, stores.get(one.id, []))) for one in campaigns]


def _file_name(drawn: Poster, suffix: str) -> str:
    return f"{drawn.mall}-{drawn.entrance}-海报.{suffix}"
