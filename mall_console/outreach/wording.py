"""Words for rules of touches; edges alone use them."""

ERRORS = {
    "touch_rule_shared": "触达规则和消息单价由集团的各个商场共用，请由负责所有商场的人修改",
}
