// A call's recording plays where it is read about.
import assert from "node:assert/strict";
import { test } from "node:test";
import { demo, signIn, withPage } from "./harness.mjs";

test("a recording has a length, and can be heard from its middle", async () => {
  await withPage(async (page) => {
    await signIn(page, demo.client);
    await page.goto(`/recordings/${demo.recording_id}`);
    const heard = await page.locator("audio").evaluate(async (audio) => {
      const comes = (what) => new Promise((done, lost) => {
        audio.addEventListener(what, done, { once: true });
        audio.addEventListener("error", () => lost(new Error(audio.error?.message)), { once: true });
      });
      if (audio.readyState < 1) await comes("loadedmetadata");
      audio.muted = true;
      const half = audio.duration / 2;
      const sought = comes("seeked");
      audio.currentTime = half;
      await sought;
      await audio.play();
      await comes("timeupdate");
      audio.pause();
      return { duration: audio.duration, at: audio.currentTime, half };
    });
    assert.ok(heard.duration > 1 && Number.isFinite(heard.duration), String(heard.duration));
    assert.ok(heard.at >= heard.half, `${heard.at} of ${heard.duration}`);
  });
});

test("a call leads to what was taken in it, and the message back to the call", async () => {
  await withPage(async (page) => {
    await signIn(page, demo.client);
    await page.goto(`/recordings/${demo.recording_id}`);
    const taken = page.getByRole("region", { name: "Messages of this call" }).getByRole("link");
    const who = await taken.first().innerText();
    await taken.first().click();
    await page.getByRole("heading", { level: 1, name: who }).waitFor();
    await page.getByRole("link", { name: "Listen to the call" }).click();
    await page.locator("audio").waitFor();
    assert.equal(new URL(page.url()).pathname, `/recordings/${demo.recording_id}`);
  });
});
