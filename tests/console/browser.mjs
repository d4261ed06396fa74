// A browser that looks at the console, and at everything that must not happen while it does.

import { mkdir, readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import path from "node:path";

// The packages lie beside the console's sources, not beside these scripts.
const CONSOLE = new URL("../../console/", import.meta.url);
const require = createRequire(new URL("package.json", CONSOLE));
const { chromium } = require("playwright-core");

export const WAIT_MS = 30_000;
// Whoever is not logged in is told so when the console asks who it is.
const USUAL = [{ status: 401, path: /^\/diglot\/v1\/session(\/token)?$/ }];
// What the page itself gives up, such as a stream of events when one goes elsewhere.
const GIVEN_UP = "net::ERR_ABORTED";
// An answer that never ends.
const STREAM = "/diglot/v1/events";
const QUIET_MS = 400;
const TOLD_BY_STATUS = "Failed to load resource";

export function launch(executablePath) {
  const isRoot = process.getuid?.() === 0;
  // Shared memory is small in containers; root has no sandbox of Chromium's.
  const args = ["--disable-dev-shm-usage", ...(isRoot ? ["--no-sandbox"] : [])];
  return chromium.launch({ executablePath, args });
}

/** A page whose faults are collected: errors, refusals by the policy, failed requests, requests to elsewhere. */
export async function open(browser, site, options = {}) {
  const context = await browser.newContext({
    baseURL: site,
    locale: "en-GB",
    viewport: { width: 1280, height: 860 },
    ...options,
  });
  context.setDefaultTimeout(WAIT_MS);
  const page = await context.newPage();
  return { context, page, watched: watch(page, site) };
}

function watch(page, site) {
  const faults = [];
  const expected = [...USUAL];
  const underWay = new Set();
  let bytes = 0;
  page.on("pageerror", (error) => faults.push(`error: ${error.stack ?? error.message}`));
  page.on("dialog", async (dialog) => {
    if (dialog.type() !== "beforeunload") faults.push(`a script of somebody spoke: ${dialog.message()}`);
    await dialog.dismiss().catch(() => undefined);
  });
  page.on("console", (line) => {
    if (line.type() === "error" && !line.text().startsWith(TOLD_BY_STATUS)) faults.push(`console: ${line.text()}`);
  });
  page.on("request", (request) => {
    if (new URL(request.url()).pathname !== STREAM) underWay.add(request);
    if (!isOwn(request.url(), site)) faults.push(`a request leaves: ${request.url()}`);
  });
  page.on("requestfailed", (request) => {
    underWay.delete(request);
    const reason = request.failure()?.errorText;
    if (reason !== GIVEN_UP) faults.push(`failed: ${request.method()} ${request.url()}: ${reason}`);
  });
  page.on("response", (answer) => {
    const { pathname } = new URL(answer.url());
    const status = answer.status();
    if (status >= 400 && !expected.some((one) => one.status === status && one.path.test(pathname)))
      faults.push(`status ${status}: ${answer.request().method()} ${pathname}`);
  });
  page.on("requestfinished", async (request) => {
    underWay.delete(request);
    const sizes = await request.sizes().catch(() => null);
    if (sizes) bytes += sizes.responseBodySize + sizes.responseHeadersSize;
  });
  return {
    faults,
    /** From here on this answer is no fault. */
    expect: (status, pathPattern) => expected.push({ status, path: pathPattern }),
    /** Bytes that came over the line so far, heads of answers too. */
    transferred: () => bytes,
    /** Until nothing was asked for a while. */
    settled: async () => {
      const deadline = Date.now() + WAIT_MS;
      for (let since = Date.now(); Date.now() - since < QUIET_MS; ) {
        if (underWay.size > 0) since = Date.now();
        if (Date.now() > deadline) throw new Error(`still asked for: ${[...underWay].map((one) => one.url()).join()}`);
        await page.waitForTimeout(50);
      }
    },
  };
}

function isOwn(url, site) {
  return url.startsWith(`${site}/`) || url.startsWith("data:") || url.startsWith(`blob:${site}/`);
}

/** The console's own words: `words("en")("start:login.enter")`; with what fills a text, or as a pattern where nothing does. */
export function words(language) {
  const files = {};
  return (key, values = {}) => {
    const [name, place] = key.includes(":") ? key.split(":") : ["common", key];
    files[name] ??= require(`./src/locales/${language}/${name}.json`);
    const text = place.split(".").reduce((found, part) => found?.[part], files[name]);
    if (typeof text !== "string") throw new Error(`${language}/${name}.json has no ${place}`);
    return filled(text, values);
  };
}

function filled(text, values) {
  const known = text.replaceAll(/\{\{(\w+)\}\}/g, (all, name) => values[name] ?? all);
  if (!known.includes("{{")) return known;
  return new RegExp(`^${known.split(/\{\{\w+\}\}/).map(literally).join(".+")}$`);
}

function literally(text) {
  return text.replaceAll(/[.*+?^${}()|[\]\\]/g, "\\$&");
}

/** The field with this label, which may have the star of those that are required. */
export function field(place, label) {
  return place.getByLabel(new RegExp(`^${literally(label)}( \\*)?$`));
}

export async function logIn(page, facts, t = words("en")) {
  await page.goto("/console/login");
  await field(page, t("start:login.login")).fill(facts.login);
  await field(page, t("start:login.password")).fill(facts.password);
  await page.getByRole("button", { name: t("start:login.enter") }).click();
  await page.getByRole("navigation", { name: t("menu.places") }).waitFor();
}

/** Kept where the tests say, to be looked at. */
export async function screenshot(page, facts, name) {
  await mkdir(facts.artefacts, { recursive: true });
  await page.screenshot({ path: path.join(facts.artefacts, `${name}.png`), fullPage: true });
}

export function check(claim, message) {
  if (!claim) throw new Error(message);
}

/** Serious faults of accessibility on the page as it stands. */
export async function inaccessible(page) {
  const source = await readFile(require.resolve("axe-core/axe.min.js"), "utf-8");
  // The page's policy allows no script from elsewhere; what the debugger evaluates is not under it.
  await page.evaluate(source);
  const { violations } = await page.evaluate(() => globalThis.axe.run(document, { resultTypes: ["violations"] }));
  return violations
    .filter(({ impact }) => impact === "serious" || impact === "critical")
    .flatMap(({ id, nodes }) => nodes.map((node) => `${id}: ${brief(node)}`));
}

function brief({ html, any }) {
  const data = any[0]?.data;
  const colours = data?.contrastRatio ? ` (${data.fgColor} on ${data.bgColor}: ${data.contrastRatio})` : "";
  const text = html.replaceAll(/ style="[^"]*"/g, "").replaceAll(/mantine-focus-auto |m_\w{8} /g, "");
  return `${text.slice(0, 160)}${colours}`;
}
