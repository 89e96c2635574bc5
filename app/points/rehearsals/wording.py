"""Words for rehearsals; edges alone use them."""

ERRORS = {
    "too_many_rehearsals": "已有 {most} 项推演在进行，请等待完成后再试",
    "earning_rules_not_rehearsed": "推演还没有完成，完成后才能发布",
}
