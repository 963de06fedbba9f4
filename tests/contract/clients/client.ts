// Uses the types that openapi-typescript makes from our document, against a live server.
import createClient from "openapi-fetch";
import type { components, paths } from "./schema.js";

type Message = components["schemas"]["Message"];
type Demo = Record<"url" | "host" | "v2_key" | "account_number", string> &
  Record<"message_id" | "recording_id", number>;

declare const process: { env: Record<string, string> };
const demo: Demo = JSON.parse(process.env["DEMO"]!);
const client = createClient<paths>({
  baseUrl: demo.url,
  headers: { Host: demo.host, Authorization: `Bearer ${demo.v2_key}` },
});

function holds(claim: boolean, what: string): asserts claim {
  if (!claim) throw new Error(`does not hold: ${what}`);
}

function given<T>(answer: { data?: T; error?: unknown; response: Response }): T {
  holds(answer.data !== undefined, `${answer.response.status} ${JSON.stringify(answer.error)}`);
  return answer.data;
}

// One type for a message, wherever it comes from: else this does not compile.
const idsOf = (messages: Message[]): number[] => messages.map((message) => message.id);

const { account_number, message_id, recording_id } = demo;
const listed = given(
  await client.GET("/api/v2/messages", { params: { query: { limit: 2, account_number } } }),
);
holds(idsOf(listed.data).length === 2, "a page of two messages");
holds(typeof listed.meta?.next_cursor === "string", "the page has a next one");

const at = { params: { path: { id: message_id } } };
const message: Message = given(await client.GET("/api/v2/messages/{id}", at)).data;
holds(idsOf([message])[0] === message_id, "the message that was asked for");

const note = `Read by a program at ${new Date().toISOString()}`;
const body: components["schemas"]["MessageUpdate"] = { read: true, note };
const updated: Message = given(await client.PATCH("/api/v2/messages/{id}", { ...at, body })).data;
holds(updated.read && updated.note === note, "the update is answered");

const refused = await client.PUT("/api/v2/messages/{id}", { params: { path: { id: 0 } }, body });
holds(refused.error !== undefined && "info" in refused.error, "it is refused in the envelope");
holds(refused.error.info === "Not found", "a refusal has its type");

const made = given(
  await client.POST("/api/v2/to-dos", {
    body: {
      account_number,
      delivery_type: "sms",
      contact: "+15615550100",
      message_text: "The office opens at 10 today.",
      schedule: { frequency: "weekly", times: ["9:00 AM"], days: ["Tuesday"], interval: 2 },
    },
  }),
).data;
holds(made.to_do.delivery_type === "sms" && made.schedule?.rule.interval === 2, "it is made");
const gone = await client.DELETE("/api/v2/to-dos/{id}", { params: { path: { id: made.to_do.id } } });
holds(gone.response.status === 204, "it is deleted");

const path = { id: recording_id };
const recording = given(await client.GET("/api/v2/call-recordings/{id}", { params: { path } })).data;
const link = new URL(recording.recording).searchParams;
const query = { expires: Number(link.get("expires")), signature: String(link.get("signature")) };
const audio = await client.GET("/recordings/{id}/audio", {
  params: { path, query },
  parseAs: "arrayBuffer",
});
const bytes = new Uint8Array(given(audio) as unknown as ArrayBuffer);
holds(bytes[0] === 0xff || "IR".includes(String.fromCharCode(bytes[0]!)), "it is audio");
console.log(`openapi-typescript: ${listed.data.length} messages, ${bytes.length} bytes of audio`);
