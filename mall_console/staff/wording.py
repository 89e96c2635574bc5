"""Words for staff; edges alone use them."""

ERRORS = {
    "last_role": "至少保留一个角色；不再任职请停用账号",
}
