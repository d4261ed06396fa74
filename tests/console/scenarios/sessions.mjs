// In and out again, with a wrong password first.

import { check, field, logIn, screenshot, words } from "../browser.mjs";

export default async function sessions({ page, facts, watched }) {
  const t = words("en");
  watched.expect(401, /^\/diglot\/v1\/session$/);
  await page.goto("/console/keys");
  await page.waitForURL("**/console/login");
  await screenshot(page, facts, "login");
  await field(page, t("start:login.login")).fill(facts.login);
  await field(page, t("start:login.password")).fill("not the password");
  await page.getByRole("button", { name: t("start:login.enter") }).click();
  await page.getByText(t("start:login.wrong")).waitFor();
  await logIn(page, facts);
  const kept = await page.evaluate(() => JSON.stringify({ ...localStorage, ...sessionStorage, cookie: document.cookie }));
  check(!kept.includes("console-") && !kept.includes("diglot_session"), `a token is kept where scripts find it: ${kept}`);
  await page.reload();
  await page.getByRole("navigation", { name: t("menu.places") }).waitFor();
  await page.getByRole("button", { name: t("menu.account") }).click();
  await page.getByRole("menuitem", { name: t("menu.leave") }).click();
  await page.getByRole("heading", { level: 1, name: t("start:login.title") }).waitFor();
  await page.goto("/console/datasets");
  await page.waitForURL("**/console/login");
}
