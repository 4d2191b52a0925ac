"""Runs a flow over the stand-in pipeline in a process of its own: Prefect reads its settings once per process.

Usage: flow_runs.py FLOW ARGUMENTS-AS-JSON; prints the result as JSON.
"""

from __future__ import annotations

import json
import os
import socket
import sys
from pathlib import Path

ROOT = Path(__file__).parents[1]
sys.path[:0] = [str(ROOT), str(ROOT / "tests")]
os.environ["PYTHONPATH"] = os.pathsep.join(sys.path[:2])  # for the workers of a cluster


def forbid_network() -> None:
    """Any connection or look-up beyond loopback is an error that shows."""
    real = socket.socket.connect

    def connect(self: socket.socket, address: object) -> None:
        if isinstance(address, tuple) and address[0] not in ("127.0.0.1", "::1", "localhost"):
            print(f"NETWORK {address}", file=sys.stderr, flush=True)
            os._exit(77)
        real(self, address)

    look_up = socket.getaddrinfo

    def getaddrinfo(host: object, *rest: object, **options: object) -> object:
        if host not in ("127.0.0.1", "::1", "localhost", None, b"127.0.0.1", "0.0.0.0"):
            print(f"NETWORK {host!r}", file=sys.stderr, flush=True)
            os._exit(77)
        return look_up(host, *rest, **options)

    socket.socket.connect = connect  # type: ignore[method-assign]
    socket.getaddrinfo = getaddrinfo  # type: ignore[assignment]


def main() -> None:
    from flows.offline import quiet

    quiet()
    forbid_network()
    name, arguments = sys.argv[1], json.loads(sys.argv[2])
    if name == "batch":
        import flows.batch
        from flows.batch import batch as flow

        flows.batch.extract.retry_delay_seconds = [0.01, 0.01]
    elif name == "load":
        from flows.load import load as flow
    else:
        from flows.crawl import crawl as flow
    print(json.dumps(flow(**arguments)))
    if name == "batch":
        from prefect.client.orchestration import get_client
        from prefect.client.schemas.filters import ArtifactFilter  # noqa: F401

        with get_client(sync_client=True) as client:
            found = client.request("POST", "/artifacts/filter", json={}).json()
        print(json.dumps({artifact["key"]: artifact["data"] for artifact in found}))


if __name__ == "__main__":
    main()
