"""Words for restatements; edges alone use them."""

ERRORS = {"too_many_restatements": "已有 {most} 项推算在进行，请等待完成后再试"}
