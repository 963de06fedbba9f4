"""Uses the client that openapi-python-client makes from our document, against a live server."""

import json
import sys
from datetime import datetime, timezone
from urllib.parse import parse_qs, urlsplit

from liberty_client import AuthenticatedClient, Client
from liberty_client.api.call_recordings import get_call_recording, play_recording
from liberty_client.api.messages import get_message, list_messages, update_message
from liberty_client.api.to_dos import create_to_do, delete_to_do
from liberty_client.models import (
    DeliveryType,
    Message,
    MessageStatus,
    MessageUpdate,
    NewSchedule,
    NewToDo,
    Refusal,
)

demo = json.load(open(sys.argv[1]))
headers = {"Host": demo["host"]}
client = AuthenticatedClient(demo["url"], token=demo["v2_key"], headers=headers)

listed = list_messages.sync(client=client, limit=2, account_number=demo["account_number"])
assert len(listed.data) == 2 and listed.meta.next_cursor, listed
assert all(type(message) is Message for message in listed.data)
assert all(isinstance(message.status, MessageStatus) for message in listed.data)

message = get_message.sync(demo["message_id"], client=client).data
assert type(message) is Message and message.id == demo["message_id"]
assert message.created_at.tzinfo is not None and message.answers.additional_properties

note = f"Read by a program at {datetime.now(timezone.utc):%H:%M:%S}"
body = MessageUpdate(read=True, note=note)
updated = update_message.sync(demo["message_id"], client=client, body=body).data
assert (type(updated), updated.read, updated.note) == (Message, True, note), updated

refused = update_message.sync(0, client=client, body=body)
assert type(refused) is Refusal and refused.info == "Not found", refused

schedule = NewSchedule(frequency="weekly", times=["9:00 AM"], days=["Tuesday"], interval=2)
new = NewToDo(
    account_number=demo["account_number"],
    delivery_type=DeliveryType.SMS,
    contact="+15615550100",
    message_text="The office opens at 10 today.",
    schedule=schedule,
)
made = create_to_do.sync(client=client, body=new).data
assert made.to_do.delivery_type == DeliveryType.SMS and made.schedule.times == ["9:00 AM"], made
assert made.schedule.rule.interval == 2 and made.schedule.next_occurrence > made.to_do.created_at
assert delete_to_do.sync_detailed(made.to_do.id, client=client).status_code == 204

recording = get_call_recording.sync(demo["recording_id"], client=client).data
link = parse_qs(urlsplit(recording.recording).query)
audio = play_recording.sync(
    recording.id,
    client=Client(demo["url"], headers=headers),
    expires=int(link["expires"][0]),
    signature=link["signature"][0],
).payload.read()
assert audio[:3] == b"ID3" or audio[0] == 0xFF or audio[:4] == b"RIFF", audio[:12]
print(f"openapi-python-client: {len(listed.data)} messages, {len(audio)} bytes of audio")
