"""What stores deal in, by the codes that are kept."""

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
