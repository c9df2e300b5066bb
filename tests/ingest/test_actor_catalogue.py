"""The catalogue of actors: read as it is meant, or refused with the entry that is wrong."""

from __future__ import annotations

import json
from pathlib import Path

import pyarrow as pa
import pytest

from iolaus.errors import InputError
from iolaus.ingest.actor_catalogue import INDICATORS, read_actors
from iolaus.ingest.pseudonyms import Pseudonyms

KEY = b"a key that only this test knows."
HASHED = Pseudonyms(KEY)
WHOLE = {
    "name": "Pool of March",
    "note": "seen twice",
    "payments": [" wallet-77 "],
    "devices": ["d-1"],
    "phones": ["+1 (555) 0100"],
    "email_domains": ["ops@Mail.example"],
    "organizations": ["Front Ltd"],
    "addresses": ["198.51.100.7", "198.51.100.0/24", "2001:db8:7::/48"],
    "asns": [64501],
    "countries": ["sg"],
    "agents": ["harvest/2.1", {"agent": "harvest/2.1", "tls": "t13d"}],
    "scripts": ["cjk"],
    "templates": ["tf00000000000000a"],
    "working_hours": "01:00-10:00",
    "networks": ["n-0123456789ab"],
    "campaigns": ["c-0123"],
}


def written(folder: Path, content: object) -> Path:
    """Write a catalogue as JSON."""
    path = folder / "actors.json"
    path.write_text(json.dumps(content))
    return path


def test_every_indicator_is_read_and_identities_are_hashed_as_the_logs_are(tmp_path):
    """What the catalogue gives in clear meets the log's hashes; nothing in clear is kept of it."""
    (actor,) = read_actors(written(tmp_path, [WHOLE]), pseudonyms=HASHED)
    values = dict(actor.values)
    assert set(WHOLE) - {"name", "note"} == set(INDICATORS)
    enrolled = HASHED.enrolments("payment", pa.array(["wallet-77"]))
    assert values["payments"] == enrolled[0].as_py()
    assert values["phones"] == HASHED.enrolments("phone", pa.array(["15550100"]))[0].as_py()
    assert (
        values["email_domains"]
        == HASHED.enrolments("email_domain", pa.array(["mail.example"]))[0].as_py()
    )
    assert values["organizations"] == HASHED.organizations(pa.array(["Front Ltd"]))[0].as_py()
    kinds = [kind for kind, _ in actor.values]
    assert (kinds.count("addresses"), kinds.count("prefixes"), kinds.count("agents")) == (1, 2, 2)
    assert (values["asns"], values["countries"], values["scripts"]) == (64501, "SG", 3)
    assert values["templates"] == 0xF00000000000000A - 2**64
    assert actor.hours == (1, 10)
    assert actor.records == ("n-0123456789ab", "c-0123")
    assert "wallet" not in repr(actor) and "Front" not in repr(actor)


def test_another_key_hashes_to_other_values(tmp_path):
    """The same file under another key matches nothing of the first key's store."""
    path = written(tmp_path, [WHOLE])
    one = read_actors(path, pseudonyms=HASHED)[0].values
    two = read_actors(path, pseudonyms=Pseudonyms(b"another key, just as long as it."))[0].values
    assert dict(one)["payments"] != dict(two)["payments"]
    assert dict(one)["countries"] == dict(two)["countries"]


def test_toml_and_both_kinds_of_json_say_the_same(tmp_path):
    """The form is the operator's choice."""
    toml = tmp_path / "actors.toml"
    toml.write_text('[[actor]]\nname = "A"\nasns = [64501]\nworking_hours = "22:00-06:00"\n')
    entry = {"name": "A", "asns": [64501], "working_hours": "22:00-06:00"}
    known = read_actors(toml, pseudonyms=HASHED)
    assert known[0].hours == (22, 6)
    for content in ([entry], {"actor": [entry]}):
        assert read_actors(written(tmp_path, content), pseudonyms=HASHED) == known


@pytest.mark.parametrize(
    ("entry", "said"),
    [
        ({"asns": [1]}, "actor 1 has no name"),
        ({"name": " ", "asns": [1]}, "actor 1 has no name"),
        ({"name": "A"}, "nothing is said of what it is known by"),
        ({"name": "A", "asn": [1]}, "no indicator 'asn'.*choose among.*asns"),
        ({"name": "A", "asns": 64501}, "asns must be a list"),
        ({"name": "A", "asns": []}, "asns must be a list"),
        ({"name": "A", "asns": ["AS64501"]}, "cannot use 'AS64501'.*number"),
        ({"name": "A", "asns": [True]}, "cannot use True"),
        ({"name": "A", "payments": [7]}, "cannot use 7.*in quotes"),
        ({"name": "A", "addresses": ["10.0.0.0/8"]}, "every /24"),
        ({"name": "A", "addresses": ["example.com"]}, r"write 198\.51"),
        ({"name": "A", "agents": [{"browser": "x"}]}, "cannot use"),
        ({"name": "A", "scripts": ["klingon"]}, "choose among other, latin"),
        ({"name": "A", "templates": ["tutor"]}, "template_family"),
        ({"name": "A", "working_hours": "9 to 5"}, 'write whole hours of UTC, "01:00-10:00"'),
        ({"name": "A", "working_hours": "00:00-24:00"}, "working_hours"),
        ({"name": "A", "campaigns": ["n-0123"]}, "c-..."),
    ],
)
def test_an_entry_that_could_never_match_is_refused(tmp_path, entry, said):
    """With the file, the actor, the entry, and what to write instead."""
    path = written(tmp_path, [entry])
    with pytest.raises(InputError, match=said) as told:
        read_actors(path, pseudonyms=HASHED)
    assert str(path) in str(told.value)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("name = ", "neither TOML nor JSON"),
        ('{"actor": [', "neither TOML nor JSON"),
        ('{"actors": []}', "no list of actors"),
        ("[7]", "no list of actors"),
        ("", "no list of actors"),
        ('[actor]\nname = "A"\n', "no list of actors"),
    ],
)
def test_a_file_that_is_no_catalogue_says_what_one_is(tmp_path, text, said):
    """The remedy shows the form."""
    path = tmp_path / "actors.toml"
    path.write_text(text)
    with pytest.raises(InputError, match=said):
        read_actors(path, pseudonyms=HASHED)


def test_an_actor_stands_there_once(tmp_path):
    """Two entries of one name would share out the evidence."""
    entry = {"name": "A", "asns": [1]}
    with pytest.raises(InputError, match="'A' stands there twice"):
        read_actors(written(tmp_path, [entry, entry]), pseudonyms=HASHED)


def test_a_file_that_is_not_there_is_named(tmp_path):
    """As every path is."""
    with pytest.raises(InputError, match=r"nowhere\.toml"):
        read_actors(tmp_path / "nowhere.toml", pseudonyms=HASHED)
