"""Words for rehearsals of ladders; edges alone use them."""

ERRORS = {
    "too_many_tier_rehearsals": "已有 {most} 项推演在进行，请等待完成后再试",
    "tier_ladder_not_rehearsed": "推演还没有完成，完成后才能发布",
}

FACTS = {"tier.would_rise": "当天升级人数"}
