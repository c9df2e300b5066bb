"""A scenario's name and a seed -> a log with the truth apart."""

from iolaus.simulate.scenarios import SCENARIOS, Scenario, scenario_of
from iolaus.simulate.simulation import SimulationSummary, simulate_scenario

__all__ = ["SCENARIOS", "Scenario", "SimulationSummary", "scenario_of", "simulate_scenario"]
