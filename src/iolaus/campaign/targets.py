"""A flow's rows beside the population's -> the capability that it is after."""

from __future__ import annotations

import numpy as np
import pyarrow as pa

from iolaus.campaign.traffic import Floats
from iolaus.schema import CAPABILITIES

UNKNOWN = "not known without text"
UNCLEAR = "not told apart from other traffic"
LEAST_LIFT = 0.5  # standard deviations above everybody's mean; less is anybody's mix


def capability_of(flow: pa.Table, population: pa.Table) -> str:
    """
    Return the capability whose score the flow lifts most above everybody else's.

    A plain maximum would call most flows general chat, as it does everybody's. Without scores
    the capability is UNKNOWN, without a lift of half a standard deviation UNCLEAR.
    """
    mine, theirs = _scores(flow), _scores(population)
    if not len(mine):
        return UNKNOWN
    if not len(theirs):
        return CAPABILITIES[int(mine.mean(axis=0).argmax())]
    # One point more than the spread, so that a score nobody ever has does not divide by zero.
    lift = (mine.mean(axis=0) - theirs.mean(axis=0)) / (theirs.std(axis=0) + 1.0)
    best = int(lift.argmax())
    return CAPABILITIES[best] if lift[best] >= LEAST_LIFT else UNCLEAR


def _scores(table: pa.Table) -> Floats:
    column = table["capabilities"].combine_chunks().drop_null()
    return np.asarray(column.flatten(), dtype=np.float64).reshape(-1, len(CAPABILITIES))
