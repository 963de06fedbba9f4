// Opens Chromium for a browser test, hands it the demo's sign-ins, and closes it again.
import { readFileSync } from "node:fs";
import { chromium } from "playwright-core";

/** What `liberty demo` left for scripts: url, host, keys, and who may sign in. */
export const demo = JSON.parse(readFileSync(`${process.env.SERVER_DATA}/demo.json`, "utf8"));

/** Where a screenshot or trace goes when SHOTS names a directory; otherwise none is made. */
export const shots = process.env.SHOTS ?? null;

/**
 * Runs `story` with a fresh page and closes the browser whatever happens.
 * A message on the console of level "error", or an exception on the page, fails the test.
 */
export async function withPage(story, contextOptions = {}) {
  const browser = await launch();
  try {
    const { page, context, complaints } = await open(browser, contextOptions);
    await story(page, context, (options) => open(browser, options));
    if (complaints.length > 0) throw new Error(`the page complained: ${complaints.join(" | ")}`);
  } finally {
    await browser.close();
  }
}

/** A browser that calls nobody but the server under test. */
export function launch() {
  return chromium.launch({
    executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
    // Root has no sandbox; the rest keeps Chromium from calling home.
    args: [
      ...(process.getuid?.() === 0 ? ["--no-sandbox"] : []),
      "--disable-gpu",
      "--disable-quic",
      "--no-first-run",
      "--disable-background-networking",
      "--disable-component-update",
      "--disable-sync",
    ],
  });
}

/** A fresh page in a browser of its own kind: cookies, storage and complaints are nobody else's. */
export async function open(browser, contextOptions = {}) {
  const context = await browser.newContext({ baseURL: demo.url, ...contextOptions });
  const page = await context.newPage();
  const complaints = [];
  page.on("pageerror", (error) => complaints.push(String(error)));
  page.on("console", (line) => {
    // Chromium says of every answer of 400 and above that it failed; that a form was refused is no fault.
    const told = line.text();
    if (line.type() === "error" && !told.startsWith("Failed to load resource")) complaints.push(told);
  });
  page.on("requestfailed", (request) => {
    const why = request.failure()?.errorText;
    if (why !== "net::ERR_ABORTED") complaints.push(`${request.url()} failed: ${why}`);
  });
  page.on("response", (answer) => {
    const isAsset = answer.url().includes("/assets/");
    if (answer.status() >= 500 || (isAsset && answer.status() >= 400)) {
      complaints.push(`${answer.url()} answered ${answer.status()}`);
    }
  });
  return { page, context, complaints };
}

/** Signs somebody of the demo in: `demo.agent`, `demo.client` or `demo.owner`. */
export async function signIn(page, person, next = "/") {
  await page.goto(`/sign-in?next=${encodeURIComponent(next)}`);
  await page.getByLabel("E-mail").fill(person.email);
  await page.getByLabel("Password").fill(person.password);
  await page.getByRole("button", { name: "Sign in" }).click();
  await page.waitForURL((url) => url.pathname !== "/sign-in");
}

/** Asks the API as a program does. */
export function api(path, key = demo.v2_key) {
  return fetch(`${demo.url}${path}`, { headers: { Authorization: `Bearer ${key}` } });
}

const axeSource = readFileSync(new URL("./node_modules/axe-core/axe.min.js", import.meta.url), "utf8");

/** Serious and critical findings of axe on the page as it stands, as readable lines. */
export async function axe(page, options = {}) {
  // Put into the page from outside, which the policy of the page would forbid.
  if (!(await page.evaluate(() => "axe" in window))) await page.evaluate(axeSource);
  const run = (options) => window.axe.run({ resultTypes: ["violations"], ...options });
  const { violations } = await page.evaluate(run, options);
  return violations
    .filter(({ impact }) => impact === "serious" || impact === "critical")
    .flatMap(({ id, help, nodes }) => nodes.map(({ target }) => `${id}: ${help} (${target.join(" ")})`));
}
