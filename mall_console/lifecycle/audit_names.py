"""What the audit log calls rules of the stages: there are the same for all malls."""

from mall_console.kit import everywhere

NAMES = {"lifecycle_rules": everywhere.name_all}
