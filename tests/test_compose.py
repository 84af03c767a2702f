"""compose.isolated.yml keeps the rules of isolation; each rule is shown to fail on a file that breaks it.

What is checked is the description. That an engine also enforces it is another matter, tried on a real engine.
"""

from __future__ import annotations

import copy
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml

from appliance.operations.processes import PROCESS_NAMES

REPOSITORY = Path(__file__).resolve().parent.parent
EDGE = "edge"
ISOLATED = "com.docker.network.bridge.gateway_mode_ipv4"
Compose = dict[str, Any]


def _compose() -> Compose:
    loaded: Compose = yaml.safe_load((REPOSITORY / "compose.isolated.yml").read_text(encoding="utf-8"))
    return loaded


def _inner_networks_are_internal(compose: Compose) -> list[str]:
    outside = set(compose["services"][EDGE]["networks"]) - {
        name for service, spec in compose["services"].items() if service != EDGE for name in spec.get("networks", [])
    }
    return [
        name
        for name, spec in compose["networks"].items()
        if name not in outside
        and not (spec.get("internal") is True and spec.get("driver_opts", {}).get(ISOLATED) == "isolated")
    ]


def _only_the_edge_touches_outside(compose: Compose) -> list[str]:
    open_networks = {name for name, spec in compose["networks"].items() if not spec.get("internal")}
    return [
        service
        for service, spec in compose["services"].items()
        if not spec.get("networks") or (service != EDGE and open_networks & set(spec["networks"]))
    ]


def _only_the_edge_publishes(compose: Compose) -> list[str]:
    return [name for name, spec in compose["services"].items() if spec.get("ports") and name != EDGE]


def _hardened(compose: Compose) -> list[str]:
    return [
        name
        for name, spec in compose["services"].items()
        if spec.get("read_only") is not True
        or spec.get("cap_drop") != ["ALL"]
        or spec.get("cap_add")
        or "no-new-privileges:true" not in spec.get("security_opt", [])
        or str(spec.get("user", "0")).split(":")[0] in {"0", "root"}
        or spec.get("privileged")
    ]


def _no_way_to_the_host(compose: Compose) -> list[str]:
    found = []
    for name, spec in compose["services"].items():
        volumes = [str(volume) for volume in spec.get("volumes", [])]
        bound = [volume for volume in volumes if volume.startswith(("/", "..", "~")) or "docker.sock" in volume]
        shared = {"network_mode", "pid", "ipc", "extra_hosts", "devices"} & set(spec)
        if bound or shared or spec.get("dns") != ["127.0.0.1"]:
            found.append(name)
    return found


def _workers_and_edge_share_no_network(compose: Compose) -> list[str]:
    edge = set(compose["services"][EDGE]["networks"])
    return [
        name
        for name, spec in compose["services"].items()
        if (name.startswith("worker") or name == "db") and edge & set(spec["networks"])
    ]


def _no_secret_in_the_file(compose: Compose) -> list[str]:
    return [
        f"{name}: {key}"
        for name, spec in compose["services"].items()
        for key in spec.get("environment", {})
        if any(word in key for word in ("PASSWORD", "SECRET", "DATABASE_URL")) and not key.endswith("_FILE")
    ]


RULES: dict[str, Callable[[Compose], list[str]]] = {
    "inner networks are internal and isolated": _inner_networks_are_internal,
    "only the edge touches an ordinary network": _only_the_edge_touches_outside,
    "only the edge publishes a port": _only_the_edge_publishes,
    "read-only, no capabilities, no new privileges, no root": _hardened,
    "no way to the host": _no_way_to_the_host,
    "workers and database share no network with the edge": _workers_and_edge_share_no_network,
    "no secret in the file": _no_secret_in_the_file,
}


def _breaks(path: str, value: object) -> Callable[[Compose], None]:
    def change(compose: Compose) -> None:
        *parents, last = path.split("/")
        node = compose
        for parent in parents:
            node = node[parent]
        node[last] = value

    return change


CONTROLS = [
    ("inner networks are internal and isolated", _breaks("networks/work", {})),
    ("inner networks are internal and isolated", _breaks("networks/back", {"internal": True})),
    ("only the edge touches an ordinary network", _breaks("services/web/networks", ["front", "outside"])),
    ("only the edge touches an ordinary network", _breaks("services/worker-read/networks", [])),
    ("only the edge publishes a port", _breaks("services/db/ports", ["5432:5432"])),
    ("read-only, no capabilities, no new privileges, no root", _breaks("services/web/read_only", False)),
    ("read-only, no capabilities, no new privileges, no root", _breaks("services/db/cap_add", ["NET_RAW"])),
    ("read-only, no capabilities, no new privileges, no root", _breaks("services/worker-read/user", "0:0")),
    ("read-only, no capabilities, no new privileges, no root", _breaks("services/beat/privileged", True)),
    ("no way to the host", _breaks("services/web/volumes", ["/var/run/docker.sock:/x"])),
    ("no way to the host", _breaks("services/web/network_mode", "host")),
    ("no way to the host", _breaks("services/worker-extract/extra_hosts", ["host:host-gateway"])),
    ("no way to the host", _breaks("services/db/dns", ["10.0.0.1"])),
    ("workers and database share no network with the edge", _breaks("services/db/networks", ["front"])),
    ("no secret in the file", _breaks("services/db/environment", {"POSTGRES_PASSWORD": "x"})),
]


@pytest.mark.parametrize("rule", RULES)
def test_compose_keeps_the_rule(rule: str) -> None:
    assert RULES[rule](_compose()) == []


@pytest.mark.parametrize(("rule", "breaking"), CONTROLS)
def test_control_a_broken_file_is_seen(rule: str, breaking: Callable[[Compose], None]) -> None:
    compose = copy.deepcopy(_compose())
    breaking(compose)
    assert len(RULES[rule](compose)) == 1


def test_every_rule_has_a_control() -> None:
    assert {rule for rule, _ in CONTROLS} == set(RULES)


def test_compose_runs_the_processes_of_make_run() -> None:
    services = _compose()["services"]
    assert set(services) - set(PROCESS_NAMES) == {"edge", "db", "set-up"}
    assert [services[name]["command"][-2:] for name in PROCESS_NAMES] == [["serve", name] for name in PROCESS_NAMES]
