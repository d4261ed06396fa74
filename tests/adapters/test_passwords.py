from argon2 import PasswordHasher

from diglot.adapters.passwords import Argon2


def test_a_password_is_known_again() -> None:
    hasher = Argon2()
    hashed = hasher.hash("correct horse battery")
    assert hashed.startswith("$argon2id$v=19$m=19456,t=2,p=1$")
    assert hashed != hasher.hash("correct horse battery")
    assert hasher.matches(hashed, "correct horse battery")
    assert not hasher.matches(hashed, "correct horse batterz")
    assert not hasher.is_outdated(hashed)


def test_what_is_no_hash_matches_nothing() -> None:
    assert not Argon2().matches("", "")
    assert not Argon2().matches("$argon2id$v=19$m=19456,t=2,p=1$x", "x")


def test_a_hash_of_other_costs_is_known_and_told_of() -> None:
    old = PasswordHasher(time_cost=1, memory_cost=64, parallelism=1).hash("correct horse battery")
    assert Argon2().matches(old, "correct horse battery")
    assert Argon2().is_outdated(old)
