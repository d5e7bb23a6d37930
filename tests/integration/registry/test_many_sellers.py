"""Proposals among very many sellers: found by index, so that the desk does not wait."""

import os
import time

import pytest

from merchants.models import Merchant
from merchants.rules.keys import key_hashes
from merchants.selectors.proposing import candidates
from tests.cases import a_seller
from tests.database import execute

SELLERS = int(os.environ.get("MICROGUARD_SELLERS", "1000000"))
SOON = 0.3  # seconds; the fillers are not committed and not analysed, so the planner knows nothing of them
# Fillers: each seller with a WeChat ID and a nickname, of which the commonest thousands bear.
FILL = (
    """INSERT INTO merchants_merchant (public_key, state, registered_at, registered_by)
    SELECT gen_random_uuid(), 'UNCLAIMED', now(), 'system' FROM generate_series(1, %s)""",
    """INSERT INTO merchants_handle (merchant_id, type, value, value_hash, seen_at, seen_by, seen_in)
    SELECT id, kind, '', md5(id || kind) || md5(kind || id), now(), 'system', 'case/0'
    FROM merchants_merchant, unnest(ARRAY['wechat_id', 'nickname']) AS kind""",
    """INSERT INTO merchants_handlekey (handle_id, key_hash)
    SELECT id, CASE WHEN type = 'nickname' AND round = 1 AND id %% 100 = 0 THEN %s ELSE md5(id || '/' || round) END
    FROM merchants_handle, generate_series(1, 4) AS round""",
    "INSERT INTO merchants_handlesighting (handle_id, seen_in, seen_at, seen_by, withdrawn_by)"
    " SELECT id, 'case/0', now(), 'system', '' FROM merchants_handle",
)


@pytest.mark.drill
def test_a_proposal_is_there_soon_among_a_million_sellers(db: None) -> None:
    common = sorted(key_hashes("nickname", "小王鞋店"))[0]
    execute("SET LOCAL statement_timeout = 0")  # filling takes its time
    for statement, given in zip(FILL, ([SELLERS], None, [common], None), strict=True):
        execute(statement, given)
    shops = [
        a_seller(("wechat_id", f"shoes_{number}"), ("nickname", "小王鞋店"), ("payee_name", f"**{name}"))
        for number, name in enumerate("霖淼鑫焱垚")
    ]

    took = []
    for number, shop in enumerate(shops * 4):
        began = time.perf_counter()
        found = candidates([("wechat_id", f"shoes_{number % 5}x"), ("nickname", "小王鞋店")])
        took.append(time.perf_counter() - began)
        assert shop in [each.merchant for each in found]

    assert Merchant.objects.count() > SELLERS
    assert sorted(took)[int(len(took) * 0.95)] < SOON, took
