"""Signals can be left out by name, and a scan takes the weights that the environment names."""

from pathlib import Path

import pytest

from iolaus import catalog
from iolaus.errors import InputError, UsageError
from iolaus.fingerprint.content import flow_means, load_weights, no_weights


def test_a_signal_is_left_out_by_name() -> None:
    """The others stay, in their order."""
    whole = [signal.name for signal in catalog.tie_signals()]
    assert [n for n in whole if n != "handover"] == [
        s.name for s in catalog.tie_signals(("handover",))
    ]


def test_every_kind_can_be_left_out() -> None:
    """Pools and innocent causes too; naming all leaves none."""
    names = [signal.name for signal in catalog.signals()]
    assert catalog.pool_signals(names) == () == catalog.innocent_signals(names)


def test_a_name_that_no_signal_has_is_refused() -> None:
    """A typo would otherwise leave in what was to be left out."""
    with pytest.raises(UsageError, match="handovers"):
        catalog.tie_signals(("handovers",))


def test_nothing_is_left_out_by_default() -> None:
    """The twin: no name, no loss."""
    assert len(catalog.tie_signals()) >= len(catalog.TIES)


def test_weights_named_in_the_environment_are_taken(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The reference flows of that folder count, and here it has none."""
    monkeypatch.setenv("IOLAUS_WEIGHTS", str(tmp_path))
    assert flow_means() == {}
    with pytest.raises(InputError, match="content"):
        load_weights()


def test_without_a_name_the_shipped_weights_count(monkeypatch: pytest.MonkeyPatch) -> None:
    """The twin: the package knows something."""
    monkeypatch.delenv("IOLAUS_WEIGHTS", raising=False)
    assert flow_means()
    assert load_weights().known.sum() > no_weights().known.sum()
