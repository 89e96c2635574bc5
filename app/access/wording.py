"""Words for staff, their roles and what they do; edges alone use them."""

from app.access.audit import SYSTEM
from app.access.models import AuditEntry, Role

ROLES = {
    Role.OPERATIONS.value: "商场运营",
    Role.FINANCE.value: "商场财务",
    Role.ADMINISTRATOR.value: "系统管理员",
    Role.AUDITOR.value: "审计（只读）",
    Role.MERCHANT_MANAGER.value: "商户店长",
    Role.CLERK.value: "店员",
}

ERRORS = {
    "sign_in_required": "请先登录",
    "session_expired": "登录已过期，请重新登录",
    "credentials_wrong": "手机号或密码不正确",
    "account_disabled": "账号已停用，请联系管理员",
    "face_forbidden": "您的账号不能登录这里，请确认入口是否正确",
    "store_required": "请先选择门店",
    "password_wrong": "当前密码不正确",
    "password_temporary": "请先设置自己的密码",
    "password_weak": "密码需 8-128 位，同时包含字母和数字，且不能含手机号",
    "nothing_changed": "没有变化，可能同事已经处理，请刷新查看",
    "staff_phone_taken": "该手机号已有员工账号",
    "staff_name_invalid": "请填写姓名（最多 40 个字）",
    "own_account": "不能对自己的账号进行此操作",
}

ACTIONS = {
    "staff.signed_in": "登录",
    "staff.create": "添加员工（命令行）",
    "staff.hired": "添加员工",
    "staff.role_granted": "增加角色",
    "staff.role_revoked": "收回角色",
    "staff.password_changed": "修改自己的密码",
    "staff.password_reset": "重设密码",
    "staff.password_recovered": "凭短信验证码重设密码",
    "staff.switched_off": "停用员工",
    "staff.switched_on": "恢复员工",
    "staff.stood_in_store": "切换门店",
    "clerk.hired": "添加店员",
    "clerk.password_reset": "重设店员密码",
    "clerk.switched_off": "停用店员",
    "clerk.switched_on": "恢复店员",
}

SUBJECTS = {
    "staff.": "员工",
    "clerk.": "店员",
}

NOUNS = {
    "staff": "员工",
}

FACTS = {
    "face": "登录端",
    "role": "角色",
    "place": "范围",
    "stores": "门店",
    "staff.role_id": "角色编号",
}

VALUES = {
    "staff.face": {
        "console": "运营后台",
        "portal": "商户端",
    },
    "staff.role": ROLES,
}


def actor_of(entry: AuditEntry) -> str:
    """Who did what an entry of the audit log tells."""
    return "系统" if entry.actor_kind == SYSTEM.kind else entry.actor_name


def actor_name(kept: str) -> str:
    """The name of whoever made something, as rows keep it."""
    return "系统" if kept == SYSTEM.name else kept
