"""What is sold in the demo's town, what goes wrong with it, and how people tell of it."""

from dataclasses import dataclass

from complaints.states import Channel, PaidBy, Problem, Relationship

Weights = dict[str, int]


@dataclass(frozen=True)
class Trade:
    """One kind of seller: goods, the usual price in yuan, where they are sold, what goes wrong."""

    word: str  # of the seller's handle
    goods: tuple[str, ...]
    usual_yuan: int
    channels: Weights
    problems: Weights


CHATS: Weights = {Channel.PRIVATE_CHAT: 5, Channel.MOMENTS: 4, Channel.GROUP: 2}
LIVE: Weights = {Channel.CHANNELS_LIVE: 5, Channel.WECHAT_SHOP: 2, Channel.GROUP: 1}
SHOPS: Weights = {Channel.MINI_PROGRAM: 3, Channel.WECHAT_SHOP: 3, Channel.MOMENTS: 2, Channel.OTHER_PLATFORM: 1}
GROUPS: Weights = {Channel.GROUP: 6, Channel.MOMENTS: 2, Channel.MINI_PROGRAM: 2}
WEARS_OUT: Weights = {
    Problem.DEFECT: 5,
    Problem.NOT_AS_DESCRIBED: 4,
    Problem.REFUND_REFUSED: 4,
    Problem.NOT_DELIVERED: 2,
    Problem.COUNTERFEIT: 2,
}
EATEN: Weights = {
    Problem.UNSAFE_FOOD: 4,
    Problem.NOT_AS_DESCRIBED: 4,
    Problem.DEFECT: 3,
    Problem.NOT_DELIVERED: 2,
    Problem.REFUND_REFUSED: 1,
}
BRANDED: Weights = {
    Problem.COUNTERFEIT: 5,
    Problem.NOT_AS_DESCRIBED: 3,
    Problem.REFUND_REFUSED: 3,
    Problem.NOT_DELIVERED: 2,
    Problem.DEFECT: 1,
}
GIVEN: Weights = {
    Problem.SERVICE_NOT_GIVEN: 6,
    Problem.REFUND_REFUSED: 4,
    Problem.NOT_AS_DESCRIBED: 2,
    Problem.OTHER: 1,
}

TRADES = (
    Trade("shoes", ("运动鞋", "帆布鞋", "儿童凉鞋", "老爹鞋", "雪地靴"), 159, CHATS, WEARS_OUT),
    Trade("clothes", ("羽绒服", "连衣裙", "针织衫", "牛仔裤", "汉服套装"), 229, LIVE, WEARS_OUT),
    Trade("beauty", ("面霜", "口红套装", "精华液", "防晒霜", "祛痘膏"), 199, CHATS, BRANDED),
    Trade("food", ("手工香肠", "蛋黄酥", "牛肉酱", "自制酵素", "糯米年糕"), 68, GROUPS, EATEN),
    Trade("fruit", ("赣南脐橙", "丹东草莓", "阳光玫瑰葡萄", "大闸蟹礼盒", "土鸡蛋"), 98, GROUPS, EATEN),
    Trade("tea", ("普洱茶饼", "明前龙井", "武夷岩茶", "老白茶", "茉莉花茶"), 398, CHATS, BRANDED),
    Trade("baby", ("婴儿推车", "积木玩具", "纸尿裤", "儿童水杯", "早教机"), 188, SHOPS, WEARS_OUT),
    Trade("phones", ("二手手机", "蓝牙耳机", "智能手表", "平板电脑", "充电宝"), 899, SHOPS, WEARS_OUT),
    Trade("jade", ("翡翠手镯", "和田玉吊坠", "蜜蜡手串", "珍珠项链", "银手链"), 1680, LIVE, BRANDED),
    Trade("bags", ("托特包", "双肩包", "拉杆箱", "真皮钱包", "斜挎包"), 459, CHATS, BRANDED),
    Trade("lessons", ("英语口语课", "健身私教课", "短视频剪辑课", "瑜伽年卡", "书法班"), 1980, SHOPS, GIVEN),
    Trade("homes", ("空调清洗", "搬家服务", "月嫂定金", "婚纱摄影套餐", "家电维修"), 520, GROUPS, GIVEN),
)

