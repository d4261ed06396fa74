// Who guesses passwords is told by the page how long to wait, and can send nothing meanwhile.

import { check, field, screenshot, words } from "../browser.mjs";

const FREE = 5;

export default async function guessing({ page, watched, facts }) {
  const t = words("en");
  watched.expect(401, /^\/diglot\/v1\/session$/);
  watched.expect(429, /^\/diglot\/v1\/session$/);
  await page.goto("/console/login");
  await field(page, t("start:login.login")).fill(facts.guessed);
  const password = field(page, t("start:login.password"));
  const enter = page.getByRole("button", { name: t("start:login.enter"), exact: true });
  for (let guess = 1; guess <= FREE; guess++) {
    await password.fill(`guess number ${guess}`);
    await enter.click();
    // A wrong password does not stay in its field.
    await page.waitForFunction((input) => input.value === "", await password.elementHandle());
    await page.getByText(t("start:login.wrong")).waitFor();
  }
  await password.fill("one guess more");
  await password.press("Enter");
  await page.getByText(t("start:login.tooOften")).waitFor();
  const waiting = page.locator('button[type="submit"]');
  const wait = Number(/\d+/.exec(await waiting.textContent())?.[0]);
  check(wait >= 1 && wait <= 60, `the page tells of ${wait} seconds`);
  check(await waiting.isDisabled(), "who is to wait may go on");
  let asked = 0;
  page.on("request", (request) => (asked += request.method() === "POST"));
  await password.fill("and another");
  await password.press("Enter");
  await page.waitForTimeout(500);
  check(asked === 0, "the page asks while it is to wait");
  await screenshot(page, facts, "waiting");
  return { wait };
}
