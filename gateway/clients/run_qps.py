"""Runs a public MCP server for Qualys, unmodified, against the local gateway's QPS API.

    python3 -m venv /tmp/qps && /tmp/qps/bin/pip install qualys-mcp-full==0.1.0 'mcp<2'
    cargo run --package latchkey-gateway -- --keys 745 --control
    /tmp/qps/bin/python gateway/clients/run_qps.py http://127.0.0.1:8787

It is started as its users start it, as a program on standard input and output, and pointed at the gateway by its own
two variables. Its release of today asks for a version of its protocol library below 2, which it does not say itself.
Two of its filters (`title` and `is_enabled`) are guesses of its author; a switch decides whether they are taken.
"""

import asyncio
import json
import os
import sys
import urllib.request

from mcp import ClientSession, StdioServerParameters
from mcp.client.stdio import stdio_client

BASE = sys.argv[1].rstrip("/")
USER, PASSWORD = (sys.argv[2] if len(sys.argv) > 2 else "demo:demo").split(":", 1)
PROGRAM = os.path.join(os.path.dirname(sys.executable), "qualys-mcp")


def switch(**values):
    """A call of the gateway's own control interface, which the client knows nothing of."""
    body = json.dumps({name.replace("_", "-"): value for name, value in values.items()}).encode()
    request = urllib.request.Request(f"{BASE}/_control/switches", data=body, method="PATCH")
    urllib.request.urlopen(request).close()


async def run(session):
    async def call(tool, **arguments):
        result = await session.call_tool(f"qualys_{tool}", arguments)
        assert not result.isError, result.content
        return json.loads(result.content[0].text)

    async def service(tool, **arguments):
        return (await call(tool, **arguments))["ServiceResponse"]

    seen, offset = [], 1
    while True:
        page = await service("list_activation_keys", limit=300, offset=offset)
        assert page["responseCode"] == "SUCCESS", page
        seen += [key["id"] for key in page["data"]["AgentActKey"]]
        if page["hasMoreRecords"] == "false":
            break
        offset += 300
    assert len(seen) == len(set(seen)) == 745, len(seen)
    print(f"{len(seen)} keys in pages of 300")

    refused = await service("list_activation_keys", title="Finance")
    assert refused["responseCode"] == "INVALID_REQUEST", refused
    print("a title filter:", refused["responseErrorDetails"]["errorMessage"])
    switch(qps_search_fields="all")
    by_title = (await service("list_activation_keys", title="finance"))["data"]["AgentActKey"]
    assert by_title and all("finance" in key["title"].lower() for key in by_title)
    disabled = (await service("list_activation_keys", is_enabled=False))["data"]["AgentActKey"]
    assert disabled and all(key["isDisabled"] == "true" for key in disabled)
    print(f"{len(by_title)} keys by title, {len(disabled)} disabled ones, once the switch takes them")

    switch(qps_text="cdata")
    page = await service("list_activation_keys", limit=20)
    assert page["data"]["AgentActKey"][0]["title"]
    switch(qps_text="escaped")

    total = int((await service("count_host_assets", tag_name="Cloud Agent"))["count"])
    host = (await service("list_agents", tag_name="Cloud Agent", limit=1))["data"]["HostAsset"]
    again = (await service("get_agent", asset_id=int(host["id"])))["data"]["HostAsset"]
    assert host == again and total > 0
    print(f"{total} agents, one of them {host['name']} of key {host['agentInfo']['activationKey'].get('title')}")

    tags = (await service("search_tags", name="unit"))["data"]["Tag"]
    networks = (await call("list_networks"))["NETWORK_LIST_OUTPUT"]["RESPONSE"]["NETWORK_LIST"]["NETWORK"]
    print("tags:", [tag["name"] for tag in tags], "networks:", [network["NAME"] for network in networks])

    # It waits as long as the 409 says, and then gets its answer.
    switch(qps_rate_limit=1, qps_rate_window=2)
    for _ in range(2):
        page = await service("list_activation_keys", limit=1)
        assert page["responseCode"] == "SUCCESS", page
    switch(qps_rate_limit="off", qps_error_status="http")
    missing = await call("get_agent", asset_id=1)
    assert missing["status_code"] == 404, missing
    switch(qps_error_status="ok", qps_search_fields="documented")
    print("waited out a 409; saw a 404 once errors have statuses")


async def main():
    variables = {"QUALYS_USERNAME": USER, "QUALYS_PASSWORD": PASSWORD, "QUALYS_API_URL": BASE, "QUALYS_GATEWAY_URL": BASE}
    parameters = StdioServerParameters(command=PROGRAM, args=["--transport", "stdio"], env=variables)
    async with stdio_client(parameters, errlog=open(os.devnull, "w")) as (reader, writer):
        async with ClientSession(reader, writer) as session:
            await session.initialize()
            await run(session)


asyncio.run(main())
