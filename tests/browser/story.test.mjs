// The main job from end to end: an agent takes a message, the client reads and acknowledges it.
import assert from "node:assert/strict";
import { test } from "node:test";
import { api, demo, signIn, withPage } from "./harness.mjs";
import { answer } from "./script.mjs";

test("an agent takes a message by keyboard; the client acknowledges it; the API says so", async () => {
  await withPage(async (agent, _, another) => {
    await signIn(agent, demo.agent);
    assert.equal(new URL(agent.url()).pathname, "/console", "agents start at their desk");

    await agent.goto(`/accounts?q=${demo.account_number}`);
    const lines = await agent.locator("td[data-label='Lines']").first().textContent();
    const line = lines.split(",")[0].replace(/\D/g, "");

    // Found by the line that rings, typed as a switch shows it, without a mouse.
    await agent.goto("/console");
    await agent.keyboard.type(`+1${line.slice(0, 3)}-${line.slice(3, 6)}-${line.slice(6)}`);
    await agent.locator("#picks .pick").nth(1).waitFor({ state: "detached" });
    await agent.keyboard.press("ArrowDown");
    await agent.keyboard.press("Enter");
    await agent.waitForURL(/\/console\/accounts\/\d+/);
    const greeting = await agent.locator(".greeting p").textContent();
    assert.doesNotMatch(greeting, /[{[]/, "the greeting names the agent");

    // The cursor stands in the first question.
    const first = await agent.evaluate(() => document.activeElement.name);
    assert.equal(first, await agent.locator("[name^='answers[']").first().getAttribute("name"));

    // One answer is missing: it is said beside its field, and nothing is lost.
    const said = `The boiler is cold ${Date.now()}`;
    const form = agent.locator("form.script");
    await answer(form, { first_name: "Maria", last_name: "Lopez", content: said });
    const phone = form.locator("[name='answers[phone]']");
    await phone.fill("");
    await agent.keyboard.press("Control+Enter");
    const wrong = agent.locator(".field.wrong");
    await wrong.waitFor();
    assert.match(await wrong.locator(".error").textContent(), /must be filled in\./);
    assert.equal(await form.locator("[name='answers[content]']").inputValue(), said);
    assert.equal(await agent.evaluate(() => document.activeElement.name), "answers[phone]");

    await agent.keyboard.type("(561) 555-0177");
    await agent.keyboard.press("Control+Enter");
    await agent.waitForURL(/\/console\?saved=/);
    const flash = agent.locator("#flash");
    assert.match(await flash.textContent(), /Saved\. Kept in the outbox for [A-Z].*: no carrier for [a-z-]+ .*is set up\./);
    const href = await flash.getByRole("link", { name: "Open it" }).getAttribute("href");
    const id = href.split("/").pop();
    assert.equal(await agent.evaluate(() => Object.keys(localStorage).join()), "", "no draft is left");

    const { page: client, complaints } = await another();
    await signIn(client, demo.client);
    const row = client.locator("a.row", { hasText: said });
    assert.match(await row.getAttribute("class"), /unread/);
    await row.click();
    await client.getByRole("heading", { level: 1, name: /Maria Lopez/ }).waitFor();
    assert.equal(await client.locator(".said").textContent(), said);
    await client.getByRole("button", { name: "Acknowledge" }).click();
    await client.locator(".detail .state", { hasText: "Acknowledged" }).first().waitFor();
    assert.deepEqual(complaints, []);

    const answered = await (await api(`/api/v2/messages/${id}`)).json();
    assert.equal(answered.data.status, "acknowledged");
    assert.equal(answered.data.read, true);
    assert.equal(answered.data.content, said);
    assert.equal(answered.data.answers.first_name, "Maria");
  });
});
