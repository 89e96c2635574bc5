"""Words for malls, merchants and stores; edges alone use them."""

CATEGORIES = {
    "dining": "餐饮",
    "fashion": "服饰",
    "beauty": "美妆",
    "sports": "运动",
    "kids": "亲子",
    "cinema": "影音",
    "digital": "数码",
    "home": "家居",
    "parking": "停车",
    "service": "服务",
    "other": "其他",
}

ERRORS = {
    "colours_unreadable": "这组颜色上的文字看不清（对比度 {contrast}，至少 4.5），请选更深或更浅的颜色",
    "store_conflict": "该门店编号已登记，且内容不同",
    "store_code_taken": "这个门店编号已被使用",
    "merchant_code_taken": "这个商户编号已被使用",
    "merchant_of_others": "商户编号 {merchant_code} 属于其他商场",
}

ACTIONS = {
    "face.change": "修改颜色和口号",
    "mall.open": "开设商场",
    "store.create": "添加门店",
    "store.change": "修改门店",
    "merchant.create": "添加商户",
    "merchant.rename": "商户改名",
}

SUBJECTS = {
    "face.": "商场形象",
    "store.": "门店",
    "merchant.": "商户",
}

NOUNS = {
    "mall": "商场",
    "store": "门店",
    "merchant": "商户",
}

FACTS = {
    "opens_minute": "开门时间",
    "closes_minute": "打烊时间",
    "phone": "电话",
    "about": "介绍",
    "store.floor": "楼层",
    "store.category_code": "业态",
    "store.active": "营业中",
    "accent": "主色",
    "accent_far": "渐变色",
    "slogan": "口号",
}

VALUES = {"store.category_code": CATEGORIES}