# How the buyer knows the seller, and pays, follows from where they met.
MET: dict[str, Weights] = {
    Channel.PRIVATE_CHAT: {
        Relationship.FRIEND_OF_FRIEND: 4,
        Relationship.FRIEND: 2,
        Relationship.AGENT_CUSTOMER: 3,
        Relationship.STRANGER: 2,
    },
    Channel.MOMENTS: {Relationship.FRIEND_OF_FRIEND: 4, Relationship.FRIEND: 2, Relationship.AGENT_CUSTOMER: 4},
    Channel.GROUP: {Relationship.GROUP_MEMBER: 8, Relationship.STRANGER: 1},
    Channel.CHANNELS_LIVE: {Relationship.LIVE_FOLLOWER: 8, Relationship.STRANGER: 2},
    Channel.MINI_PROGRAM: {Relationship.STRANGER: 6, Relationship.GROUP_MEMBER: 1},
    Channel.WECHAT_SHOP: {Relationship.STRANGER: 6, Relationship.LIVE_FOLLOWER: 2},
    Channel.OTHER_PLATFORM: {Relationship.STRANGER: 1},
}
HAND_TO_HAND: Weights = {
    PaidBy.WECHAT_TRANSFER: 6,
    PaidBy.RED_PACKET: 2,
    PaidBy.PAYMENT_CODE: 3,
    PaidBy.ALIPAY: 1,
    PaidBy.BANK: 1,
}
AT_A_COUNTER: Weights = {PaidBy.MINI_SHOP: 8, PaidBy.ALIPAY: 1, PaidBy.PAYMENT_CODE: 1, PaidBy.CASH_ON_DELIVERY: 1}
PAID: dict[str, Weights] = {
    Channel.PRIVATE_CHAT: HAND_TO_HAND,
    Channel.MOMENTS: HAND_TO_HAND,
    Channel.GROUP: HAND_TO_HAND,
    Channel.CHANNELS_LIVE: AT_A_COUNTER,
    Channel.MINI_PROGRAM: AT_A_COUNTER,
    Channel.WECHAT_SHOP: AT_A_COUNTER,
    Channel.OTHER_PLATFORM: AT_A_COUNTER,
}
WITH_ORDER_NUMBER = {PaidBy.MINI_SHOP, PaidBy.ALIPAY}

