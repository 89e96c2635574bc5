"""Words for the business circle; edges alone use them."""

ERRORS = {
    "circle_unknown": "没有商场使用这个商圈商户号",
    "circle_notice_invalid": "商圈通知的内容不合理",
    "circle_notice_conflict": "商圈通知与此前收到的不一致",
    "circle_taken": "这个商圈商户号已被另一家商场使用",
    "circle_shop_number_invalid": "一家门店最多 {most} 个圈店编号，每个不超过 {longest} 个字",
    "circle_shop_taken": "圈店编号 {number} 已对应「{store}」",
}

ACTIONS = {
    "circle.set_up": "设置智慧商圈",
    "circle.name_shops": "设置圈店编号",
}

SUBJECTS = {"circle.": "智慧商圈"}

FACTS = {"mchid": "商户号", "brand_id": "品牌编号", "numbers": "圈店编号"}

# Whether somebody lets WeChat Pay tell of their payments.
AUTHORISATIONS = {"card": "已领卡，未开通积分", "on": "已开通", "off": "已关闭"}
