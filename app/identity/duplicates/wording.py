"""Words for members who may be one person; edges alone use them."""

# What the two have in common.
SIGNS = {
    "phone": "验证过同一个手机号",
    "unionid": "是同一个微信账号（微信平台认定）",
    "card": "导入的同一行里，手机号属于一位，会员卡号属于另一位",
    "birthdate": "姓名和出生年月日都相同",
    "birthday": "姓名和生日（月日）相同",
    "device": "在同一台设备上先后登录过",
    "plate": "绑定或缴费的是同一辆车",
}
# What speaks for two people.
AGAINST = {
    "birthday_differs": "两位填写的生日不同",
}