MET_AT: dict[str, str] = {
    Channel.PRIVATE_CHAT: "加了卖家微信",
    Channel.MOMENTS: "在朋友圈看到广告",
    Channel.GROUP: "在接龙群里",
    Channel.MINI_PROGRAM: "在卖家的小程序里",
    Channel.CHANNELS_LIVE: "在直播间里",
    Channel.WECHAT_SHOP: "在微信小店里",
    Channel.OTHER_PLATFORM: "在别的平台上",
}
OPENINGS = (
    "{month}月{day}日我{met}，花{price}元买了{item}。",
    "{month}月{day}日{met}下单{item}，付了{price}元。",
    "我{met}买{item}，{month}月{day}日转账{price}元。",
    "给家里人买{item}，{month}月{day}日{met}付款{price}元。",
)
HAPPENED: dict[str, tuple[str, ...]] = {
    Problem.NOT_DELIVERED: (
        "说好三天内发货，到现在也没有物流信息。",
        "卖家给的快递单号是别人的，货一直没有到。",
        "催了好几次都说在路上，快递公司查不到这一单。",
    ),
    Problem.DEFECT: (
        "用了两天就坏了，根本没法用。",
        "收到就有裂口，开箱视频都拍下来了。",
        "第二次用就出了毛病，修也修不好。",
    ),
    Problem.NOT_AS_DESCRIBED: (
        "收到的颜色和尺寸跟图片完全不一样。",
        "页面写的材质和实物标签对不上。",
        "说是今年新货，打开一看是去年的。",
    ),
    Problem.COUNTERFEIT: (
        "拿去专柜看，店员说不是正品。",
        "防伪码查出来已经被查过几百次。",
        "做工粗糙，商标的字都印错了一个。",
    ),
    Problem.REFUND_REFUSED: (
        "收到不合适，当天就说要退，卖家不同意。",
        "退回去的货已经签收，钱一直没有退。",
        "说好七天可以退，到要退的时候又改口。",
    ),
    Problem.UNSAFE_FOOD: (
        "打开有异味，吃了一点肚子就不舒服。",
        "包装上没有生产日期，里面已经发霉。",
        "袋子鼓起来了，里面还有头发。",
    ),
    Problem.SERVICE_NOT_GIVEN: (
        "上了一次就没有了，老师也换了。",
        "约好的时间没有人来，改了三次都没有来。",
        "交钱以后一直排不上，说名额满了。",
    ),
    Problem.OTHER: ("多收了钱，发票也不给开。", "答应的赠品一直没有给。"),
}
ANSWERED = (
    "问卖家，卖家说概不退换。",
    "卖家开始还回消息，后来把我拉黑了。",
    "卖家说是快递的问题，跟他没有关系。",
    "卖家只肯退一半，我不同意。",
    "卖家说等厂家回话，一直拖着。",
    "打了几次电话都没有人接。",
    "卖家说我自己弄坏的，不认账。",
)
HOPES = ("希望帮忙把钱要回来。", "请帮我联系卖家处理。", "只想按说好的退款。", "聊天记录和付款截图都留着。", "")
CONTESTED = (
    "发货前都检查过，东西是好的，有视频为证。",
    "买家用过以后才说要退，影响二次销售。",
    "页面写得很清楚，尺寸由买家自己选的。",
    "已经补发过一次，买家没有告诉你们。",
    "收的是定金，事先说好不退的。",
)
QUESTIONS = ("请补充付款的截图，要看得到日期和收款人。", "请写明卖家最后一次回复您的日期和内容。")
GIVEN_INFORMATION = ("截图已经补上，日期是付款当天。", "卖家最后一次回复是付款后第三天，说再等等。")
REFUSALS: dict[str, str] = {
    "NOT_OURS": "这件事属于劳动报酬，不是消费争议，请向劳动部门反映。",
    "HANDLED_ELSEWHERE": "同一件事已经在12315处理，我们不再重复受理。",
    "NOT_FOR_LIVING": "这批货是买来转卖的，不属于生活消费。",
    "TOO_OLD": "付款到现在已经超过三年，超过了可以受理的时间。",
    "MATERIAL_MISSING": "要求补充的付款证明一直没有收到，无法核实。",
}
MESSAGES: dict[str, tuple[str, ...]] = {
    "OFFICE": ("两位好，我来帮你们谈。请先各自说说能接受的底线。", "我看了双方的材料，有几点想核对一下。"),
    "COMPLAINANT": ("我只要求按付款的金额退，运费我可以自己出。", "东西可以寄回去，但是要先退款。"),
    "RESPONDENT": ("可以退一部分，全退我也亏了。", "货寄回来没有问题就退。"),
}
REASONS = (
    "双方对质量各有证据，按使用时间各让一步。",
    "卖家发货有延误，买家也已经使用，折中处理比较公平。",
)
NOTES: dict[str, str] = {
    "NO_AGREEMENT": "方案双方没有都同意，调解终止。",
    "NO_CONSENT": "卖家明确表示不愿意调解。",
    "NO_RESPONSE": "卖家在期限内没有答复，两次联系未果。",
    "TERM_EXPIRED": "调解期限届满，双方未达成一致。",
    "BREACHED": "卖家到期没有付款，买家打算起诉。",
    "CONFIRMED_SOLVED": "回访买家，问题已经解决。",
    "RESCINDED": "买家撤回和解后不再继续。",
    "DECLINED": "进一步核实后不属于我们处理的范围。",
    "PERFORMED": "电话沟通，卖家当场退款。",
}
