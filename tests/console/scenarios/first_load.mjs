// What the first visit of a page costs: without a cache, until nothing more is asked for.

export default async function firstLoad({ page, facts, watched }) {
  const began = Date.now();
  await page.goto(facts.path);
  await page.getByRole("heading", { level: 1 }).first().waitFor();
  const ms = Date.now() - began;
  await watched.settled();
  return { bytes: watched.transferred(), ms };
}
