// A list of documents that all change, many times a second: the page goes on answering whoever uses it.

import { logIn, words } from "../browser.mjs";

const WATCHED_MS = 6_000;

export default async function changing({ page, facts }) {
  const t = words("en");
  let lists = 0;
  page.on("request", (request) => {
    if (/\/documents\?/.test(request.url())) lists += 1;
  });
  await logIn(page, facts);
  await page.goto(`/console/datasets/${facts.dataset}`);
  const table = page.getByRole("table", { name: t("documents:list.title") });
  await table.locator("tbody tr").first().waitFor();
  await table.getByText(t("documents:stages.parsing")).first().waitFor();
  await page.evaluate(watchStalls);
  const before = lists;
  await page.waitForTimeout(WATCHED_MS);
  const asked = lists - before;
  const began = Date.now();
  await page.getByRole("button", { name: t("documents:paging.next") }).click();
  await table.locator("tbody tr").first().waitFor();
  await page.waitForURL("**page=2**");
  const turned = Date.now() - began;
  const { slowest, blocked } = await page.evaluate(() => globalThis.stalls_);
  return { asked, turned, slowest, blocked, seconds: WATCHED_MS / 1000 };
}

/** Counts how long the page cannot answer. */
function watchStalls() {
  const seen = (globalThis.stalls_ = { slowest: 0, blocked: 0 });
  new PerformanceObserver((list) => {
    for (const { duration } of list.getEntries()) {
      seen.slowest = Math.max(seen.slowest, duration);
      seen.blocked += duration;
    }
  }).observe({ type: "longtask" });
}
