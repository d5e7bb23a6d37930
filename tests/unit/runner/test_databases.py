"""The URLs that are derived from a given one."""

import pytest

from microguard.runner.console import Failure
from microguard.runner.databases import application_role, database_name, with_database, with_login


@pytest.mark.parametrize(
    ("owner", "application"),
    [
        ("postgres://postgres@127.0.0.1:5432/complaints", "postgres://c_app:s%2Fx@127.0.0.1:5432/complaints"),
        (
            "postgresql://o:p%40ss@db.example/x?sslmode=require",
            "postgresql://c_app:s%2Fx@db.example/x?sslmode=require",
        ),
        ("postgres://o@%2Frun%2Fpostgresql/x", "postgres://c_app:s%2Fx@%2Frun%2Fpostgresql/x"),
        ("postgres://[::1]:5432/x", "postgres://c_app:s%2Fx@[::1]:5432/x"),
    ],
)
def test_the_application_logs_in_at_the_owners_place(owner: str, application: str) -> None:
    assert with_login(owner, "c_app", "s/x") == application


def test_another_database_on_the_same_server() -> None:
    url = with_database("postgres://o:p@db.example:5433/complaints?sslmode=require", "complaints_tour")
    assert url == "postgres://o:p@db.example:5433/complaints_tour?sslmode=require"


def test_role_names_are_never_cut_by_the_server() -> None:
    assert application_role("complaints") == "complaints_app"
    assert len(application_role("c" * 63)) == 63


def test_a_url_without_a_database_is_refused() -> None:
    assert database_name("postgres://db.example/caf%C3%A9") == "café"
    with pytest.raises(Failure, match="names no database"):
        database_name("postgres://postgres@127.0.0.1:5432")
