"""What the console shows of benefits."""

from mall_console.benefits import campaign_terms, campaigns, planning, redemptions
from mall_console.benefits.held import coupons, giving_back
from mall_console.benefits.lists import campaign_list, holders
from mall_console.kit.menu import Group, MenuEntry

BLUEPRINTS = (
    campaign_terms.blueprint,
    campaigns.blueprint,
    planning.blueprint,
    redemptions.blueprint,
    coupons.blueprint,
    giving_back.blueprint,
)
MENU = (
    MenuEntry("优惠活动", "/campaigns", "campaign.view", icon="campaign", group=Group.MEMBERS, position=30),
    MenuEntry("核销记录", "/redemptions", "redemption.list", icon="redeem", group=Group.TRADE, position=2),
)
LISTINGS = (
    campaign_list.CAMPAIGNS,
    redemptions.REDEMPTIONS,
    holders.HOLDERS,
)
