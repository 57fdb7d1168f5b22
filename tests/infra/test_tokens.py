import time

import pytest

from infra.tokens import TokenExpired, TokenInvalid, Tokens


def test_claims_come_back() -> None:
    tokens = Tokens("s")
    assert tokens.verify("play", tokens.sign("play", {"program": "prg_1"}, 60))["program"] == "prg_1"


def test_a_token_of_another_purpose_is_refused() -> None:
    tokens = Tokens("s")
    with pytest.raises(TokenInvalid):
        tokens.verify("session", tokens.sign("play", {}, 60))


def test_a_token_of_another_secret_is_refused() -> None:
    with pytest.raises(TokenInvalid):
        Tokens("s").verify("play", Tokens("t").sign("play", {}, 60))


def test_an_old_token_is_refused_as_expired() -> None:
    tokens = Tokens("s")
    with pytest.raises(TokenExpired):
        tokens.verify("play", tokens.sign("play", {}, -1))


def test_a_token_known_to_be_good_is_refused_once_its_time_is_over_and_for_another_purpose() -> None:
    tokens = Tokens("s")
    token = tokens.sign("play", {}, 1.5)
    assert tokens.verify("play", token) == tokens.verify("play", token)
    with pytest.raises(TokenInvalid):
        tokens.verify("session", token)
    patience = time.monotonic() + 5
    with pytest.raises(TokenExpired):
        while time.monotonic() < patience:
            tokens.verify("play", token)
            time.sleep(0.02)


@pytest.mark.parametrize("junk", ["", "a", "a.b.c", "x" * 5000, "é.é.é"])
def test_junk_is_refused(junk: str) -> None:
    with pytest.raises(TokenInvalid):
        Tokens("s").verify("play", junk)


def test_an_unsigned_token_is_refused() -> None:
    with pytest.raises(TokenInvalid):
        Tokens("s").verify("play", "eyJhbGciOiJub25lIn0.e30.")


def test_sealed_secrets_open_with_the_same_secret_only() -> None:
    sealed = Tokens("s").seal("key")
    assert Tokens("s").unseal(sealed) == "key"
    with pytest.raises(TokenInvalid):
        Tokens("t").unseal(sealed)
