"""Words for pictures; edges alone use them."""

ERRORS = {
    "picture_unreadable": "这个文件不是可用的图片，请上传 JPG、PNG 或 WebP",
    "picture_too_large": "图片像素太多（上限 {most} 百万像素），请缩小后再上传",
    "picture_too_small": "图片太小，至少需要 {width} × {height} 像素，否则会模糊",
    "picture_not_found": "没有这张图片",
}

ACTIONS = {
    "picture.place": "更换图片",
    "picture.remove": "移除图片",
}

SUBJECTS = {
    "picture.": "图片",
}

FACTS = {
    "slot": "位置",
    "digest": "图片",
}

SLOTS = {
    "logo": "标志",
    "cover": "封面",
    "card": "会员卡",
    "picture": "图片",
}

VALUES = {"picture.slot": SLOTS}
