"""What `import iolaus` offers is there when asked for, and the very thing it is elsewhere."""

from __future__ import annotations

import pytest

import iolaus
from iolaus import errors, schema
from iolaus.pipeline import scan


def test_door_leads_to_the_things_themselves() -> None:
    """A name from the door is the object in its own room, not a copy."""
    assert iolaus.scan is scan
    assert iolaus.Report is schema.Report
    assert iolaus.UsageError is errors.UsageError


def test_every_error_and_every_record_is_at_the_door() -> None:
    """Whoever catches an error or names a record's type needs no other import."""
    trees = [errors.IolausError]
    while trees:
        kind = trees.pop()
        assert kind.__name__ in iolaus.__all__
        trees += [k for k in kind.__subclasses__() if k.__module__ == "iolaus.errors"]
    records = {n for n, v in vars(schema).items() if hasattr(v, "__dataclass_fields__")}
    assert records <= set(iolaus.__all__)


def test_unknown_name_is_no_attribute() -> None:
    """A slip of the pen fails as it does with any module."""
    with pytest.raises(AttributeError, match="scam"):
        iolaus.scam  # noqa: B018 - asking is the test
    assert "scan" in dir(iolaus)
