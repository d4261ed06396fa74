// No page of ours shows itself in a frame, neither of a foreign page nor of our own.

import { check, logIn, open } from "../browser.mjs";

const FOREIGN = ["http://127.0.0.1:59995", "http://localhost:59995"];
const WAIT_MS = 500;
const WAYS = ["iframe", "object", "embed"];

export default async function framing({ page, context, browser, facts }) {
  await logIn(page, facts);
  for (const origin of FOREIGN) {
    await context.route(`${origin}/**`, (route) =>
      route.fulfill({ contentType: "text/html", body: "<!doctype html><title>Around</title><p id=root></p>" }),
    );
    const around = await context.newPage();
    const control = await framed(around, `${origin}/`, `${origin}/inside`);
    check(control.includes(true), "a page that allows it shows itself in no frame: this proves nothing");
    await tried(around, `${origin}/`, facts);
  }
  const { context: own, page: inner } = await open(browser, facts.site);
  await tried(inner, `${facts.site}/docs/guides`, facts);
  await own.close();
}

async function tried(page, around, facts) {
  for (const path of facts.paths) {
    const shown = await framed(page, around, facts.site + path);
    check(!shown.includes(true), `${path} shows itself in a frame of ${around}`);
  }
}

/** Of each frame around the page whether it is there. */
async function framed(page, around, address) {
  await page.goto(around);
  await page.evaluate(frame, { ways: WAYS, address });
  await page.waitForTimeout(WAIT_MS);
  const inside = page.frames().filter((one) => one !== page.mainFrame());
  return Promise.all(inside.map((one) => one.evaluate(() => document.querySelector("#root") !== null).catch(() => false)));
}

function frame({ ways, address }) {
  for (const way of ways) {
    const element = document.createElement(way);
    element.setAttribute(way === "object" ? "data" : "src", address);
    document.body.append(element);
  }
}
