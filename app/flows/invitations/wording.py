"""Words for what invitations ask of people; edges alone use them."""

CASES = {
    "invitations": {
        "title": "邀请好友疑似作弊",
        "reasons": {
            "self": "{mall}：会员邀请的「好友」与本人同一台设备，或另有线索显示是同一人。待定邀请 {asked} 个。",
            "device": "{mall}：一位会员邀请的 {friends} 位好友同一台设备入会，或共用车牌等。待定邀请 {asked} 个。",
            "phones": "{mall}：一位会员邀请的 {friends} 位好友几天内入会，手机号前八位相同。待定邀请 {asked} 个。",
            "clerk": "{mall}：一位会员邀请的 {friends} 位好友都由同一位店员核销优惠券或收取积分。待定邀请 {asked} 个。",
        },
        "ask": "查看邀请人和好友的资料、消费和到店记录，必要时致电好友核实是否本人入会、本人到店。",
        "follows": "「发放」会按规则给邀请人积分和成长值，仍受当月上限约束，其间已退款的不发；"
        "「不发放」后这些邀请不再有奖励。请在备注里写明依据。",
        "outcomes": {
            "pay": "好友真实，发放奖励",
            "refuse": "邀请不实，不发放奖励",
        },
    },
}
