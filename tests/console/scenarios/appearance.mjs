// Language and scheme are chosen in the head of every page, and are kept.

import { check, logIn, screenshot, words } from "../browser.mjs";

export default async function appearance({ page, facts }) {
  const [en, zh] = [words("en"), words("zh")];
  await logIn(page, facts);
  await page.getByRole("button", { name: en("menu.language") }).click();
  await page.getByRole("menuitem", { name: "中文" }).click();
  await page.getByRole("link", { name: zh("places.datasets") }).waitFor();
  check((await page.locator("html").getAttribute("lang")) === "zh", "the page does not say that it is Chinese");
  const scheme = () => page.locator("html").getAttribute("data-mantine-color-scheme");
  check((await scheme()) === "light", "the scheme is not the browser's");
  await page.getByRole("button", { name: zh("menu.scheme") }).click();
  check((await scheme()) === "dark", "the scheme was not changed");
  await screenshot(page, facts, "dark-chinese");
  await page.reload();
  await page.getByRole("link", { name: zh("places.datasets") }).waitFor();
  check((await scheme()) === "dark", "the scheme was not kept");
  await page.goto("/console/datasets?lang=en");
  await page.getByRole("link", { name: en("places.datasets") }).waitFor();
  // Others come by the same account, which keeps the language.
  const kept = page.waitForResponse((answer) => answer.request().method() === "PATCH" && answer.ok());
  await page.getByRole("button", { name: en("menu.language") }).click();
  await page.getByRole("menuitem", { name: "English" }).click();
  await kept;
}
