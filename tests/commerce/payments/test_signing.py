from pathlib import Path

import pytest

from commerce.payments.signing import (
    NONCE,
    SIGNATURE,
    TIMESTAMP,
    Forged,
    KeyMissing,
    keep_signer,
    public_key,
    signed_at,
)

PATH, BODY = "/v1/payments/callbacks/sandbox", b'{"id":"evt_1"}'


def test_a_signed_message_is_accepted_and_tells_when_it_was_signed(tmp_path: Path) -> None:
    signer = keep_signer(tmp_path, "theirs")
    headers = signer.headers("POST", PATH, BODY, at=1_700_000_000_000)
    assert signed_at(public_key(tmp_path, "theirs"), "POST", PATH, BODY, headers) == 1_700_000_000_000


def test_the_key_stays_the_same_and_its_private_half_is_the_owners_alone(tmp_path: Path) -> None:
    assert keep_signer(tmp_path, "theirs").public() == keep_signer(tmp_path, "theirs").public()
    assert (tmp_path / "theirs.secret").stat().st_mode & 0o777 == 0o600
    with pytest.raises(KeyMissing):
        public_key(tmp_path, "nobody")


@pytest.mark.parametrize("changed", ["body", "path", "method", "time", "nonce", "signature", "key"])
def test_whatever_is_changed_the_signature_is_no_longer_good(tmp_path: Path, changed: str) -> None:
    headers = keep_signer(tmp_path, "theirs").headers("POST", PATH, BODY)
    key = keep_signer(tmp_path, "another").public() if changed == "key" else public_key(tmp_path, "theirs")
    if changed == "time":
        headers[TIMESTAMP] = str(int(headers[TIMESTAMP]) + 1)
    if changed == "nonce":
        headers[NONCE] = "0" * 32
    if changed == "signature":
        headers[SIGNATURE] = "not base 64"
    with pytest.raises(Forged, match="does not match"):
        signed_at(
            key,
            "PUT" if changed == "method" else "POST",
            "/v1/payments/callbacks/other" if changed == "path" else PATH,
            BODY + b" " if changed == "body" else BODY,
            headers,
        )


@pytest.mark.parametrize("missing", [TIMESTAMP, NONCE, SIGNATURE])
def test_without_a_header_it_is_no_signature(tmp_path: Path, missing: str) -> None:
    headers = keep_signer(tmp_path, "theirs").headers("POST", PATH, BODY)
    del headers[missing]
    with pytest.raises(Forged, match=f"no {missing}"):
        signed_at(public_key(tmp_path, "theirs"), "POST", PATH, BODY, headers)
