"""Uses the tools at /mcp through the official client of the Model Context Protocol, in both of its
ways: with the handshake of its first versions, and without one."""

import json
import sys
from contextlib import asynccontextmanager

import anyio
import httpx2
from jsonschema import Draft202012Validator
from mcp.client.client import Client
from mcp.client.streamable_http import streamable_http_client
from mcp.shared.exceptions import MCPError

demo = json.load(open(sys.argv[1]))
TOOLS = {
    "get_me",
    "list_messages",
    "get_message",
    "acknowledge_message",
    "list_on_call",
    "list_call_recordings",
    "get_call_recording",
    "list_to_dos",
    "get_to_do",
    "create_to_do",
    "ask_documentation",
}


statuses = []


async def note(response):
    statuses.append(response.status_code)


@asynccontextmanager
async def connected(key, mode="auto"):
    headers = {"Host": demo["host"], "Authorization": f"Bearer {key}"}
    async with httpx2.AsyncClient(headers=headers, event_hooks={"response": [note]}) as http:
        transport = streamable_http_client(f"{demo['url']}/mcp", http_client=http)
        async with Client(transport, mode=mode) as client:
            yield client


async def done(client, tool, **arguments):
    """What a tool answers, which is one body twice: as text, and as it is."""
    result = await client.call_tool(tool, arguments)
    assert not result.is_error, result.content[0].text
    assert json.loads(result.content[0].text) == result.structured_content
    return result.structured_content


async def refused(client, tool, words, **arguments):
    result = await client.call_tool(tool, arguments)
    assert result.is_error and words in result.content[0].text, result


async def walk(mode):
    async with connected(demo["v2_key"], mode) as client:
        tools = (await client.list_tools()).tools
        assert {tool.name for tool in tools} == TOOLS, tools
        for tool in tools:
            Draft202012Validator.check_schema(tool.input_schema)
            assert tool.description and tool.annotations.destructive_hint is False

        me = (await done(client, "get_me"))["data"]
        number = demo["account_number"]
        assert number in {account["account_number"] for account in me["accounts"]}, me

        page = await done(client, "list_messages", account_number=number, limit=2)
        assert len(page["data"]) == 2 and page["meta"]["next_cursor"], page
        after = await done(
            client,
            "list_messages",
            account_number=number,
            limit=2,
            cursor=page["meta"]["next_cursor"],
        )
        assert after["data"][0]["id"] < page["data"][-1]["id"]
        assert len((await done(client, "list_messages"))["data"]) == 20

        message = (await done(client, "get_message", id=demo["message_id"]))["data"]
        assert message["id"] == demo["message_id"] and len(message) >= 57, message
        changed = (await done(client, "acknowledge_message", id=message["id"]))["data"]
        assert changed["status"] == "acknowledged", changed

        for rotation in (await done(client, "list_on_call"))["data"]:
            assert {"now", "next", "gap"} <= rotation.keys()
        recording = (await done(client, "list_call_recordings", limit=1))["data"][0]
        got = (await done(client, "get_call_recording", id=recording["id"]))["data"]
        assert got["cdr"] == recording["cdr"]

        new = {
            "account_number": number,
            "delivery_type": "sms",
            "contact": "+15615550100",
            "message_text": "The office opens at 10 today.",
            "schedule": {"frequency": "weekly", "times": ["9:00 AM"], "days": ["Tuesday"]},
            "idempotency_key": f"mcp-{mode}",
        }
        made = (await done(client, "create_to_do", **new))["data"]["to_do"]
        assert made["message_text"] == new["message_text"]
        again = (await done(client, "create_to_do", **new))["data"]["to_do"]
        assert again["id"] == made["id"]
        listed = await done(client, "list_to_dos", account_number=number)
        assert made["id"] in {row["to_do"]["id"] for row in listed["data"]}
        assert (await done(client, "get_to_do", id=made["id"]))["data"]["to_do"]["id"] == made["id"]

        asked = {"question": "How long are recordings kept?"}
        answer = (await client.call_tool("ask_documentation", asked)).content[0].text
        assert "up to 31 days" in answer[:400] and "](http" in answer, answer

        await refused(client, "ask_documentation", "question must have 1 to 500", question=" ")
        await refused(client, "get_message", "Not found", id=999_999_999)
        await refused(client, "get_message", "id must be a whole number", id="x")
        await refused(client, "list_messages", "limit must be a whole number", limit=0)
        await refused(client, "list_messages", "account is not an argument", account=number)
        await refused(client, "create_to_do", "contact is required", account_number=number)


async def stranger(key, mode):
    """Nobody gets as far as the tools with a key that is none here."""
    is_let_in = False
    try:
        async with connected(key, mode):
            is_let_in = True
    except* MCPError:
        pass
    assert not is_let_in and statuses[-1] == 401, statuses


async def main():
    for mode in ("legacy", "auto"):
        await stranger("lk_wrong", mode)
        await stranger(demo["other_tenant"]["v2_key"], mode)
        await walk(mode)


anyio.run(main)
print("the official MCP client: tools listed, called and refused")
