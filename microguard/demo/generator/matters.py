"""What a complaint in the demo's town is about: drawn from a seed, in few words, like those of the real buyers."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cache, lru_cache
from itertools import accumulate
from math import exp
from random import Random

from complaints.states import Channel, ClaimKind, ConsentRecipient, PaidBy, Problem, Source
from merchants.states import HandleType
from microguard.demo.generator import trades
from microguard.demo.generator.trades import TRADES, Trade, Weights
from microguard.jurisdictions.divisions import divisions

SURNAMES = "王李张刘陈杨黄赵吴周徐孙马朱胡郭何林高罗"
CHEAPEST_FEN, DEAREST_FEN = 990, 2_000_000
SOURCES: Weights = {
    Source.WEB: 50,
    Source.PHONE: 28,
    Source.WORK_ORDER: 12,
    Source.WINDOW: 6,
    Source.LETTER: 4,
}
# Where the buyers live: most in Shenzhen, many in the other big cities, a few everywhere.
BIG_CITIES: Weights = {
    "440300": 4000,
    **dict.fromkeys(("440100", "441900", "440600"), 500),
    **dict.fromkeys(("110105", "110108", "310115", "310112", "330100", "330700"), 250),
    **dict.fromkeys(("510100", "420100", "320500", "320100", "610100", "410100", "430100"), 150),
}
LAW_SETS_MORE = {Problem.COUNTERFEIT, Problem.UNSAFE_FOOD}
OTHER_WISHES: dict[str, str] = {
    Problem.DEFECT: ClaimKind.REPAIR,
    Problem.NOT_DELIVERED: ClaimKind.RESEND,
    Problem.NOT_AS_DESCRIBED: ClaimKind.EXCHANGE,
}
Wish = tuple[str, int | None, bool]  # kind of claim, fen, as the law sets


def pick(rng: Random, weights: Weights) -> str:
    """Draw one word by its weight."""
    return rng.choices(tuple(weights), tuple(weights.values()))[0]


@dataclass(frozen=True)
class Seller:
    """Somebody who sells in the town: the handles buyers may know, the phone he proves when he comes in."""

    index: int
    trade: Trade
    channel: str
    phone: str
    name: str
    handles: tuple[tuple[str, str], ...]


@lru_cache(maxsize=10_000)
def seller(seed: int, index: int) -> Seller:
    """Return the seller with this place in the town of this seed."""
    rng = Random(f"seller {seed} {index}")  # noqa: S311 - the same town each time, no secret
    trade = rng.choice(TRADES)
    channel = pick(rng, trade.channels)
    phone, name = f"1370000{rng.randrange(10_000):04d}", f"{rng.choice(SURNAMES)}示例"
    handles = [(HandleType.WECHAT_ID.value, f"demo_{trade.word}_{index}")]
    if rng.random() < 0.5:
        handles.append((HandleType.PHONE.value, phone))
    if channel in {Channel.CHANNELS_LIVE, Channel.GROUP}:
        room = HandleType.LIVE_ROOM if channel == Channel.CHANNELS_LIVE else HandleType.GROUP
        handles.append((room.value, f"demo_{trade.word}_room_{index}"))
    return Seller(index, trade, channel, phone, name, tuple(handles))


@dataclass(frozen=True)
class Matter:
    """One purchase that went wrong, as the buyer tells it."""

    seller: Seller
    mentions: tuple[tuple[str, str], ...]
    source: str
    language: str
    buyer: str
    phone: str
    division: str
    channel: str
    relationship: str
    item: str
    amount_fen: int
    paid_date: date
    paid_date_about: bool
    paid_by: str
    order_number: str
    problem: str
    story: str
    minimum_yuan: str
    wishes: tuple[Wish, ...]
    consents: tuple[str, ...]

    @property
    def claimed_fen(self) -> int:
        """The sum of money that is asked for."""
        return sum(fen or 0 for _kind, fen, _law in self.wishes)


def seller_of(rng: Random, *, seed: int, sellers: int) -> Seller:
    """Draw whom a complaint is about: a few sellers get many complaints, most get one."""
    return seller(seed, int(sellers * rng.random() ** 3))


def matter(
    rng: Random, about: Seller, *, filed_at: datetime, new: bool, problem: str = "", source: str = ""
) -> Matter:
    """Draw what a buyer complains of on this day; problem and source only where none is given.

    Of a seller who is `new` to the registry all handles are told, of a known one at least the first.
    """
    trade, channel = about.trade, about.channel
    problem, source = problem or pick(rng, trade.problems), source or pick(rng, SOURCES)
    item, amount_fen = rng.choice(trade.goods), _price(rng, trade)
    paid = filed_at.date() - timedelta(days=1 + int(rng.expovariate(1 / 9)))
    paid_by = pick(rng, trades.PAID[channel])
    ordered = paid_by in trades.WITH_ORDER_NUMBER
    web = source == Source.WEB
    told = len(about.handles) if new else 1 + int(rng.random() * len(about.handles))
    return Matter(
        seller=about,
        mentions=about.handles[:told],
        source=source,
        language="en" if web and rng.random() < 0.04 else "zh-hans",
        buyer=f"{rng.choice(SURNAMES)}示例",
        phone=f"1360000{rng.randrange(10_000):04d}",
        division=_division(rng),
        channel=channel,
        relationship=pick(rng, trades.MET[channel]),
        item=item,
        amount_fen=amount_fen,
        paid_date=paid,
        paid_date_about=rng.random() < 0.1,
        paid_by=paid_by,
        order_number=f"demo{rng.randrange(10**12):012d}" if ordered and rng.random() < 0.7 else "",
        problem=problem,
        story=_story(rng, channel, item, amount_fen, paid, problem),
        minimum_yuan=f"{amount_fen * 7 // 1000}.00" if web and rng.random() < 0.4 else "",
        wishes=tuple(_wishes(rng, problem, amount_fen, paid_by)),
        consents=tuple(_consents(rng)) if web else (),
    )


def _price(rng: Random, trade: Trade) -> int:
    """Draw what was paid, in fen: log-normal around the usual price, at a price that sellers like to write."""
    yuan = int(trade.usual_yuan * exp(rng.gauss(0, 0.7)))
    ending = rng.choice((0, 0, 90, 90, 50, 99))
    return min(max(yuan * 100 + ending, CHEAPEST_FEN), DEAREST_FEN)


@cache
def _places() -> tuple[tuple[str, ...], tuple[int, ...]]:
    """Return the codes of all cities and districts, and their running weights."""
    codes = tuple(division.code for division in divisions().values() if division.province)
    return codes, tuple(accumulate(BIG_CITIES.get(code, 10) for code in codes))


def _division(rng: Random) -> str:
    codes, weights = _places()
    return rng.choices(codes, cum_weights=weights)[0]


def _story(rng: Random, channel: str, item: str, amount_fen: int, paid: date, problem: str) -> str:
    opening = rng.choice(trades.OPENINGS).format(
        month=paid.month, day=paid.day, met=trades.MET_AT[channel], price=amount_fen // 100, item=item
    )
    parts = (trades.HAPPENED[problem], trades.ANSWERED, trades.HOPES)
    return opening + "".join(rng.choice(phrases) for phrases in parts)


def _wishes(rng: Random, problem: str, amount_fen: int, paid_by: str) -> Iterable[Wish]:
    sent = problem not in {Problem.NOT_DELIVERED, Problem.SERVICE_NOT_GIVEN}
    if problem in OTHER_WISHES and rng.random() < 0.12:
        yield OTHER_WISHES[problem], None, False
    else:
        back = sent and paid_by != PaidBy.CASH_ON_DELIVERY and rng.random() < 0.6
        yield ClaimKind.RETURN_AND_REFUND if back else ClaimKind.REFUND, amount_fen, False
    if problem in LAW_SETS_MORE and rng.random() < 0.6:
        yield ClaimKind.COMPENSATION, None, True
    if rng.random() < 0.08:
        yield ClaimKind.APOLOGY, None, False


def _consents(rng: Random) -> Iterable[str]:
    if rng.random() < 0.7:
        yield ConsentRecipient.PLATFORM
    if rng.random() < 0.85:
        yield ConsentRecipient.REGULATOR
    yield ConsentRecipient.SELLER
