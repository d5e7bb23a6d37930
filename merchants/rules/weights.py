"""The weights of the matching engine: natural logarithms of odds, from what is known of the trade.

They are guesses to start from. What a batch itself shows of shared handles, slips and rare names replaces them
(`merchants/rules/learning.py`).
"""

LINK = 1.7  # log odds from which two pictures with a handle in common are proposed to show one seller
LINK_BY_NAMES = 1.6  # the same where only names, places and groups connect them
LINK_IN_DOUBT = 0.0  # the same at the end, when the batch as a whole is sure enough
DOUBT = 0.025  # of all pairs, so many at most may have to be expected to be false where names joined them
MARGIN = 1.8  # by so much the best of several sellers that exclude one another has to be ahead
EXCLUSIVE = -2.0  # more than one new number, one other name or one other place, each of which one seller may have
FEWEST_SELLERS = 200  # a small batch does not mean that there are few sellers in the world
MOST_BY_NAMES = 4.0  # log odds; names, places and groups alone never make it surer than this

# Log odds that a handle of this type in common means one seller, when nothing else is known.
STRONG = {
    "wechat_id": 6.0,
    "alipay": 3.2,
    "phone": 2.7,
    "bank_account": 2.7,
    "shop_link": 2.5,
    "payment_qr": 2.4,
}
# The same if the two differ by one slip of the finger.
SLIP = {"confused": 2.9, "letter": 1.6, "digit": 0.4, "two": -0.5}
MASKED_PHONE = 2.2  # a number of which seven digits are legible
LONG_SLIP = 2.4  # random tokens and phone numbers of the wrong length are not met by chance
# Log of how much rarer a difference is within one seller: many have a second account, a new number, several codes.
DIFFERENT = {
    "wechat_id": -2.1,
    "alipay": -1.3,
    "phone": -1.6,
    "bank_account": -0.8,
    "shop_link": -0.7,
    "payment_qr": -0.9,
}
SEEN_TWICE = 1.4  # a difference weighs more when both values were seen more than once: neither is a slip
EACH_FURTHER = 0.5  # and by so much of itself with every account beyond the second: nobody has ten WeChat IDs
MOST_TO_SPELL_OUT = 20  # accounts of two pictures that are still compared sign by sign
DIFFERENT_NAMES = {"nickname": -1.9, "payee_name": -2.2, "province": -1.6, "city": -0.9}
# What relatives have in common anyway: their brand, the payee of their code, their place.
NAMES_OF_RELATIVES, NEAR_NAMES_OF_RELATIVES, PAYEE_OF_RELATIVES, PLACE_OF_RELATIVES = 2.0, 1.0, 1.0, 0.3
ONLY_NEAR = (
    1.5  # a nickname within another may be a decorated one, or two words of which the shop next door has one
)
PAID_THROUGH = ("payment_qr", "alipay", "bank_account")  # a payee's name belongs to these: it adds nothing to them
GATHERINGS = ("group", "live_room", "parcel_sender")  # many sellers meet there or send from there
MOST_BY_GATHERING = 3.0
CHARACTER_OF_NAME = {"first": 0.05, "last": 0.03}  # share of payees with one surname, one character of given names
SHARE_OF_PLACE = {2: 0.06, 4: 0.01, 6: 0.003}
FIRST_GUESS = 30  # so many observations the shares above are worth
SHARED_BY = 5  # sellers that a handle counts for which a person marked as shared
