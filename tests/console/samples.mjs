// node samples.mjs < DOCUMENTS: the samples and the Markdown of every operation of OpenAPI documents, as pages show them.

import { createRequire } from "node:module";
import { text } from "node:stream/consumers";
import { fileURLToPath } from "node:url";

const CONSOLE = new URL("../../console/", import.meta.url);
const require = createRequire(new URL("package.json", CONSOLE));
const { createServer, transformWithEsbuild } = await import(require.resolve("vite").replace(/index\.cjs$/, "dist/node/index.js"));
const vite = await createServer({
  root: fileURLToPath(CONSOLE),
  configFile: false,
  appType: "custom",
  logLevel: "error",
  server: { middlewareMode: true, ws: false },
  optimizeDeps: { noDiscovery: true },
});

const model = (name) => vite.ssrLoadModule(`/src/pages/docs/model/${name}.ts`);
const { operationsOf } = await model("openapi");
const { draftOf, prepared } = await model("prepared");
const { SAMPLES } = await model("samples");
const { asMarkdown } = await model("markdown");

const found = [];
for (const document of JSON.parse(await text(process.stdin))) {
  for (const operation of operationsOf(document)) {
    const { schemas } = document.components;
    for (const media of Object.keys(operation.requestBody?.content ?? { "": null })) {
      const draft = { ...draftOf(operation), media };
      const request = prepared(operation, schemas, { server: "http://127.0.0.1:9380/v1", paths: {}, draft });
      const samples = Object.entries(SAMPLES).map(([name, { write }]) => [name, write(request)]);
      const written = { operation: operation.operationId, ...Object.fromEntries(samples) };
      await transformWithEsbuild(written.fetch, "sample.mjs");
      found.push({ ...written, markdown: asMarkdown(operation, schemas, request, (key) => key) });
    }
  }
}
await vite.close();
process.stdout.write(JSON.stringify(found));
