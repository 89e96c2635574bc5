"""What the console shows of the audit log."""

from mall_console.audit import audit_log
from mall_console.kit.menu import Group, MenuEntry

BLUEPRINTS = (audit_log.blueprint,)
MENU = (MenuEntry("操作日志", "/audit", "audit.view", icon="audit", group=Group.ADMINISTRATION, position=4),)
LISTINGS = (audit_log.LOG,)
