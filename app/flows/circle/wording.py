"""Words for what the circle asks people; edges alone use them."""

CASES = {
    "circle_parkings_lost": {
        "title": "停车状态未同步到微信支付",
        "reasons": {
            "given_up": "{day} 有 {cars} 条会员入场、出场状态多次同步失败，系统已停止重试。自动积分可能变慢，不会漏记。"
        },
        "details": {"error": "微信支付返回"},
        "ask": "核对「智慧商圈」里的商圈商户号和品牌编号，品牌要已绑定小程序；设置无误的，联系微信支付服务人员。"
        "改好设置后可以重新同步；停车状态保存 7 天，过期的不再同步。",
        "outcomes": {"try_again": "重新同步", "looked_at": "已核对，不再同步"},
    },
}
