"""What the audit log calls thresholds of tags: there are the same for all malls."""

from mall_console.kit import everywhere

NAMES = {"tag_rules": everywhere.name_all}
