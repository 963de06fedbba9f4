// Without JavaScript everything that matters still works.
import assert from "node:assert/strict";
import { test } from "node:test";
import { demo, launch, open, signIn } from "./harness.mjs";

test("sign in, take a message, acknowledge it, all without JavaScript", async () => {
  const browser = await launch();
  try {
    const options = { javaScriptEnabled: false };
    const agent = await open(browser, options);
    await signIn(agent.page, demo.agent);
    await agent.page.goto("/console");
    await agent.page.getByRole("searchbox").fill(demo.account_number);
    await agent.page.getByRole("button", { name: "Find", exact: true }).click();
    await agent.page.waitForURL(/\/console\/accounts\/\d+/);
    const said = `Without script ${Date.now()}`;
    const form = agent.page.locator("form.script");
    for (const control of await form.locator("[required][name^='answers[']").all()) {
      const tag = await control.evaluate((node) => node.tagName);
      const type = await control.getAttribute("type");
      if (tag === "SELECT") await control.selectOption({ index: 1 });
      else if (type === "radio") await control.check();
      else await control.fill("(561) 555-0177");
    }
    await form.locator("[name='answers[content]']").fill(said);
    await agent.page.getByRole("button", { name: /Save message/ }).click();
    await agent.page.waitForURL(/saved=/);
    assert.match(await agent.page.locator("#flash").textContent(), /Saved\. /);

    const client = await open(browser, options);
    await signIn(client.page, demo.client);
    await client.page.goto("/messages");
    await client.page.locator("a.row", { hasText: said }).click();
    assert.equal(await client.page.locator(".said").textContent(), said);
    await client.page.getByRole("button", { name: "Acknowledge" }).click();
    await client.page.locator(".detail .state", { hasText: "Acknowledged" }).first().waitFor();
    assert.deepEqual([...agent.complaints, ...client.complaints], []);
  } finally {
    await browser.close();
  }
});
