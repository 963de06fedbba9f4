// What a switch and a client's program do while a browser looks: calls ring, To Dos come due.
import { demo } from "./harness.mjs";

/** Tells of a call, as a switch does. */
export async function tell(event) {
  const body = JSON.stringify({ occurred_at: new Date().toISOString(), ...event });
  const headers = { Authorization: `Bearer ${demo.switch_key}`, "Content-Type": "application/json" };
  const reply = await fetch(`${demo.url}/hooks/v1/calls/events`, { method: "POST", headers, body });
  if (!reply.ok) throw new Error(`${reply.status} ${await reply.text()}`);
  return (await reply.json()).data;
}

/** The first line of the demo's account, as digits; the page ends at the console. */
export async function lineOf(page) {
  await page.goto(`/console?q=${demo.account_number}`);
  await page.waitForURL(/\/console\/accounts\/\d+/);
  const lines = await page.locator(".facts dt", { hasText: "Lines" }).locator("+ dd").textContent();
  await page.goto("/console");
  return lines.replace(/\D/g, "").slice(0, 10);
}

/** A call with instructions that is due at once: an agent has to work it. */
export async function toDoForAgents(instructions) {
  const body = JSON.stringify({
    account_number: demo.account_number,
    delivery_type: "call",
    contact: "+1 561 555 0142",
    message_text: "This is a follow-up.",
    instructions,
    run_at: new Date(Date.now() + 1_500).toISOString(),
  });
  const headers = { Authorization: `Bearer ${demo.v2_key}`, "Content-Type": "application/json" };
  const reply = await fetch(`${demo.url}/api/v2/to-dos`, { method: "POST", headers, body });
  if (!reply.ok) throw new Error(`${reply.status} ${await reply.text()}`);
}
